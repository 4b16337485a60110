"""Allocating, changing and withdrawing: who may, when, and what the history keeps."""

from fractions import Fraction
from typing import Any

import pytest

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.models import HistoryEntry
from objectives.allocation.choices import LineKind
from objectives.allocation.models import CreditAllocation, StaffAllocation
from objectives.allocation.selectors import allocation_book, findings
from objectives.allocation.services import allocation_withdraw
from objectives.planning.models import OperationalObjective
from tests.objectives.allocation.small_world import EVERYTHING, YEAR, World, now, then


def refusal(world: World, *arguments: Any, **how: Any) -> DomainError:
    """Return why an allocation is refused."""
    with pytest.raises(DomainError) as refused:
        world.give(*arguments, **how)
    return refused.value


def test_planners_and_the_head_allocate_of_their_own_lines_to_their_own_objectives(
    world: World,
) -> None:
    objective, other = world.objective(), world.objective("Ander", by="planner_dvz")
    world.give(world.credits["ADCV"], objective, "1/3", by="planner_adcv")
    world.give(world.people["ADCV"], objective, "1/4", by="head_adcv")
    for line, to, by in (
        (world.credits["DVZ"], objective, "planner_adcv"),
        (world.credits["ADCV"], other, "planner_adcv"),
        (world.credits["TOT"], objective, "planner_adcv"),
        (world.people["ADCV"], objective, "committee"),
        (world.people["ADCV"], objective, "auditor"),
    ):
        assert isinstance(refusal(world, line, to, "1/9", by=by), NotAllowed)
    for by in ("", "corporate"):
        world.give(world.credits["DVZ"], objective if by else other, "1/9", by=by)
    assert CreditAllocation.objects.count() == 3
    assert StaffAllocation.objects.count() == 1


def test_the_state_of_an_objective_says_who_changes_its_means_and_the_error_who_may(
    world: World,
) -> None:
    objective, line = world.objective(), world.credits["ADCV"]
    row = world.give(line, objective, "1/3")
    for state, desk, by, words in (
        ("submitted", "corporate", "planner_adcv", "lies with the corporate cell"),
        ("submitted", "corporate", "", "lies with the corporate cell"),
        ("approved", "", "planner_adcv", "no amendment does. Ask the B&B or P&O officers"),
        ("closed", "", "planner_adcv", "Nothing changes it any more, no amendment either"),
        ("closed", "", "", "Nothing changes it any more, no amendment either"),
    ):
        OperationalObjective.objects.filter(pk=objective.pk).update(state=state, waits_for=desk)
        error = refusal(world, line, objective, "1/2", by=by, expected_version=1)
        assert words in error.message
        actor = world.ministry.users[by] if by else world.officer
        with pytest.raises(DomainError, match=words):
            allocation_withdraw(actor=actor, allocation=row, expected_version=1)
    row.refresh_from_db()
    assert (row.share, row.withdrawn_at) == (Fraction(1, 3), None)
    # In force, who keeps the means changes them: the budget is adjusted within the year.
    OperationalObjective.objects.filter(pk=objective.pk).update(state="approved", waits_for="")
    assert world.give(line, objective, "1/2", expected_version=1).share == Fraction(1, 2)


def test_a_share_changes_with_its_version_and_an_earlier_page_shows_what_it_was(
    world: World,
) -> None:
    objective, line = world.objective(), world.credits["ADCV"]
    row = world.give(line, objective, "1/3", reason="Eerste raming")
    first = then()
    world.give(line, objective, "1/2", expected_version=1)
    second = then()
    with pytest.raises(EditConflict) as conflict:
        world.give(line, objective, "1/4", expected_version=1)
    assert conflict.value.theirs == {"share": Fraction(1, 2), "version": 2}
    row.refresh_from_db()
    with pytest.raises(EditConflict):
        allocation_withdraw(actor=world.officer, allocation=row, expected_version=1)
    allocation_withdraw(actor=world.officer, allocation=row, expected_version=2, reason="Toch niet")
    with pytest.raises(EditConflict, match="withdrew"):
        allocation_withdraw(actor=world.officer, allocation=row, expected_version=3)
    world.give(line, objective, "1/5")  # anew, beside the one that was withdrawn

    def known(clocks: Any) -> list[Fraction]:
        use = allocation_book(YEAR, clocks, EVERYTHING).credits[1]
        return [part.share for part in use.parts]

    assert known(first) == [Fraction(1, 3)]
    assert known(second) == [Fraction(1, 2)]
    assert [part.share for part in now().credits[1].parts] == [Fraction(1, 5)]
    entries = HistoryEntry.objects.filter(target_uuid=row.uuid).order_by("at")
    assert [(entry.action, entry.reason) for entry in entries] == [
        ("created", "Eerste raming"),
        ("changed", ""),
        ("withdrawn", "Toch niet"),
    ]


def test_more_than_all_of_a_line_is_refused_with_line_unit_sum_and_what_is_left(
    world: World,
) -> None:
    one, two = world.objective("Een"), world.objective("Twee")
    line = world.credits["ADCV"]
    world.give(line, one, "2/3")
    error = refusal(world, line, two, "1/2")
    assert (error.code, error.field) == ("over_allocated", "share")
    assert "116.67\u00a0% of line ADCV (unit: ADCV)" in error.message
    assert "at most 1/3 (33.33\u00a0%)" in error.message
    world.give(line, two, "1/3")
    assert "Nothing is left" in refusal(world, line, world.objective("Drie"), "1/100").message
    # Its own share counts once: it may grow into what the other leaves.
    world.give(line, two, "1/4", expected_version=1)
    assert now().credits[1].whole.left == Fraction(1, 12)


def test_a_line_and_one_above_it_are_not_both_allocated(world: World) -> None:
    objective = world.objective()
    world.give(world.credits["ADCV"], objective, "1/3")
    error = refusal(world, world.credits["TOT"], objective, "1/3")
    assert error.code == "allocated_twice"
    assert "Line ADCV, in the same branch as line TOT" in error.message
    world.give(world.credits["POOL"], objective, "1/3")  # beside it, not below it
    world.give(world.people["ENV1"], objective, "1/3")
    assert refusal(world, world.people["ADCV"], objective, "1/3").code == "allocated_twice"
    assert not findings(now())


def test_of_a_staffing_line_statutes_are_allocated_apart_or_together(world: World) -> None:
    objective, line = world.objective(), world.people["ADCV"]
    world.give(line, objective, "1", statute="statutory")
    world.give(line, objective, "1/2", statute="contractual")
    error = refusal(world, line, objective, "1/2", statute="all")
    assert (error.code, error.field) == ("allocated_twice", "statute")
    assert "same people" in error.message
    assert refusal(world, line, objective, "1", statute="soldaten").field == "statute"
    use = now().line(LineKind.STAFFING, "ADCV")
    assert use is not None
    assert [(pool.statute, pool.allocated) for pool in use.pools] == [
        ("all", 0),
        ("mandate", 0),
        ("statutory", 1),
        ("contractual", Fraction(1, 2)),
    ]


def test_where_the_setting_warns_too_much_is_taken_and_found(world: World, settings: Any) -> None:
    settings.ALLOCATION_OVER = "warn"
    one, two = world.objective("Een"), world.objective("Twee")
    world.give(world.credits["ADCV"], one, "2/3")
    world.give(world.credits["ADCV"], two, "1/2")
    world.give(world.credits["TOT"], one, "1/10")
    found = [(one.use.line.code, one.other and one.other.line.code) for one in findings(now())]
    assert found == [("ADCV", None), ("ADCV", "TOT")]
    use = now().credits[1]
    assert (use.whole.left, use.is_over) == (Fraction(-1, 6), True)
    assert refusal(world, world.credits["DVZ"], one, "3/2").code == "no_share"


def test_what_an_amendment_took_out_of_the_plan_leaves_its_share_free(world: World) -> None:
    gone, other = world.objective("Een"), world.objective("Twee")
    world.give(world.credits["ADCV"], gone, "1")
    at = world.give(world.credits["DVZ"], other, "1/2").created_at
    OperationalObjective.objects.filter(pk=gone.pk).update(
        state="withdrawn", waits_for="", approved_at=at, withdrawn_at=at
    )
    use = now().credits[1]
    assert use.whole.left == 1
    assert [part.share for part in use.released] == [1]
    world.give(world.credits["ADCV"], other, "1")
