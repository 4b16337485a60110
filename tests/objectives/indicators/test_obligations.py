"""Which figures are asked for after a definition changed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from objectives.indicators.models import Indicator, Obligation
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record, period_set_not_applicable
from tests.factories import Ministry
from tests.objectives.indicators.test_definitions import define


@pytest.fixture
def indicator(ministry: Ministry) -> Indicator:
    return ministry.indicator(ministry.objective())


def asked(indicator: Indicator) -> list[str]:
    return [str(row.period) for row in Obligation.objects.current().filter(indicator=indicator)]


def record(ministry: Ministry, indicator: Indicator, period: str) -> None:
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period(period),
        figure=Figure(value=Decimal(90)),
    )


def test_another_due_date_moves_what_is_open_and_asks_for_nothing_new(
    ministry: Ministry, indicator: Indicator
) -> None:
    record(ministry, indicator, "2026-T1")
    define(ministry, indicator, days_until_due=30, reason="later beschikbaar")
    assert asked(indicator) == ["2026-T1", "2026-T2", "2026-T3", "2026-T4"]
    days = [
        (row.due_on - row.period_end).days
        for row in Obligation.objects.current().filter(indicator=indicator)
    ]
    assert days == [15, 30, 30, 30]


def test_what_was_asked_before_stays_readable(ministry: Ministry, indicator: Indicator) -> None:
    before = Clocks.now().known_at
    define(ministry, indicator, days_until_due=30)
    then = Obligation.objects.known_at(before).filter(indicator=indicator)
    assert {(row.due_on - row.period_end) for row in then} == {timedelta(days=15)}


def test_another_frequency_without_figures_replaces_the_whole_year(
    ministry: Ministry, indicator: Indicator
) -> None:
    define(ministry, indicator, frequency="S")
    assert asked(indicator) == ["2026-S1", "2026-S2"]


def test_another_frequency_begins_after_the_figures(
    ministry: Ministry, indicator: Indicator
) -> None:
    record(ministry, indicator, "2026-T2")
    with pytest.raises(DomainError) as refused:
        define(ministry, indicator, frequency="M", reason="vaker")
    assert refused.value.code == "frequency_has_figures"
    define(ministry, indicator, frequency="S", reason="minder", valid_from=date(2026, 7, 1))
    assert asked(indicator) == ["2026-T1", "2026-T2", "2026-S2"]


@pytest.mark.parametrize("day", [date(2026, 8, 1), date(2026, 4, 1)])
def test_another_frequency_never_begins_within_a_period(
    ministry: Ministry, indicator: Indicator, day: date
) -> None:
    with pytest.raises(DomainError) as refused:
        define(ministry, indicator, frequency="S", valid_from=day)
    assert (refused.value.code, refused.value.field) == ("frequency_mid_period", "valid_from")
    assert asked(indicator) == ["2026-T1", "2026-T2", "2026-T3", "2026-T4"]


def test_from_yearly_to_quarterly_halfway_leaves_no_double_year(ministry: Ministry) -> None:
    yearly = ministry.indicator(ministry.objective(), frequency="Y")
    with pytest.raises(DomainError) as refused:
        define(ministry, yearly, frequency="T", valid_from=date(2026, 7, 1))
    assert refused.value.field == "valid_from"
    assert asked(yearly) == ["2026"]


def test_what_does_not_apply_stays_so(ministry: Ministry, indicator: Indicator) -> None:
    period_set_not_applicable(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T2"),
        reason="Geen telling in de lente",
    )
    define(ministry, indicator, days_until_due=30)
    row = Obligation.objects.current().get(indicator=indicator, period_start=date(2026, 4, 1))
    assert row.not_applicable_reason == "Geen telling in de lente"
