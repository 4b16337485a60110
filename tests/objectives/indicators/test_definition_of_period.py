"""Each period is asked for, recorded and corrected by the definition that holds for it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from objectives.indicators.models import Indicator, Measurement, Obligation, Target
from objectives.indicators.periods import parse_period
from objectives.indicators.selectors import IndicatorReading, indicator_readings
from objectives.indicators.services import (
    Figure,
    correction_decide,
    correction_request,
    figures_lock,
    measurement_record,
    obligations_sync,
    period_set_not_applicable,
    sheet_of,
    target_set,
)
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.services import (
    ObjectiveSheet,
    indicator_reuse,
    indicator_withdraw,
    objective_create,
)
from personnel.access import access_of
from tests.factories import Ministry, function_of, text
from tests.objectives.indicators.test_definitions import define

T1, T2 = (parse_period(f"2026-T{n}") for n in (1, 2))
NEXT_YEAR = date(2027, 1, 1)
APRIL = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    with translation.override("nl"):
        yield


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    return ministry.objective()


@pytest.fixture
def indicator(ministry: Ministry, objective: OperationalObjective) -> Indicator:
    return ministry.indicator(objective)


def record(ministry: Ministry, indicator: Indicator, value: str, **more: Any) -> Measurement:
    return measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=Indicator.objects.get(pk=indicator.pk),
        period=more.pop("period", T1),
        figure=Figure(value=Decimal(value)),
        **more,
    )


def asked(indicator: Indicator) -> dict[str, str]:
    """Return what is asked for now, with the reason of what does not apply."""
    rows = Obligation.objects.current().filter(indicator=indicator)
    return {str(row.period): row.not_applicable_reason for row in rows}


def exempt(ministry: Ministry, indicator: Indicator, period: str, reason: str) -> None:
    period_set_not_applicable(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period(period),
        reason=reason,
    )


def other_objective(ministry: Ministry, year: int = 2026) -> OperationalObjective:
    plan = ministry.year
    if year != plan.year:
        plan = OperationalPlan.objects.create(plan=ministry.plan, year=year)
    return objective_create(
        actor=ministry.users["planner_adcv"],
        plan=plan,
        werf=ministry.werf,
        unit=ministry.adcv,
        sheet=ObjectiveSheet(
            title=text("Tweede doelstelling"),
            starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31),
            holder=function_of("ADCV"),
        ),
    )


# The columns that everyone reads ----------------------------------------------------------------


def test_a_definition_of_next_year_stays_a_draft_until_that_year_is_approved(
    ministry: Ministry, objective: OperationalObjective, indicator: Indicator
) -> None:
    ministry.approve(objective)
    define(
        ministry,
        indicator,
        by="head_adcv",
        title=text("Nieuwe naam"),
        valid_from=NEXT_YEAR,
        is_series_break=True,
        reason="Andere telling",
    )
    indicator.refresh_from_db()
    assert indicator.title["nl"] == "Bezettingsgraad noodcentrales"
    assert "nieuwe naam" not in indicator.search_key
    assert sheet_of(indicator).title["nl"] == "Nieuwe naam"
    # the next change goes on from the draft
    define(ministry, indicator, by="head_adcv", decimals=0, reason="Afgerond")
    assert sheet_of(indicator).title["nl"] == "Nieuwe naam"
    indicator.refresh_from_db()
    assert (indicator.decimals, indicator.definition_number) == (1, 3)

    later = other_objective(ministry, 2027)
    indicator_reuse(
        actor=ministry.users["planner_adcv"],
        objective=later,
        indicator=indicator,
        target=Decimal(97),
    )
    indicator.refresh_from_db()
    assert indicator.title["nl"] == "Bezettingsgraad noodcentrales"
    ministry.approve(later)
    indicator.refresh_from_db()
    assert (indicator.title["nl"], indicator.decimals) == ("Nieuwe naam", 0)
    assert "nieuwe naam" in indicator.search_key


def test_a_definition_of_an_approved_year_shows_at_once(
    ministry: Ministry, objective: OperationalObjective, indicator: Indicator
) -> None:
    ministry.approve(objective)
    define(
        ministry,
        indicator,
        by="head_adcv",
        title=text("Vanaf juli"),
        valid_from=date(2026, 7, 1),
        reason="Duidelijker",
    )
    indicator.refresh_from_db()
    assert indicator.title["nl"] == "Vanaf juli"
    assert "vanaf juli" in indicator.search_key


# Recording ----------------------------------------------------------------------------------------


def test_next_years_definition_does_not_judge_this_years_figure(
    ministry: Ministry, indicator: Indicator
) -> None:
    define(ministry, indicator, decimals=0, valid_from=NEXT_YEAR)
    assert record(ministry, indicator, "90.6").value == Decimal("90.6")


def test_a_ratio_from_next_year_takes_a_plain_figure_this_year(
    ministry: Ministry, indicator: Indicator
) -> None:
    define(
        ministry,
        indicator,
        is_ratio=True,
        numerator_definition=text("Bezet"),
        denominator_definition=text("Alle"),
        valid_from=NEXT_YEAR,
    )
    assert record(ministry, indicator, "90.6").value == Decimal("90.6")


def test_a_target_follows_the_definition_of_its_plan_year(
    ministry: Ministry, indicator: Indicator
) -> None:
    define(ministry, indicator, decimals=0, valid_from=NEXT_YEAR)
    fresh = Indicator.objects.get(pk=indicator.pk)
    planner = ministry.users["planner_adcv"]
    midway = date(2026, 6, 30)
    target_set(actor=planner, indicator=fresh, due_on=midway, value=Decimal("90.5"), is_final=False)
    with pytest.raises(DomainError) as refused:
        target_set(
            actor=planner,
            indicator=fresh,
            due_on=date(2027, 12, 31),
            value=Decimal("97.5"),
            plan_year=2027,
        )
    assert refused.value.code == "too_many_decimals"


def test_a_correction_that_fits_no_longer_is_not_approved(
    ministry: Ministry, indicator: Indicator
) -> None:
    row = record(ministry, indicator, "91")
    figures_lock(actor=ministry.users["corporate"], measurements=[row.uuid], cause=ministry.year)
    correction = correction_request(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=T1,
        figure=Figure(value=Decimal(190)),
        reason="Telfout",
        confirmed=["outlier"],
    )
    define(ministry, indicator, possible_high=Decimal(100), reason="Een percentage")
    with pytest.raises(DomainError) as refused:
        correction_decide(actor=ministry.users["corporate"], correction=correction, approve=True)
    assert "100" in refused.value.message
    assert Measurement.objects.count() == 1
    correction_decide(
        actor=ministry.users["corporate"], correction=correction, approve=False, note="Boven 100"
    )


# What is asked for --------------------------------------------------------------------------------


def test_a_second_objective_asks_for_no_period_twice(
    ministry: Ministry, indicator: Indicator
) -> None:
    record(ministry, indicator, "90")
    define(ministry, indicator, frequency="M", valid_from=APRIL, reason="Vaker")
    before = asked(indicator)
    assert list(before)[:3] == ["2026-T1", "2026-M04", "2026-M05"]
    indicator_reuse(
        actor=ministry.users["planner_adcv"],
        objective=other_objective(ministry),
        indicator=Indicator.objects.get(pk=indicator.pk),
    )
    assert asked(indicator) == before


def test_another_frequency_from_next_year_asks_for_this_year_as_before(
    ministry: Ministry, indicator: Indicator
) -> None:
    define(ministry, indicator, frequency="M", days_until_due=3, valid_from=NEXT_YEAR)
    Obligation.objects.filter(indicator=indicator).delete()
    fresh = Indicator.objects.get(pk=indicator.pk)
    obligations_sync(indicator=fresh, first=date(2026, 1, 1), last=date(2027, 12, 31))
    assert [name[:6] for name in asked(indicator)] == ["2026-T"] * 4 + ["2027-M"] * 12
    days = {
        (row.period_end.year, (row.due_on - row.period_end).days)
        for row in Obligation.objects.current().filter(indicator=indicator)
    }
    assert days == {(2026, 15), (2027, 3)}


def test_what_does_not_apply_stays_so_in_the_periods_of_another_frequency(
    ministry: Ministry, indicator: Indicator
) -> None:
    exempt(ministry, indicator, "2026-T2", "Geen telling")
    define(ministry, indicator, frequency="M", valid_from=APRIL)
    now = asked(indicator)
    assert "2026-T2" not in now
    assert [name for name, reason in now.items() if reason] == ["2026-M04", "2026-M05", "2026-M06"]
    define(ministry, indicator, days_until_due=30)
    assert asked(indicator) == now
    define(ministry, indicator, frequency="T")
    assert {name: reason for name, reason in asked(indicator).items() if reason} == {
        "2026-T2": "Geen telling"
    }


def test_a_period_applies_again_only_where_no_other_is_asked_for(
    ministry: Ministry, indicator: Indicator
) -> None:
    exempt(ministry, indicator, "2026-T2", "Geen telling")
    # As it was left by a change of frequency of before periods took the reason along.
    month = parse_period("2026-M04")
    old = Obligation.objects.current().get(indicator=indicator, period_start=APRIL)
    Obligation.objects.create(
        indicator=indicator,
        period_start=month.start,
        resolution="M",
        period_end=month.end,
        due_on=month.due_on(15),
        known_from=old.known_from,
    )
    with pytest.raises(DomainError) as refused:
        exempt(ministry, indicator, "2026-T2", "")
    assert refused.value.code == "period_overlaps"
    assert "M04 2026" in refused.value.message


def test_withdrawn_and_taken_again_it_keeps_what_does_not_apply(
    ministry: Ministry, objective: OperationalObjective, indicator: Indicator
) -> None:
    exempt(ministry, indicator, "2026-T2", "Geen telling")
    exempt(ministry, indicator, "2026-T3", "Vergissing")
    exempt(ministry, indicator, "2026-T3", "")
    before = asked(indicator)
    planner = ministry.users["planner_adcv"]
    indicator_withdraw(actor=planner, objective=objective, indicator=indicator)
    assert asked(indicator) == {}
    indicator_reuse(actor=planner, objective=objective, indicator=indicator)
    assert asked(indicator) == before


# Which target counts ------------------------------------------------------------------------------


def read_year(ministry: Ministry, indicator: Indicator, year: int) -> IndicatorReading:
    fresh = Indicator.objects.get(pk=indicator.pk)
    clocks = Clocks(date(year, 12, 31), Clocks.now().known_at)
    access = access_of(ministry.users["auditor"])
    return indicator_readings([fresh], year=year, clocks=clocks, access=access)[indicator.pk]


def set_target(
    ministry: Ministry, indicator: Indicator, value: int, due: date, year: int
) -> Target:
    return target_set(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        due_on=due,
        value=Decimal(value),
        plan_year=year,
    )


def test_a_later_plans_own_target_takes_the_place_of_an_older_one(
    ministry: Ministry, indicator: Indicator
) -> None:
    set_target(ministry, indicator, 96, date(2027, 12, 31), 2026)
    own = set_target(ministry, indicator, 97, date(2027, 6, 30), 2027)
    reading = read_year(ministry, indicator, 2027)
    assert reading.final_target == own
    assert [row.value for row in reading.targets] == [95, 97]
    assert read_year(ministry, indicator, 2026).final_target.value == 95  # type: ignore[union-attr]


def test_a_target_moved_to_an_earlier_day_counts(ministry: Ministry, indicator: Indicator) -> None:
    moved = set_target(ministry, indicator, 93, date(2026, 10, 31), 2026)
    reading = read_year(ministry, indicator, 2026)
    assert (reading.final_target, reading.targets) == (moved, (moved,))


def test_a_target_moved_to_a_later_day_leaves_no_interim_one(
    ministry: Ministry, indicator: Indicator
) -> None:
    set_target(ministry, indicator, 96, date(2027, 6, 30), 2026)
    own = set_target(ministry, indicator, 97, date(2027, 12, 31), 2027)
    reading = read_year(ministry, indicator, 2027)
    assert reading.final_target == own
    assert reading.data is not None
    assert [point.on for point in reading.data.interim] == [date(2026, 12, 31)]
