"""The view known at T never changes when more is recorded after T, whatever users do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ibzplan.core.clocks import Clocks
from objectives.indicators.choices import Status
from objectives.planning.choices import Step
from personnel.access import access_of
from tests.factories import Ministry, text
from tests.objectives.known_view import View, differences, known_view
from tests.objectives.operations import (
    FIRST_DAYS,
    PERIODS,
    Abandon,
    Act,
    Amend,
    Decide,
    Define,
    Evaluate,
    Fear,
    HandIn,
    Lock,
    Move,
    NotApplicable,
    Operation,
    Override,
    Promise,
    Record,
    Reopen,
    ReportMilestone,
    Retitle,
    Return,
    Reuse,
    SetTarget,
    Share,
    TakeBack,
    TwoYears,
    Validate,
    Weigh,
    Withdraw,
    two_years,
    was_done,
)

YEARS: Final = (2025, 2026)
REFERENCE_DATES: Final = (
    date(2025, 3, 31),
    date(2025, 8, 15),
    date(2025, 12, 31),
    date(2026, 1, 20),
    date(2026, 6, 30),
    date(2026, 10, 31),
)

periods = st.sampled_from(PERIODS)
values = st.integers(0, 90)
yes_or_no = st.booleans()
changes = st.sampled_from(
    [
        (("title", text("Bezetting")),),
        (("title", text("Bezetting van de centrales")), ("tolerance", Decimal(2))),
        (("definition", text("Zonder de nachten")),),
        (("threshold_on_track", Decimal(1)), ("threshold_at_risk", Decimal(0))),
        (("grace_days", 30), ("trajectory", "step")),
        (("days_until_due", 40),),
        (("frequency", "S"),),
        (("frequency", "M"),),
        (("unit_of_measure", text("gesprekken")),),
        (("accumulation", "to_date"),),
        (("target_kind", "decrease"),),
    ]
)
operations: st.SearchStrategy[Operation] = st.one_of(
    st.builds(Record, periods, values, yes_or_no, st.just(False)),
    st.builds(Record, periods, values.filter(bool), st.just(False), yes_or_no),
    st.builds(Validate, periods, yes_or_no),
    st.builds(Return, periods),
    st.builds(Lock, periods),
    st.builds(Decide, yes_or_no, yes_or_no),
    st.just(TakeBack()),
    st.builds(NotApplicable, periods, st.sampled_from(["", "Verbouwing"]), yes_or_no),
    st.builds(Define, st.sampled_from(FIRST_DAYS), yes_or_no, changes, yes_or_no),
    st.builds(
        SetTarget,
        st.sampled_from([date(2025, 6, 30), date(2025, 12, 31), date(2026, 12, 31)]),
        st.integers(41, 300),
        st.sampled_from(YEARS),
        yes_or_no,
        yes_or_no,
    ),
    st.builds(
        Override,
        st.sampled_from(["", Status.ON_TRACK, Status.AT_RISK]),
        st.sampled_from([date(2025, 2, 1), date(2025, 12, 1)]),
    ),
    st.builds(Weigh, st.integers(1, 4), yes_or_no),
    st.builds(Withdraw, yes_or_no),
    st.builds(Reuse, yes_or_no, st.integers(61, 300), st.integers(1, 4)),
    st.builds(Share, yes_or_no, yes_or_no),
    st.builds(Act, st.sampled_from(["Opleiden", "Werven"]), st.integers(0, 3)),
    st.builds(ReportMilestone, st.sampled_from([None, date(2026, 1, 15), date(2026, 1, 20)])),
    st.builds(Fear, st.integers(0, 5)),
    st.builds(Retitle, st.sampled_from(["Eerst", "Dan", "Ten slotte"])),
    st.builds(Amend, st.sampled_from([date(2025, 11, 30), date(2025, 12, 15)])),
    st.builds(Promise, st.integers(41, 300)),
    st.just(Abandon()),
    st.builds(Evaluate, st.sampled_from(["achieved", "not_achieved"])),
    st.just(HandIn()),
    st.just(Reopen()),
    st.builds(Move, st.sampled_from([Step.SUBMIT, Step.PASS_ON, Step.APPROVE, Step.RETURN])),
)

# Every operation there is, in an order in which each of them is allowed.
ALL_OPERATIONS: Final[tuple[Operation, ...]] = (
    Record("2025-T1", 45),
    Record("2025-T1", 46, in_parts=True),
    Validate("2025-T1"),
    Return("2025-T1"),
    Record("2025-T1", 47, in_parts=True),
    NotApplicable("2025-T2", "Verbouwing"),
    NotApplicable("2025-T2"),
    Record("2025-T3", 55),
    Lock("2025-T3"),
    Record("2025-T3", 52),
    Decide(approve=False),
    Record("2025-T3", 50),
    TakeBack(),
    Record("2025-T3", 49),
    Decide(approve=True, as_head=True),
    Define(None, is_break=False, changes=(("title", text("Bezetting")),)),
    Define(date(2025, 4, 1), is_break=True, changes=(("unit_of_measure", text("gesprekken")),)),
    Define(date(2025, 10, 1), is_break=False, changes=(("frequency", "M"),)),
    SetTarget(date(2025, 12, 31), 70, 2025, is_final=True),
    SetTarget(date(2025, 6, 30), 50, 2025, is_final=False),
    Override(Status.AT_RISK, date(2025, 2, 1)),
    Override("", date(2025, 2, 1)),
    Reuse(new=False, target=90),
    Record("2026-T1", 30, new=True),
    Validate("2026-T1", new=True),
    SetTarget(date(2026, 12, 31), 150, 2026, is_final=True, new=True),
    Weigh(3, is_key=True),
    Withdraw(new=True),
    Reuse(new=True, target=150, weight=2),
    Retitle("Ten slotte"),
    Share(is_shared=True, has_goal=True),
    Share(is_shared=True, has_goal=False),
    Act("Opleiden", 2),
    Act("Werven", 3),
    ReportMilestone(date(2026, 1, 15)),
    Fear(3),
    Fear(5),
    Fear(0),
    Act("Werven", 0),
    Act("Opleiden", 1),
    Move(Step.SUBMIT),
    Move(Step.PASS_ON),
    Move(Step.RETURN),
    Move(Step.SUBMIT),
    Move(Step.PASS_ON),
    Move(Step.APPROVE),
    Amend(date(2025, 12, 15)),
    Promise(80),
    Evaluate("not_achieved"),
    HandIn(),
    Reopen(),
    Evaluate("partly"),
    HandIn(),
    Reopen(),
    Abandon(),
)

# A lock changes nothing of what is shown of the figures themselves.
WITHOUT_TRACE: Final[tuple[Operation, ...]] = (Lock("2025-T3"),)


@dataclass(frozen=True, slots=True)
class Kept:
    """What someone was shown once, and by which operation it had just been changed."""

    after: Operation | None
    reader: str
    clocks: Clocks
    view: View


@pytest.fixture
def world(ministry: Ministry) -> TwoYears:
    return two_years(ministry)


@contextmanager
def nothing_stays() -> Iterator[None]:
    """Give each example the same database: what it wrote is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def view_of(world: TwoYears, reader: str, clocks: Clocks) -> View:
    """Return what a user sees. Of a cabinet, only what it may see throughout: rights are of now."""
    outside = reader == "cabinet_am"
    return known_view(
        objectives=[world.approved_pk] if outside else [world.approved_pk, world.draft_pk],
        indicators=[world.running_pk] if outside else [world.running_pk, world.new_pk],
        years=YEARS,
        clocks=clocks,
        access=access_of(world.user(reader)),
    )


def keep(world: TwoYears, after: Operation | None, reader: str, day: date) -> Kept:
    """Read as someone who opens a page now."""
    clocks = Clocks(day, Clocks.now().known_at)
    return Kept(after, reader, clocks, view_of(world, reader, clocks))


def changed_since(world: TwoYears, kept: Kept) -> list[str]:
    """Return what the same question answers differently by now."""
    return differences(kept.view, view_of(world, kept.reader, kept.clocks))


@pytest.mark.slow
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.tuples(
            operations,
            st.sampled_from(["planner_adcv", "auditor", "cabinet_am"]),
            st.sampled_from(REFERENCE_DATES),
        ),
        min_size=4,
        max_size=14,
    )
)
def test_a_view_once_shown_never_changes(
    world: TwoYears, steps: list[tuple[Operation, str, date]]
) -> None:
    with nothing_stays():
        kept = [keep(world, None, "auditor", date(2025, 12, 31))]
        for operation, reader, day in steps:
            was_done(operation, world)
            kept.append(keep(world, operation, reader, day))
        changed = {
            index: lines for index, one in enumerate(kept) if (lines := changed_since(world, one))
        }
        assert not changed, [(kept[index].after, lines) for index, lines in changed.items()]


@pytest.mark.slow
def test_every_operation_there_is_shows_at_once_and_leaves_all_earlier_views(
    world: TwoYears,
) -> None:
    """The property is not empty, and the views compared are not blind: each operation is accepted,
    whoever looks after it sees what it did, and all views before it stay.
    """
    looked = REFERENCE_DATES[2::3]
    kept = [keep(world, None, "auditor", day) for day in REFERENCE_DATES]
    before = [one.view for one in kept if one.clocks.reference_date in looked]
    for operation in ALL_OPERATIONS:
        assert was_done(operation, world), operation
        now = [keep(world, operation, "auditor", day) for day in looked]
        after = [one.view for one in now]
        assert (before == after) == (operation in WITHOUT_TRACE), operation
        kept += [*now, keep(world, operation, "cabinet_am", REFERENCE_DATES[-1])]
        before = after
    for one in kept:
        assert not changed_since(world, one), one.after
