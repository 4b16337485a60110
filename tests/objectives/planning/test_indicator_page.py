"""The page of an indicator: what it says of the definition, of what is due, and why its status."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from objectives.indicators.definition_texts import GROUPS, LABELS, sheet_groups
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import parse_period, periods_between
from objectives.indicators.selectors import DEFINITION_COLUMNS
from objectives.indicators.services import (
    Figure,
    FigurePart,
    indicator_define,
    measurement_record,
    measurement_validate,
    obligations_sync,
    period_set_not_applicable,
    sheet_of,
    target_set,
)
from objectives.planning.models import OperationalObjective
from tests.factories import Ministry, text

AUTUMN = {"year": "2026", "reference": "2026-10-31"}


def client_of(ministry: Ministry, name: str = "auditor") -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def page_of(indicator: Indicator) -> str:
    return reverse("planning:indicator", args=[indicator.uuid])


def record(
    ministry: Ministry, indicator: Indicator, period: str, value: str, why: str = "", **more: Any
) -> None:
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period(period),
        figure=Figure(value=Decimal(value)),
        reason=why,
        **more,
    )


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    return ministry.objective()


@pytest.fixture
def indicator(ministry: Ministry, objective: OperationalObjective) -> Indicator:
    """88 % at the start, 95 % to reach; three terms measured; approved."""
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    for period, value in (("2026-T1", "90"), ("2026-T2", "92"), ("2026-T3", "93.1")):
        record(ministry, indicator, period, value)
    return Indicator.objects.get(pk=indicator.pk)


def everything_changes(ministry: Ministry, indicator: Indicator) -> None:
    """Correct a figure, redefine the indicator and set another target."""
    record(ministry, indicator, "2026-T3", "70", "Verkeerde bron")
    indicator_define(
        actor=ministry.users["head_adcv"],
        indicator=indicator,
        sheet=replace(
            sheet_of(indicator),
            title=text("Bezetting in koppen"),
            baseline=Decimal(60),
            threshold_on_track=Decimal("0.95"),
        ),
        reason="Andere telling",
        valid_from=date(2026, 7, 1),
        is_series_break=True,
    )
    target_set(
        actor=ministry.users["planner_adcv"],
        indicator=Indicator.objects.get(pk=indicator.pk),
        due_on=date(2026, 12, 31),
        value=Decimal(99),
        reason="Bijgesteld",
    )


def test_the_link_to_a_result_keeps_showing_it(ministry: Ministry, indicator: Indicator) -> None:
    reader = client_of(ministry)
    before = reader.get(page_of(indicator), AUTUMN).context
    everything_changes(ministry, indicator)
    again = reader.get(before["why"].link)
    assert again.context["why"] == before["why"]
    assert again.context["strip"] == before["strip"]
    assert "Bezettingsgraad noodcentrales" in again.content.decode()
    assert "Bezetting in koppen" not in again.content.decode()
    now = reader.get(page_of(indicator), AUTUMN)
    assert now.context["why"].status != before["why"].status
    assert now.context["why"].facts != before["why"].facts
    assert "Bezetting in koppen" in now.content.decode()


def test_the_inputs_name_definition_baseline_target_and_every_figure(
    ministry: Ministry, indicator: Indicator
) -> None:
    why = client_of(ministry).get(page_of(indicator), AUTUMN).context["why"]
    assert [fact.text.replace("\xa0", " ") for fact in why.facts] == [
        "versie 1",
        "Hoger is beter",
        "88,0 % op 31/12/2025",
        "95,0 % tegen 31/12/2026",
    ]
    assert "planner_adcv" in why.facts[-1].note
    assert [(slot.period, slot.text.replace("\xa0", " ")) for slot in why.slots] == [
        ("T3 2026", "93,1 %"),
        ("T2 2026", "92,0 %"),
        ("T1 2026", "90,0 %"),
    ]


@pytest.mark.parametrize("name", ["objective", "werf"])
def test_objective_and_werf_keep_their_result_too(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective, name: str
) -> None:
    reader = client_of(ministry)
    key = objective.uuid if name == "objective" else ministry.werf.code
    before = reader.get(reverse(f"planning:{name}", args=[key]), AUTUMN).context
    assert [child.code for child in before["why"].children] == [
        "2.6.1-a" if name == "objective" else "2.6.1"
    ]
    everything_changes(ministry, indicator)
    later = ministry.objective(title="Later goedgekeurd")
    ministry.indicator(later)
    ministry.approve(later)
    again = reader.get(before["why"].link).context
    assert again["why"] == before["why"]
    assert again["reading"].status == before["reading"].status
    now = reader.get(reverse(f"planning:{name}", args=[key]), AUTUMN).context
    assert now["why"].children != before["why"].children
    # The parts are linked as they stood: the child shows the status that the parent counted.
    child = reader.get(before["why"].children[0].url).context
    assert child["why"].status == before["why"].children[0].status


@pytest.mark.parametrize("rule", ["0", "2", "een", "١"])
def test_a_rule_version_that_never_was_is_not_found(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective, rule: str
) -> None:
    reader = client_of(ministry)
    for address in (
        page_of(indicator),
        reverse("planning:objective", args=[objective.uuid]),
        reverse("planning:werf", args=[ministry.werf.code]),
    ):
        assert reader.get(address, {"rule": "1"}).status_code == 200
        assert reader.get(address, {"rule": rule}).status_code == 404


def test_strip_and_chart_show_the_forecast_of_the_year_end(
    ministry: Ministry, indicator: Indicator
) -> None:
    page = client_of(ministry).get(page_of(indicator), AUTUMN)
    strip = page.context["strip"]
    # Days from 31 March: (0, 90), (91, 92), (183, 93.1). Slopes 2/91, 1.1/92 and 3.1/183: the
    # middle one is 3.1/183; the middle intercept is 90; 31 December is day 275: 94.66.
    assert strip["forecast"].replace("\xa0", " ") == "94,7 %"
    assert strip["forecast_on"] == date(2026, 12, 31)
    assert strip["gap"] == "\N{MINUS SIGN}1,9 pp"  # of percentages: 93,1 against 95
    html = page.content.decode()
    assert 'class="line-forecast"' in html
    assert "Vooruitzicht voor 31/12/2026: 94,7" in html.replace("\xa0", " ")


def test_a_measured_year_end_needs_no_forecast(ministry: Ministry, indicator: Indicator) -> None:
    record(ministry, indicator, "2026-T4", "94", confirmed=["period_running"])
    page = client_of(ministry).get(page_of(indicator), {"year": "2026", "reference": "2027-01-31"})
    assert page.context["strip"]["forecast"] == "\N{EN DASH}"
    assert 'class="line-forecast"' not in page.content.decode()


def test_a_series_break_stands_on_the_chart_and_among_the_versions(
    ministry: Ministry, indicator: Indicator
) -> None:
    everything_changes(ministry, indicator)
    page = client_of(ministry).get(page_of(indicator), AUTUMN)
    html = page.content.decode()
    assert html.count('class="break-label"') == 2  # on the wide drawing and the narrow one
    assert "1/07/2026" in html
    newest, first = page.context["versions"]
    assert (newest.row.number, newest.row.is_series_break, newest.holds) == (2, True, True)
    said = {
        (one.label, one.old.replace("\xa0", " "), one.new.replace("\xa0", " "))
        for one in newest.changes
    }
    assert ("Nulmeting", "88,0 %", "60,0 %") in said
    assert ("Naam", "Bezettingsgraad noodcentrales", "Bezetting in koppen") in said
    assert not first.changes
    shown = client_of(ministry).get(first.url)
    assert "Bezettingsgraad noodcentrales" in shown.content.decode()
    assert "Bezetting in koppen" not in shown.content.decode()


def test_a_version_is_not_known_before_it_was_recorded(
    ministry: Ministry, indicator: Indicator
) -> None:
    link = client_of(ministry).get(page_of(indicator), AUTUMN).context["why"].link
    everything_changes(ministry, indicator)
    assert [line.row.number for line in client_of(ministry).get(link).context["versions"]] == [1]


def test_before_it_existed_the_page_says_so(ministry: Ministry, indicator: Indicator) -> None:
    first = indicator.definitions.get().recorded_at
    asked = {"known": (first - timedelta(seconds=1)).isoformat()}
    html = client_of(ministry).get(page_of(indicator), asked).content.decode()
    assert "Bezettingsgraad" not in html
    assert "bestond deze indicator nog niet" in html
    then = {"known": first.isoformat()}
    assert "Bezettingsgraad" in client_of(ministry).get(page_of(indicator), then).content.decode()


def test_what_the_draft_said_stays_inside(ministry: Ministry, indicator: Indicator) -> None:
    then = {"known": indicator.definitions.get().recorded_at.isoformat()}
    outside = client_of(ministry, "planner_dvz").get(page_of(indicator), then).content.decode()
    assert "Bezettingsgraad" not in outside
    inside = client_of(ministry, "planner_adcv").get(page_of(indicator), then).content.decode()
    assert "Bezettingsgraad" in inside


def test_who_is_due_when(ministry: Ministry) -> None:
    indicator = ministry.indicator(ministry.objective(), compiler="Dienst Statistiek")
    record(ministry, indicator, "2026-T1", "90")
    period_set_not_applicable(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T3"),
        reason="Verhuizing van de centrale",
    )
    page = client_of(ministry).get(page_of(indicator), {"year": "2026", "reference": "2026-08-01"})
    lines = [(line.period, line.state, line.tone) for line in page.context["due"]]
    assert lines == [
        ("T2 2026", "17 dagen te laat", "late"),
        ("T4 2026", "over 167 dagen", ""),
        ("T3 2026", "Verhuizing van de centrale", ""),
    ]
    reporters = page.context["reporters"]
    assert reporters.planners == ("planner_adcv",)
    assert reporters.heads == ("head_adcv",)
    assert "Dienst Statistiek" in page.content.decode()


def test_every_column_of_the_sheet_has_a_name_and_a_place() -> None:
    placed = {name for _title, names in GROUPS for name in names}
    together = {
        "range": {"range_low", "range_high"},
        "possible": {"possible_low", "possible_high"},
        "baseline": {"baseline", "baseline_date"},
    }
    for line, columns in together.items():
        assert line in placed
        placed |= columns
    # The title is the heading of the page; the scale follows from the unit of a ratio.
    assert set(DEFINITION_COLUMNS) - placed == {"title", "ratio_scale"}
    assert set(DEFINITION_COLUMNS) <= set(LABELS)


def test_the_sheet_says_everything_and_names_what_is_left_open(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = ministry.indicator(
        objective,
        inclusions=text("Alle noodcentrales"),
        misuse_risk=text("Wachtlijsten verbergen"),
        possible_low=Decimal(0),
        possible_high=Decimal(100),
        tolerance=Decimal("0.5"),
        compiler="Dienst Statistiek",
        disaggregations=[
            {
                "code": "region",
                "title": {"nl": "Gewest"},
                "adds_up": True,
                "members": [
                    {"code": "bru", "title": {"nl": "Brussel"}},
                    {"code": "vla", "title": {"nl": "Vlaanderen"}},
                ],
            }
        ],
    )
    page = client_of(ministry).get(page_of(indicator), AUTUMN)
    html = page.content.decode().replace("\xa0", " ")
    for said in (
        "Alle noodcentrales",
        "Wachtlijsten verbergen",
        "0,0 tot 100,0 %",
        "± 0,5 %",
        "0,90 (de gewone drempel)",
        "Gewest (Brussel, Vlaanderen; samen het geheel)",
        "15 dagen na de periode",
        "Dienst Statistiek",
    ):
        assert said in html, said
    left_open = {label for group in page.context["sheet"] for label in group.not_stated}
    assert "Niet inbegrepen" in left_open
    assert "Inbegrepen" not in left_open


def test_a_milestone_has_no_lines_about_numbers(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = ministry.indicator(
        objective,
        target=None,
        target_kind="milestone",
        baseline=None,
        baseline_date=None,
        decimals=0,
    )
    names = {line.name for group in sheet_groups(indicator) for line in group.lines}
    assert not names & {"tolerance", "baseline", "unit_of_measure", "threshold_on_track", "range"}
    assert {"frequency", "target_kind"} <= names


def test_as_many_queries_with_three_times_the_figures(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = ministry.indicator(objective, baseline_date=date(2021, 12, 31))
    counts = []
    reader = client_of(ministry)
    for years in ((2025,), (2022, 2023, 2024)):
        first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
        obligations_sync(indicator=indicator, first=first, last=last)
        for number, period in enumerate(periods_between("T", first, last)):
            record(ministry, indicator, str(period), str(85 + number % 2))
        asked = {"year": "2026", "reference": "2026-02-28"}
        reader.get(page_of(indicator), asked)
        with CaptureQueriesContext(connection) as queries:
            page = reader.get(page_of(indicator), asked)
        counts.append((len(queries), len(page.context["why"].slots)))
    assert [slots for _queries, slots in counts] == [4, 16]
    assert counts[0][0] == counts[1][0]


@pytest.mark.parametrize(
    "name", ["cabinet_vbz", "cabinet_am", "planner_adcv", "head_adcv", "corporate", "auditor"]
)
def test_the_second_opening_takes_few_queries_however_many_figures(
    ministry: Ministry, objective: OperationalObjective, name: str
) -> None:
    indicator = ministry.indicator(objective, baseline_date=date(2021, 12, 31))
    ministry.approve(objective)
    reader, head = client_of(ministry, name), ministry.users["head_adcv"]

    def queries() -> int:
        reader.get(page_of(indicator), AUTUMN)
        with CaptureQueriesContext(connection) as asked:
            assert reader.get(page_of(indicator), AUTUMN).status_code == 200
        return len(asked)

    counts = []
    for years in ((2025,), (2022, 2023, 2024)):
        first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
        obligations_sync(indicator=indicator, first=first, last=last)
        for number, period in enumerate(periods_between("T", first, last)):
            record(ministry, indicator, str(period), str(85 + number % 2))
            measurement_validate(actor=head, measurement=Measurement.objects.latest("pk"))
            record(
                ministry, indicator, str(period), f"{85 + number % 2}.4", "Verkeerd overgenomen."
            )
        counts.append(queries())
    assert counts[0] == counts[1] <= 12


def test_what_was_kept_of_the_page_is_read_anew_once_a_figure_comes_in(
    ministry: Ministry, indicator: Indicator
) -> None:
    reader = client_of(ministry, "head_adcv")
    assert "92,0" in reader.get(page_of(indicator), AUTUMN).content.decode()
    record(ministry, indicator, "2026-T2", "83", "Verkeerd overgenomen.")
    html = reader.get(page_of(indicator), AUTUMN).content.decode()
    assert "83,0" in html
    assert "Verkeerd overgenomen." in html


def test_one_reader_does_not_get_the_page_of_another(
    ministry: Ministry, indicator: Indicator
) -> None:
    shown = {
        name: "93,1" in client_of(ministry, name).get(page_of(indicator), AUTUMN).content.decode()
        for name in ("head_adcv", "cabinet_am", "cabinet_vbz")
    }
    assert shown == {"head_adcv": True, "cabinet_am": False, "cabinet_vbz": True}


def test_the_figures_of_earlier_years_fold_away_below(
    ministry: Ministry, indicator: Indicator
) -> None:
    obligations_sync(indicator=indicator, first=date(2025, 1, 1), last=date(2025, 12, 31))
    record(ministry, indicator, "2025-T4", "87")
    page = client_of(ministry).get(page_of(indicator), AUTUMN)
    assert [line["period"] for line in page.context["table"]][-1] == "T1 2026"
    assert page.context["earlier"][0]["period"] == "T4 2025"
    html = page.content.decode()
    folded = html[html.index('<details class="fold">') :]
    folded = folded[: folded.index("</table>")]
    assert "87,0" in folded
    assert 'scope="col"' in folded  # a table of its own
    # What waits for the head does not hide from the head.
    waiting = client_of(ministry, "head_adcv").get(page_of(indicator), AUTUMN)
    assert '<details class="fold" open>' in waiting.content.decode()


def test_after_recording_the_page_shows_the_same_year(
    ministry: Ministry, indicator: Indicator
) -> None:
    planner = client_of(ministry, "planner_adcv")
    sent = {"period": "2026-T3", "value": "93,5", "reason": "Nagekeken"}
    form = planner.get(page_of(indicator), {"year": "2026"}).context["form"]
    sent["seen"] = str(indicator.measurements.get(period_end=date(2026, 9, 30)).uuid)
    assert form is not None
    response = planner.post(f"{page_of(indicator)}?year=2026", sent)
    assert response.headers["Location"] == f"{page_of(indicator)}?year=2026"


def test_parts_of_a_figure_name_their_row_in_french_too(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    regions = [
        {
            "code": "region",
            "title": {"nl": "Gewest", "fr": "Région"},
            "adds_up": False,
            "members": [
                {"code": "bru", "title": {"nl": "Brussel", "fr": "Bruxelles"}},
                {"code": "vla", "title": {"nl": "Vlaanderen", "fr": "Flandre"}},
            ],
        }
    ]
    indicator = ministry.indicator(objective, disaggregations=regions)
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T1"),
        figure=Figure(value=Decimal(90), breakdown={"region=bru": FigurePart(value=Decimal(89))}),
        confirmed=["breakdown_incomplete"],
    )
    page = client_of(ministry).get(page_of(indicator), AUTUMN, headers={"accept-language": "fr"})
    part = page.content.decode().partition('<tr class="part"')[2].partition("</tr>")[0]
    assert 'scope="row"' in part
    assert "Région\N{NO-BREAK SPACE}: Bruxelles" in part


def redefine(ministry: Ministry, indicator: Indicator, name: str) -> None:
    indicator_define(
        actor=ministry.users["head_adcv"],
        indicator=Indicator.objects.get(pk=indicator.pk),
        sheet=replace(sheet_of(indicator), title=text(name)),
        reason=f"Naar {name}",
    )


def test_the_wording_of_a_draft_stays_inside(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = ministry.indicator(objective, title=text("Eerste ontwerp"))
    redefine(ministry, indicator, "Tweede ontwerp")
    redefine(ministry, indicator, "Goedgekeurde naam")
    ministry.approve(objective)
    redefine(ministry, indicator, "Latere naam")
    for name, numbers in (
        ("planner_adcv", [4, 3, 2, 1]),
        ("auditor", [4, 3, 2, 1]),
        ("planner_dvz", [4, 3]),
        ("cabinet_vbz", [4, 3]),
        ("cabinet_am", [4, 3]),
    ):
        page = client_of(ministry, name).get(page_of(indicator), AUTUMN)
        assert [line.row.number for line in page.context["versions"]] == numbers, name
        assert ("Tweede ontwerp" in page.content.decode()) == (len(numbers) == 4), name
