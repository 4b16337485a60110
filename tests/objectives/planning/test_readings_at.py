"""Where objectives stood at several moments, read at once: the same as each moment by itself."""

from datetime import date
from decimal import Decimal
from typing import Final

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ibzplan.core.clocks import Clocks
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure
from objectives.planning.choices import Step
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.readings import (
    in_force_then,
    objective_readings,
    readings_at,
)
from objectives.planning.selectors.trends import deviation_trend, trend_moments
from objectives.planning.services import figure_record
from personnel.access import Access, access_of
from personnel.models import UnitTransfer
from tests.factories import Ministry
from tests.objectives.known_view import objective_said
from tests.objectives.operations import (
    Amend,
    Decide,
    Define,
    Lock,
    Move,
    NotApplicable,
    Operation,
    Override,
    Record,
    Retitle,
    Return,
    Reuse,
    SetTarget,
    Validate,
    Weigh,
    Withdraw,
    two_years,
    was_done,
)

DAYS: Final = (date(2025, 3, 31), date(2025, 9, 30), date(2026, 1, 10), date(2026, 10, 31))
periods = st.sampled_from(("2025-T1", "2025-T2", "2025-T3", "2026-T1", "2026-T2"))
operations: st.SearchStrategy[Operation] = st.one_of(
    st.builds(Record, periods, st.integers(0, 90), st.booleans(), st.just(False)),
    st.builds(Validate, periods, st.booleans()),
    st.builds(Return, periods),
    st.builds(Lock, periods),
    st.builds(Decide, st.booleans(), st.booleans()),
    st.builds(NotApplicable, periods, st.sampled_from(["", "Verbouwing"]), st.booleans()),
    st.builds(
        Define,
        st.sampled_from([None, date(2025, 4, 1), date(2026, 1, 1)]),
        st.booleans(),
        st.sampled_from([(("grace_days", 30),), (("accumulation", "to_date"),)]),
        st.booleans(),
    ),
    st.builds(
        SetTarget,
        st.sampled_from([date(2025, 6, 30), date(2025, 12, 31), date(2026, 12, 31)]),
        st.integers(41, 300),
        st.sampled_from((2025, 2026)),
        st.booleans(),
        st.booleans(),
    ),
    st.builds(
        Override,
        st.sampled_from(["", "on_track", "at_risk"]),
        st.sampled_from([date(2025, 2, 1), date(2025, 12, 1)]),
    ),
    st.builds(Weigh, st.integers(1, 4), st.booleans()),
    st.builds(Withdraw, st.booleans()),
    st.builds(Reuse, st.booleans(), st.integers(61, 300), st.integers(1, 4)),
    st.builds(Retitle, st.sampled_from(["Eerst", "Dan"])),
    st.builds(Amend, st.sampled_from([date(2025, 11, 30), date(2025, 12, 15)])),
    st.builds(Move, st.sampled_from([Step.SUBMIT, Step.PASS_ON, Step.APPROVE, Step.RETURN])),
)


def _objectives() -> list[OperationalObjective]:
    return list(OperationalObjective.objects.select_related("plan", "unit"))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(operations, min_size=2, max_size=8))
@example(
    done=[
        Record("2025-T1", 41),
        Validate("2025-T1"),
        Record("2025-T1", 52),
        Override("at_risk", date(2025, 2, 1)),
        Return("2025-T1"),
        Withdraw(True),
        Define(date(2025, 4, 1), True, (("grace_days", 30),)),
        Override("", date(2025, 2, 1)),
    ]
)
def test_several_moments_at_once_say_what_each_says_alone(
    ministry: Ministry, done: list[Operation]
) -> None:
    with transaction.atomic():
        to = two_years(ministry)
        instants = [Clocks.now().known_at]
        for operation in done:
            if was_done(operation, to):
                instants.append(Clocks.now().known_at)
        moments = [
            Clocks(day, known_at, pinned_reference=True, pinned_known=True)
            for known_at in instants
            for day in DAYS
        ]
        for name in ("auditor", "cabinet_am", "planner_adcv"):
            _assert_same(moments, access_of(ministry.users[name]))
        transaction.set_rollback(True)


def _assert_same(moments: list[Clocks], access: Access) -> None:
    together = readings_at(_objectives(), moments, access=access)
    for clocks, found in zip(moments, together, strict=True):
        alone = objective_readings(_objectives(), clocks=clocks, access=access)
        assert [objective_said(one) for one in found] == [objective_said(one) for one in alone]
        in_force = OperationalObjective.objects.in_force_at(clocks.known_at)
        expected = set(in_force.values_list("pk", flat=True))
        assert {row.pk for row in _objectives() if in_force_then(row, clocks.known_at)} == expected
        shown = {one.objective.pk for one in found if in_force_then(one.objective, clocks.known_at)}
        assert shown == expected


def _queries(moments: list[Clocks]) -> int:
    rows = _objectives()
    with CaptureQueriesContext(connection) as caught:
        readings_at(rows, moments, access=Access(is_superuser=True))
    return len(caught)


def test_more_moments_and_more_objectives_take_no_more_queries(ministry: Ministry) -> None:
    def add() -> None:
        ministry.indicator(ministry.objective())

    add()
    early = Clocks.now().known_at
    add()
    now = Clocks.now()
    one = [Clocks(DAYS[0], early)]
    many = [Clocks(day, known) for known in (early, now.known_at) for day in DAYS]
    alone = _queries(one)
    assert _queries(many) == alone
    add()
    add()
    assert _queries(many) == alone


@pytest.mark.parametrize("day", DAYS)
def test_an_indicator_that_went_over_stands_with_its_owner_of_each_day(
    ministry: Ministry, day: date
) -> None:
    indicator = ministry.indicator(ministry.objective())
    UnitTransfer.objects.create(
        target_type=indicator.type_name(),
        target_uuid=indicator.uuid,
        from_unit=ministry.dvz,
        to_unit=ministry.adcv,
        takes_effect_on=DAYS[2],
        recorded_at=Clocks.now().known_at,
    )
    known_at = Clocks.now().known_at
    moments = [Clocks(one, known_at) for one in DAYS]
    together = readings_at(_objectives(), moments, access=Access(is_superuser=True))
    owners = {
        clocks.reference_date: found[0].indicators[0].reading.indicator.owner.code
        for clocks, found in zip(moments, together, strict=True)
    }
    assert owners[day] == ("DVZ" if day < DAYS[2] else "ADCV")


def test_the_course_has_a_point_for_each_quarter_that_is_over_and_one_for_the_day_itself(
    ministry: Ministry,
) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    for period, value in (("2026-T1", "88"), ("2026-T2", "95")):
        figure_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=parse_period(period),
            figure=Figure(value=Decimal(value)),
        )
    clocks = Clocks(date(2026, 8, 1), Clocks.now().known_at)
    moments = trend_moments(2026, clocks)
    assert [one.reference_date for one in moments] == [
        date(2026, 3, 31),
        date(2026, 6, 30),
        date(2026, 8, 1),
    ]
    found = readings_at(_objectives(), moments, access=Access(is_superuser=True))
    first, second, last = deviation_trend(zip(moments, found, strict=True))
    assert first.deviation is not None and first.deviation < 0
    assert second.deviation is not None and second.deviation > 0
    assert last.deviation == second.deviation  # the figures are those of the second quarter
