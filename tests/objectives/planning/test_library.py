"""The indicator library: what each reader finds there, and a series that goes on in a next plan."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ibzplan.core.clocks import Clocks
from objectives.indicators.charts import chart_sentence, trajectory_chart
from objectives.indicators.models import Indicator, Measurement, Obligation, Target
from objectives.indicators.periods import parse_period
from objectives.indicators.selectors import IndicatorReading, indicator_readings
from objectives.indicators.services import (
    Figure,
    indicator_define,
    measurement_record,
    measurement_validate,
    sheet_of,
)
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.services import ObjectiveSheet, objective_create
from personnel.access import access_of
from tests.factories import Ministry, function_of, text

LIBRARY = "/indicatoren/"


def signed_in(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def found(ministry: Ministry, name: str, **query: str) -> dict[str, Any]:
    """Return the rows that a user gets, by title."""
    rows = signed_in(ministry, name).get(LIBRARY, query).context["rows"]
    return {row["indicator"].title["nl"]: row for row in rows}


def record(ministry: Ministry, indicator: Indicator, period: str, value: str) -> Measurement:
    return measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period(period),
        figure=Figure(value=Decimal(value)),
    )


@pytest.fixture
def series(ministry: Ministry) -> Indicator:
    """A series of the approved plan of 2026, with two figures."""
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    record(ministry, indicator, "2026-T1", "90")
    record(ministry, indicator, "2026-T2", "91")
    return Indicator.objects.get(pk=indicator.pk)


@pytest.fixture
def next_year(ministry: Ministry) -> OperationalObjective:
    """A draft objective of 2027."""
    plan = OperationalPlan.objects.create(plan=ministry.plan, year=2027)
    return objective_create(
        actor=ministry.users["planner_adcv"],
        plan=plan,
        werf=ministry.werf,
        unit=ministry.adcv,
        sheet=ObjectiveSheet(
            title=text("Hulpketen verder inrichten"),
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 12, 31),
            holder=function_of("ADCV"),
        ),
    )


def reading(ministry: Ministry, indicator: Indicator, year: int) -> IndicatorReading:
    clocks = Clocks(date(2026, 9, 30), Clocks.now().known_at)
    fresh = Indicator.objects.get(pk=indicator.pk)
    access = access_of(ministry.users["auditor"])
    return indicator_readings([fresh], year=year, clocks=clocks, access=access)[indicator.pk]


def reuse(
    ministry: Ministry, objective: OperationalObjective, indicator: Indicator, **changes: str
) -> Any:
    address = reverse("planning:indicator_reuse", args=[objective.uuid, indicator.uuid])
    typed = {"target": "97", "target_due_on": "2027-12-31", "weight": "3", **changes}
    return signed_in(ministry, "planner_adcv").post(address, typed)


def test_everyone_signed_in_finds_what_is_approved(ministry: Ministry, series: Indicator) -> None:
    title = "Bezettingsgraad noodcentrales"
    for name in set(ministry.users) - {"outsider"}:
        assert title in found(ministry, name), name
    assert found(ministry, "outsider") == {}
    row = found(ministry, "planner_adcv", reference="2026-09-30")[title]
    assert (row["figure"], row["period"]) == ("91,0\N{NO-BREAK SPACE}%", "T2 2026")
    assert [(use.year, use.in_force) for use in row["uses"]] == [(2026, True)]


def test_a_provisional_figure_of_another_minister_does_not_show(
    ministry: Ministry, series: Indicator
) -> None:
    title, day = "Bezettingsgraad noodcentrales", "2026-09-30"
    assert found(ministry, "cabinet_vbz", reference=day)[title]["figure"]
    assert found(ministry, "cabinet_am", reference=day)[title]["figure"] == ""
    newest = Measurement.objects.get(period_start=date(2026, 4, 1))
    measurement_validate(actor=ministry.users["head_adcv"], measurement=newest)
    assert found(ministry, "cabinet_am", reference=day)[title]["figure"]


def test_words_and_filters(ministry: Ministry, series: Indicator) -> None:
    draft = ministry.objective(by="planner_dvz")
    ministry.indicator(
        draft,
        by="planner_dvz",
        title=text("Één loket voor aanvragen"),
        indicator_type="input",
        frequency="Y",
        target_kind="decrease",
        target=Decimal(80),
    )
    loket, rate = "Één loket voor aanvragen", "Bezettingsgraad noodcentrales"
    expected: dict[tuple[str, str], set[str]] = {
        ("q", "EEN aanvragen"): {loket},
        ("q", "bezettingsgraad loket"): set(),
        ("unit", "ADCV"): {rate},
        ("targetKind", "decrease"): {loket},
        ("type", "input"): {loket},
        ("frequency", "Y"): {loket},
        ("key", "true"): set(),
        ("key", "false"): {loket, rate},
        ("year", "2026"): {loket, rate},
        ("year", "2025"): set(),
        ("use", "inForce"): {rate},
        ("use", "draft"): {loket},
        ("use", "earlier"): set(),
    }
    for (name, value), titles in expected.items():
        given = found(ministry, "auditor", **{name: value, "reference": "2026-09-30"})
        assert set(given) == titles, (name, value)
    later = found(ministry, "auditor", use="earlier", reference="2027-03-31")
    assert set(later) == {rate}
    assert set(found(ministry, "corporate")) == {rate}


def test_a_filter_that_is_no_choice_is_said(ministry: Ministry, series: Indicator) -> None:
    answer = signed_in(ministry, "auditor").get(LIBRARY, {"frequency": "wekelijks"})
    assert answer.status_code == 200
    assert 'class="alert alert-warning"' in answer.content.decode()
    assert answer.context["total"] == 1
    strange = {"q": "x\x00y", "year": "9" * 30, "page": "nul"}
    assert signed_in(ministry, "auditor").get(LIBRARY, strange).status_code == 200


def test_three_times_the_rows_take_as_many_queries(
    ministry: Ministry, django_assert_num_queries: Any
) -> None:
    objective = ministry.objective()
    first = ministry.indicator(objective)
    client = signed_in(ministry, "auditor")
    client.get(LIBRARY)
    # session, user, unread messages; record clock; count, page; links, figures, versions
    for more in (0, 4):
        for _number in range(more):
            record(ministry, ministry.indicator(objective), "2026-T1", "90")
        if not more:
            record(ministry, first, "2026-T1", "90")
        with django_assert_num_queries(9):
            client.get(LIBRARY, {"reference": "2026-09-30"})


def test_fifty_a_page_and_the_address_keeps_the_filters(ministry: Ministry) -> None:
    objective = ministry.objective()
    for _number in range(51):
        ministry.indicator(objective)
    answer = signed_in(ministry, "planner_adcv").get(LIBRARY, {"unit": "ADCV"})
    assert (answer.context["total"], len(answer.context["rows"])) == (51, 50)
    assert "unit=ADCV&amp;page=2" in answer.content.decode()
    second = signed_in(ministry, "planner_adcv").get(LIBRARY, {"unit": "ADCV", "page": "2"})
    assert len(second.context["rows"]) == 1


def test_a_series_goes_on_in_the_next_plan(
    ministry: Ministry, series: Indicator, next_year: OperationalObjective
) -> None:
    before = reading(ministry, series, 2026).status
    page = signed_in(ministry, "planner_adcv").get(LIBRARY, {"objective": str(next_year.uuid)})
    address = reverse("planning:indicator_reuse", args=[next_year.uuid, series.uuid])
    assert address in page.content.decode()
    shown = signed_in(ministry, "planner_adcv").get(address).content.decode()
    assert "95,0" in shown

    assert reuse(ministry, next_year, series).status_code == 302
    after, coming = reading(ministry, series, 2026), reading(ministry, series, 2027)
    assert after.status == before
    assert [str(slot.period) for slot in coming.slots][3:5] == ["2026-T4", "2027-T1"]
    assert coming.final_target is not None
    assert coming.final_target.value == 97
    # one chart, from the figures of 2026 to the target of 2027
    with override("nl"):
        sentence, chart = chart_sentence(coming), trajectory_chart(coming)
    assert "91,0\N{NO-BREAK SPACE}%" in sentence
    assert "97,0\N{NO-BREAK SPACE}%" in sentence
    assert all(year in chart for year in ("2026", "2027"))
    asked = Obligation.objects.current().filter(indicator=series, period_end__year=2027)
    assert asked.count() == 4
    link = next_year.indicator_links.current().get()
    assert link.weight == 3
    page = signed_in(ministry, "planner_adcv").get(LIBRARY, {"objective": str(next_year.uuid)})
    assert address not in page.content.decode()
    assert reuse(ministry, next_year, series).context["form"].non_field_errors()


def test_a_target_for_the_same_day_leaves_the_earlier_year_alone(
    ministry: Ministry, series: Indicator, next_year: OperationalObjective
) -> None:
    before = reading(ministry, series, 2026).status
    assert reuse(ministry, next_year, series, target_due_on="2026-12-31").status_code == 302
    assert Target.objects.filter(indicator=series, due_on=date(2026, 12, 31)).count() == 2
    assert reading(ministry, series, 2026).status == before
    assert reading(ministry, series, 2026).final_target.value == 95  # type: ignore[union-attr]


def test_the_cabinet_sees_nothing_of_the_next_plan_before_its_approval(
    ministry: Ministry, series: Indicator, next_year: OperationalObjective
) -> None:
    reuse(ministry, next_year, series)
    title = series.title["nl"]
    for name in ("cabinet_vbz", "cabinet_am", "planner_dvz", "corporate"):
        row = found(ministry, name)[title]
        assert [use.year for use in row["uses"]] == [2026], name
        access = access_of(ministry.users[name])
        targets = Target.objects.visible_to(access, Clocks.now().known_at)
        assert set(targets.values_list("plan_year", flat=True)) == {2026}, name
        assert found(ministry, name, year="2027") == {}
        assert found(ministry, name, use="draft") == {}
        page = signed_in(ministry, name).get(reverse("planning:indicator", args=[series.uuid]))
        main = page.content.decode().split("<main")[1].split("</main")[0]
        assert not any(told in main for told in ("T1 2027", "97,0", next_year.title["nl"])), name
    own = found(ministry, "planner_adcv")[title]
    assert [(use.year, use.in_force) for use in own["uses"]] == [(2027, False), (2026, True)]


def test_withdrawing_closes_what_was_asked_and_keeps_the_earlier_year(
    ministry: Ministry, series: Indicator, next_year: OperationalObjective
) -> None:
    reuse(ministry, next_year, series)
    address = reverse("planning:indicator_withdrawal", args=[next_year.uuid, series.uuid])
    answer = signed_in(ministry, "planner_adcv").post(address, {"reason": "Ander accent"})
    assert answer.status_code == 302
    current = Obligation.objects.current().filter(indicator=series)
    assert {row.period_end.year for row in current} == {2026}
    assert Measurement.objects.filter(indicator=series).count() == 2


def test_a_target_is_asked_for(
    ministry: Ministry, series: Indicator, next_year: OperationalObjective
) -> None:
    form = reuse(ministry, next_year, series, target="").context["form"]
    assert form.errors["target"]
    assert not next_year.indicator_links.exists()


def test_another_units_definition_is_copied_without_its_baseline(
    ministry: Ministry, series: Indicator
) -> None:
    own = ministry.objective(by="planner_dvz")
    client = signed_in(ministry, "planner_dvz")
    address = f"{reverse('planning:indicator_new', args=[own.uuid])}?from={series.uuid}"
    page = client.get(LIBRARY, {"objective": str(own.uuid)}).content.decode()
    assert address in page
    form = client.get(address).context["form"]
    assert form["title_nl"].value() == series.title["nl"]
    assert not form["baseline"].value()
    typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    typed = {n: v for n, v in typed.items() if v is not False}
    answer = client.post(
        address,
        {
            **typed,
            "source_nl": "Register",
            "baseline": "70",
            "target": "80",
            "baseline_date": "2025-12-31",
            "target_due_on": "2026-12-31",
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    copy = Indicator.objects.get(owner=ministry.dvz)
    assert (copy.derived_from, copy.baseline) == (series, Decimal(70))
    row = next(
        row
        for row in client.get(LIBRARY).context["rows"]
        if row["indicator"].owner_id == ministry.dvz.pk
    )
    assert row["derived_from"] == series
    refused = reverse("planning:indicator_reuse", args=[own.uuid, series.uuid])
    again = client.post(refused, {"target": "80", "target_due_on": "2026-12-31", "weight": "1"})
    assert again.context["form"].non_field_errors()


def test_a_draft_definition_of_next_year_is_not_copied_by_others(
    ministry: Ministry, series: Indicator
) -> None:
    indicator_define(
        actor=ministry.users["head_adcv"],
        indicator=series,
        sheet=replace(sheet_of(series), title=text("Nog geheim")),
        reason="Andere telling",
        valid_from=date(2027, 1, 1),
    )
    own = ministry.objective(by="planner_dvz")
    address = f"{reverse('planning:indicator_new', args=[own.uuid])}?from={series.uuid}"
    form = signed_in(ministry, "planner_dvz").get(address).context["form"]
    assert form["title_nl"].value() == "Bezettingsgraad noodcentrales"
    define = reverse("planning:indicator_define", args=[series.uuid])
    shown = signed_in(ministry, "head_adcv").get(define).context["form"]
    assert shown["title_nl"].value() == "Nog geheim"


def test_what_is_not_seen_is_not_copied(ministry: Ministry) -> None:
    hidden = ministry.indicator(ministry.objective())
    own = ministry.objective(by="planner_dvz")
    address = reverse("planning:indicator_new", args=[own.uuid])
    client = signed_in(ministry, "planner_dvz")
    assert client.get(f"{address}?from={hidden.uuid}").status_code == 404
    assert client.get(f"{address}?from=iets").status_code == 404
    assert client.get(LIBRARY, {"objective": "iets"}).status_code == 404
