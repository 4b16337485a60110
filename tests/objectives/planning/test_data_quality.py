"""The data quality page: what it finds in figures made by hand, and who reads what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.quality import Check, Severity
from objectives.indicators.services import Figure, measurement_validate
from objectives.planning.models import (
    ObjectiveIndicator,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.quality_rules import RULES, rule_text
from objectives.planning.selectors.quality import DataQuality, data_quality
from objectives.planning.services import figure_record
from personnel.access import access_of
from tests.factories import Ministry, text
from tests.markup import assert_sound_markup

YEAR_END = date(2026, 12, 31)
REGIONS = [
    {
        "code": "region",
        "title": {"nl": "Gewest", "fr": "Région"},
        "adds_up": True,
        "members": [
            {"code": "bru", "title": {"nl": "Brussel", "fr": "Bruxelles"}},
            {"code": "vla", "title": {"nl": "Vlaanderen", "fr": "Flandre"}},
        ],
    }
]
COUNT: dict[str, Any] = {
    "unit_of_measure": LocalisedText({"nl": "zones", "fr": "zones"}),
    "decimals": 0,
    "baseline": Decimal(0),
    "target": Decimal(400),
}


def moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC)


@dataclass
class Bench:
    """A ministry whose figures are written by hand: straight into the table, on a chosen day."""

    ministry: Ministry

    def indicator(
        self, *, by: str = "planner_adcv", approve: bool = True, **sheet: Any
    ) -> Indicator:
        """Return an indicator of an objective approved on 5 January 2026."""
        objective = self.ministry.objective(by=by)
        indicator = self.ministry.indicator(objective, by=by, **sheet)
        if approve:
            self.ministry.approve(objective, head=by.replace("planner", "head"))
        since = moment("2026-01-05")
        rows = OperationalObjective.objects.filter(pk=objective.pk, approved_at__isnull=False)
        rows.update(approved_at=since)
        ObjectiveIndicator.objects.filter(indicator=indicator).update(known_from=since)
        indicator.obligations.update(known_from=since)
        indicator.refresh_from_db()
        return indicator

    def figure(
        self, indicator: Indicator, period: str, value: str | None, on: str = "", **columns: Any
    ) -> Measurement:
        """Insert a figure by the ORM, past the checks at entry; in time unless `on` says else."""
        slot = parse_period(period)
        recorded_at = moment(on) if on else moment(slot.end.isoformat()) + timedelta(days=5)
        values = {
            "recorded_by": self.ministry.users["planner_adcv"],
            "recorded_at": recorded_at,
            **columns,
        }
        return Measurement.objects.create(
            indicator=indicator,
            period_start=slot.start,
            resolution=slot.resolution,
            period_end=slot.end,
            value=None if value is None else Decimal(value),
            **values,
        )

    def read(
        self, by: str = "auditor", *, reference: date = YEAR_END, known: datetime | None = None
    ) -> DataQuality:
        """Return what the page shows to a user."""
        clocks = Clocks(reference, known or datetime(2027, 6, 1, tzinfo=UTC))
        plan = OperationalPlan.objects.get(year=2026)
        user = self.ministry.users[by]
        return data_quality(plan=plan, clocks=clocks, access=access_of(user))

    def client(self, by: str) -> Client:
        """Return a signed-in client."""
        client = Client()
        client.force_login(self.ministry.users[by])
        return client

    def page(self, by: str = "corporate", **query: str) -> Any:
        """Return the page, read at the end of 2026."""
        asked = {"reference": "2026-12-31", "known": "2026-12-31", **query}
        return self.client(by).get(reverse("planning:data_quality"), asked)


@pytest.fixture
def bench(ministry: Ministry) -> Bench:
    return Bench(ministry)


def found(result: DataQuality) -> list[tuple[str, str]]:
    """Return (period, check) of every finding, in the order of the page."""
    return [(str(row.period.period), row.finding.check.value) for row in result.findings]


def monthly_then(bench: Bench, last: str, **columns: Any) -> Indicator:
    """Return a monthly number of about 20 from January to June, with another one in July."""
    indicator = bench.indicator(**COUNT, frequency="M", accumulation="flow")
    for month, value in enumerate(["20", "21", "19", "22", "20", "18"], start=1):
        bench.figure(indicator, f"2026-M{month:02d}", value)
    bench.figure(indicator, "2026-M07", last, **columns)
    return indicator


JULY = date(2026, 7, 31)


def test_an_outlier_is_listed_with_its_usual_range_and_unit(bench: Bench) -> None:
    monthly_then(bench, "95")
    result = bench.read(reference=JULY)
    assert found(result) == [("2026-M07", "outlier")]
    assert not result.findings[0].is_confirmed
    # Median 20, deviations 0 0 1 1 2 2: MAD 1; 3.5 / 0.6745 = 5.19 either side, rounded inward.
    page = bench.page(reference="2026-07-31").content.decode()
    for figure in ("95\N{NO-BREAK SPACE}zones", " 15 tot 25\N{NO-BREAK SPACE}zones"):
        assert figure in page


def test_a_usual_figure_raises_no_remark(bench: Bench) -> None:
    monthly_then(bench, "23")
    result = bench.read(reference=JULY)
    assert found(result) == []
    assert (result.total.due, result.total.submitted, result.total.clean) == (7, 7, 7)
    assert result.total.clean_share == 1


def test_a_fall_that_the_planner_confirmed_names_who_and_why(bench: Bench) -> None:
    indicator = bench.indicator(**COUNT, accumulation="to_date")
    planner = bench.ministry.users["planner_adcv"]
    for period, value, confirmed in (("2026-T1", 40, []), ("2026-T2", 35, ["fall_of_to_date"])):
        figure_record(
            actor=planner,
            indicator=indicator,
            period=parse_period(period),
            figure=Figure(value=Decimal(value), narrative=text("Dubbel geteld in T1")),
            confirmed=confirmed,
        )
    result = bench.read(known=Clocks.now().known_at)
    falls = [row for row in result.findings if row.finding.check == Check.FALL_OF_TO_DATE]
    assert [row.is_confirmed for row in falls] == [True]
    page = bench.page(known="", check="fall_of_to_date", severity="warning").content.decode()
    assert "planner_adcv" in page
    assert "Dubbel geteld in T1" in page
    with translation.override("nl"):
        assert translation.gettext("Not confirmed.") not in page


def test_lateness_is_that_of_the_first_figure_not_of_its_correction(bench: Bench) -> None:
    late, corrected = bench.indicator(), bench.indicator()
    bench.figure(late, "2026-T1", "90", on="2026-04-25")  # due on 15 April
    bench.figure(corrected, "2026-T1", "90", on="2026-04-10")
    bench.figure(corrected, "2026-T1", "91", on="2026-06-01", reason="Telfout")
    result = bench.read(reference=date(2026, 6, 30))
    assert [(row.indicator.code, row.finding.check) for row in result.findings] == [
        (late.code, Check.LATE)
    ]
    total = result.total
    assert (total.on_time, total.late, total.median_days_late) == (1, 1, Fraction(10))
    assert total.classes == {"clean": 1, "notice": 1, "warning": 0, "error": 0, "absent": 0}


def test_a_missing_figure_counts_only_once_it_was_due(bench: Bench) -> None:
    indicator = bench.indicator()
    bench.figure(indicator, "2026-T1", "90")
    assert found(bench.read(reference=date(2026, 7, 14))) == []
    result = bench.read(reference=date(2026, 7, 15))
    assert found(result) == [("2026-T2", "missing")]
    assert (result.total.due, result.total.submitted, result.total.missing) == (2, 1, 1)
    assert result.total.clean_share == Fraction(1, 2)


def test_a_breakdown_that_does_not_add_up_is_seen_until_its_correction(bench: Bench) -> None:
    indicator = bench.indicator(**COUNT, disaggregations=REGIONS)
    wrong, right = "2026-04-10", "2026-05-04"
    bench.figure(indicator, "2026-T1", "30", on=wrong)
    bench.figure(indicator, "2026-T1", "12", on=wrong, breakdown_key="region=bru")
    bench.figure(indicator, "2026-T1", "17", on=wrong, breakdown_key="region=vla")
    bench.figure(indicator, "2026-T1", "30", on=right, reason="Deel vergeten")
    bench.figure(indicator, "2026-T1", "12", on=right, breakdown_key="region=bru")
    bench.figure(indicator, "2026-T1", "18", on=right, breakdown_key="region=vla")
    spring = date(2026, 6, 30)
    before = bench.read(reference=spring, known=moment("2026-04-30"))
    assert found(before) == [("2026-T1", "breakdown_mismatch")]
    assert before.errors == 1
    assert before.total.classes["error"] == 1
    after = bench.read(reference=spring, known=moment("2026-05-05"))
    assert found(after) == []
    query = {"reference": "2026-06-30"}
    assert "Gewest" in bench.page(known="2026-04-30", **query).content.decode()
    assert bench.page(known="2026-05-05", **query).context["rows"] == []


def test_errors_lead_and_the_unconfirmed_come_before_the_confirmed(bench: Bench) -> None:
    bounded = bench.indicator(**COUNT, possible_high=Decimal(100), accumulation="to_date")
    for period, value, confirmed in (
        ("2026-T1", "90", []),
        ("2026-T2", "80", ["fall_of_to_date"]),
        ("2026-T3", "70", []),
        ("2026-T4", "101", []),
    ):
        bench.figure(bounded, period, value, confirmed_checks=confirmed)
    other = bench.indicator()
    bench.figure(other, "2026-T1", "90", on="2026-04-25")
    assert found(bench.read(reference=date(2026, 12, 31)))[:4] == [
        ("2026-T4", "out_of_range"),
        ("2026-T3", "fall_of_to_date"),
        ("2026-T2", "fall_of_to_date"),
        ("2026-T1", "late"),
    ]


def test_milestones_are_only_late_missing_or_past_their_own_forecast(bench: Bench) -> None:
    milestone = bench.indicator(
        target_kind="milestone", unit_of_measure=LocalisedText(), baseline=None, target=None
    )
    bench.figure(milestone, "2026-T1", None, forecast_on=date(2026, 3, 20))
    bench.figure(milestone, "2026-T2", None, on="2026-07-20", done_on=date(2026, 6, 20))
    result = bench.read()
    assert found(result) == [("2026-T1", "forecast_passed"), ("2026-T2", "late")]
    # Done: nothing more is due after the second quarter.
    assert (result.total.due, result.total.submitted) == (2, 2)


def test_only_the_plan_years_periods_are_listed_though_older_ones_are_compared(
    bench: Bench,
) -> None:
    indicator = bench.indicator(**COUNT, accumulation="to_date")
    for period, value in (("2025-T3", "60"), ("2025-T4", "50"), ("2026-T1", "45")):
        bench.figure(indicator, period, value)
    assert found(bench.read(reference=date(2026, 4, 20))) == [("2026-T1", "fall_of_to_date")]


def test_a_figure_that_nobody_asked_for_is_judged_but_never_late(bench: Bench) -> None:
    indicator = bench.indicator(**COUNT, possible_high=Decimal(10))
    indicator.obligations.update(known_until=moment("2026-01-06"))
    bench.figure(indicator, "2026-T1", "11", on="2026-09-01")
    assert found(bench.read()) == [("2026-T1", "out_of_range")]


def test_a_definition_that_contradicts_itself_is_listed_and_its_figures_are_not_clean(
    bench: Bench,
) -> None:
    indicator = bench.indicator(**COUNT)
    bench.figure(indicator, "2026-T1", "30", on="2026-04-25")
    Indicator.objects.filter(pk=indicator.pk).update(
        possible_low=Decimal(9), possible_high=Decimal(1)
    )
    result = bench.read(reference=date(2026, 6, 30))
    assert [one.indicator for one in result.contradictory] == [indicator]
    assert found(result) == [("2026-T1", "late")]
    assert (result.total.clean, result.total.classes["error"]) == (0, 1)
    page = bench.page(reference="2026-06-30").content.decode()
    assert page.index('id="contradictory-h"') < page.index(indicator.code)
    assert page.index(indicator.code) < page.index('id="units-h"')


def test_validated_figures_are_counted(bench: Bench) -> None:
    indicator = bench.indicator()
    row = bench.figure(indicator, "2026-T1", "90")
    bench.figure(indicator, "2026-T2", "90")
    head = bench.ministry.users["head_adcv"]
    measurement_validate(actor=head, measurement=row)
    result = bench.read(reference=date(2026, 6, 30), known=Clocks.now().known_at)
    assert (result.total.submitted, result.total.validated) == (2, 1)


def test_drafts_are_left_out_and_an_approval_counts_from_its_moment(bench: Bench) -> None:
    bench.indicator(approve=False)
    bench.indicator()
    assert bench.read().indicators == 1
    assert bench.read(known=moment("2026-01-04")).indicators == 0


def test_a_planner_sees_the_own_unit_only(bench: Bench) -> None:
    own, other = bench.indicator(), bench.indicator(by="planner_dvz")
    result = bench.read("planner_adcv")
    assert [tally.unit for tally in result.units] == [bench.ministry.adcv]
    assert {row.indicator for row in result.findings} == {own}
    assert {row.indicator for row in bench.read("head_dvz").findings} == {other}
    assert {row.indicator for row in bench.read("corporate").findings} == {own, other}
    assert bench.page("planner_adcv", unit="DVZ").status_code == 404
    assert bench.page("corporate", unit="DVZ").status_code == 200


def test_confidential_indicators_follow_the_rule_of_the_indicators(bench: Bench) -> None:
    secret = bench.indicator(is_confidential=True)
    assert secret.is_confidential
    seen = {
        name: bench.read(name).indicators
        for name in ("planner_adcv", "auditor", "corporate", "committee", "planner_dvz")
    }
    assert seen == {
        "planner_adcv": 1,
        "auditor": 1,
        "corporate": 0,
        "committee": 0,
        "planner_dvz": 0,
    }


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("corporate", 200),
        ("committee", 200),
        ("auditor", 200),
        ("planner_adcv", 200),
        ("head_dvz", 200),
        ("cabinet_vbz", 403),
        ("outsider", 403),
    ],
)
def test_who_may_read_the_page_finds_it_in_the_navigation(
    bench: Bench, name: str, status: int
) -> None:
    address = reverse("planning:data_quality")
    assert bench.page(name).status_code == status
    home = bench.client(name).get(reverse("reporting:dashboard")).content.decode()
    assert (address in home) is (status == 200)


def test_filters_keep_the_clocks_and_their_counts_come_true(bench: Bench) -> None:
    monthly_then(bench, "95", on="2026-09-01")
    page = bench.page(reference="2026-07-31", severity="warning")
    assert [row.finding.check for row in page.context["rows"]] == [Check.OUTLIER]
    # Late and unusual at once: two findings of one figure.
    assert len(page.context["found"].findings) == 2
    client = bench.client("corporate")
    for facet in page.context["facets"]:
        for choice in (facet.all, *facet.choices):
            assert "reference=2026-07-31" in choice.url
            target = reverse("planning:data_quality") + choice.url.replace("&amp;", "&")
            assert len(client.get(target).context["rows"]) == choice.count
    html = page.content.decode()
    indicator = reverse("planning:indicator", args=[Indicator.objects.get().uuid])
    assert f'href="{indicator}?year=2026&amp;reference=2026-07-31&amp;known=' in html


@pytest.mark.parametrize(
    "query",
    [
        {"check": "gut feeling"},
        {"severity": "fatal"},
        {"unit": "NIEMAND"},
        {"year": "1999"},
        {"year": "soon"},
    ],
)
def test_a_filter_that_does_not_exist_is_not_ignored(bench: Bench, query: dict[str, str]) -> None:
    bench.indicator()
    assert bench.page(**query).status_code == 404


def test_a_moment_nobody_can_read_is_named_on_the_page(bench: Bench) -> None:
    bench.indicator()
    assert "“yesterday”" in bench.page(known="yesterday").content.decode()


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_page_is_sound_in_every_language(bench: Bench, language: str) -> None:
    monthly_then(bench, "95", on="2026-09-01")
    bench.indicator(by="planner_dvz")
    client = bench.client("corporate")
    client.cookies["django_language"] = language
    html = client.get(
        reverse("planning:data_quality"), {"reference": "2026-12-31"}
    ).content.decode()
    assert_sound_markup(html)
    assert f'<html lang="{language}"' in html


def test_the_rules_are_told_with_their_constants(bench: Bench) -> None:
    assert set(RULES) == set(Check)
    with translation.override("en"):
        rule = rule_text(Check.OUTLIER)
        assert all(number in rule for number in ("0.6745", "3.5", "1.253314", "at least 5"))
        assert "from 2 earlier figures on" in rule
        assert "less than a third of the smallest or more than 3 times the largest" in rule
        assert "4 periods" in rule_text(Check.UNCHANGED)
    html = bench.page().content.decode()
    with translation.override("nl"):
        for check in Check:
            assert str(translation.gettext(str(RULES[check])))[:20] in html.replace("&#x27;", "'")


def test_no_plan_is_said(db: None, ministry: Ministry) -> None:
    OperationalPlan.objects.all().delete()
    client = Client()
    client.force_login(ministry.users["corporate"])
    assert client.get(reverse("planning:data_quality")).status_code == 200


def count_queries(read: Callable[[], object]) -> int:
    read()
    with CaptureQueriesContext(connection) as queries:
        read()
    return len(queries)


def test_the_number_of_queries_does_not_grow(bench: Bench) -> None:
    def add(by: str) -> None:
        indicator = bench.indicator(by=by, **COUNT, disaggregations=REGIONS)
        for period in ("2026-T1", "2026-T2"):
            bench.figure(indicator, period, "30")
            bench.figure(indicator, period, "12", breakdown_key="region=bru")

    for _n in range(2):
        add("planner_adcv")
    few = count_queries(lambda: bench.page())
    assert bench.read().indicators == 2
    for by in ("planner_adcv", "planner_dvz") * 2:
        add(by)
    assert bench.read().indicators == 6
    assert count_queries(lambda: bench.page()) == few


def test_severities_are_all_counted(bench: Bench) -> None:
    bench.indicator()
    findings = bench.read(reference=date(2026, 4, 15)).total.findings
    assert findings == {Severity.ERROR: 0, Severity.WARNING: 0, Severity.NOTICE: 1}


def test_findings_come_in_pages_and_the_counts_speak_of_all(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(2):
        monthly_then(bench, "95")  # an outlier each
        bench.figure(bench.indicator(), "2026-T1", "90", on="2026-04-25")  # late, then missing
    everything = bench.page(reference="2026-07-31")
    monkeypatch.setattr("objectives.planning.views.quality.FINDINGS_PER_PAGE", 2)
    first = bench.page(reference="2026-07-31")
    assert [row.finding.check for row in first.context["rows"]] == [Check.OUTLIER] * 2
    html = first.content.decode()
    assert "page=2#findings" in html
    assert "reference=2026-07-31" in html
    second = bench.page(reference="2026-07-31", page="2", severity="notice")
    rows = everything.context["rows"]
    notices = [row for row in rows if row.finding.severity == Severity.NOTICE]
    assert len(notices) > 2
    assert [row.finding for row in second.context["rows"]] == [row.finding for row in notices[2:4]]
    assert second.context["found"].total.findings == everything.context["found"].total.findings
    assert "severity=notice" in second.content.decode()
    # A page that is not there is the last one, not an error.
    assert bench.page(reference="2026-07-31", page="99").status_code == 200


def test_what_needs_a_person_comes_first(bench: Bench) -> None:
    bench.figure(bench.indicator(), "2026-T1", "90", on="2026-04-25")  # a notice
    monthly_then(bench, "95", confirmed_checks=["outlier"])
    monthly_then(bench, "95")
    whole = bench.indicator(**COUNT, possible_high=Decimal(100))
    bench.figure(whole, "2026-T1", "400")  # an error: above what is possible
    order = [
        (row.finding.severity.value, row.is_confirmed)
        for row in bench.read(reference=JULY).findings
    ]
    assert order[:3] == [("error", False), ("warning", False), ("warning", True)]
    assert {severity for severity, _confirmed in order[3:]} == {"notice"}
