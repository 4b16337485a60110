"""The milestones that are not done: of activities, and indicators that are one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.rewind import as_known, held_at
from ibzplan.core.selectors import instant_read
from ibzplan.core.steady import FEW, steady
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.readings import ObjectiveReading, open_milestone_links
from objectives.strategy.models import Milestone

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class OpenMilestone:
    """A milestone that was not done on the reference date; `is_late` when its day was over."""

    objective: OperationalObjective
    title: LocalisedText
    due_on: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class Said:
    """When a milestone was done, and when it is expected; None where nobody said so."""

    done_on: date | None = None
    forecast_on: date | None = None


@dataclass(frozen=True, slots=True)
class MilestonePair:
    """A milestone of an activity that was there at two moments; `due_on` is that of the later."""

    title: LocalisedText
    due_on: date
    said_before: Said
    said_after: Said
    was_missed: bool


def open_milestones(
    readings: Sequence[ObjectiveReading], clocks: Clocks
) -> dict[int, list[OpenMilestone]]:
    """Return by objective its milestones that were not done by both clocks, the first one first.

    One query a plan year, and one for an earlier moment; none when it is known (see steady).
    """
    by_uuid: dict[UUID, Sequence[Milestone]] = {}
    for plan_id in sorted({reading.objective.plan_id for reading in readings}):
        by_uuid.update(milestones_known(plan_id, clocks))
    found: dict[int, list[OpenMilestone]] = {}
    for reading in readings:
        of_activities = (
            (row.title, row.due_on)
            for row in by_uuid.get(reading.objective.uuid, ())
            if row.done_on is None or row.done_on > clocks.reference_date
        )
        of_indicators = (
            (link.reading.indicator.title, due_on)
            for link, due_on in open_milestone_links(reading.indicators)
        )
        rows = [
            OpenMilestone(reading.objective, title, due_on, due_on < clocks.reference_date)
            for title, due_on in (*of_activities, *of_indicators)
        ]
        found[reading.objective.pk] = sorted(rows, key=lambda row: row.due_on)
    return found


def milestones_between(
    plan_id: int, before: Clocks, after: Clocks
) -> dict["UUID", tuple[MilestonePair, ...]]:
    """Return by objective the milestones of activities that a plan year had at both moments.

    As many queries as `open_milestones` of each moment.
    """
    earlier = milestones_known(plan_id, before)
    return {
        uuid: tuple(_pair(then[row.pk], row, before, after) for row in rows if row.pk in then)
        for uuid, rows in milestones_known(plan_id, after).items()
        if (then := {row.pk: row for row in earlier.get(uuid, ())})
    }


def _pair(then: Milestone, now: Milestone, before: Clocks, after: Clocks) -> MilestonePair:
    said, said_before = _said(now, after), _said(then, before)
    is_late, was_late = (
        what.done_on is None and row.due_on < clocks.reference_date
        for what, row, clocks in ((said, now, after), (said_before, then, before))
    )
    return MilestonePair(now.title, now.due_on, said_before, said, is_late and not was_late)


def _said(row: Milestone, clocks: Clocks) -> Said:
    """Return what was said of it; what was done after the reference date was not done yet."""
    is_done = row.done_on is not None and row.done_on <= clocks.reference_date
    return Said(row.done_on if is_done else None, row.forecast_on)


def milestones_known(plan_id: int, clocks: Clocks) -> Mapping["UUID", Sequence[Milestone]]:
    """Return by objective the milestones that activities of a plan year had, by due date.

    As they were then. One query, and one for an earlier moment; none when known (see steady).
    """
    if clocks.moment_kept:
        return _milestones_then(plan_id, clocks.known_at)
    moment = clocks.known_at
    return _by_objective(row for row in milestones_of(plan_id) if _held(row, moment))


@steady(most=FEW)
def _milestones_then(plan_id: int, moment: datetime) -> Mapping["UUID", Sequence[Milestone]]:
    """Return what stood then, as it was: what is reported changes the row itself."""
    held = [row for row in milestones_of(plan_id) if _held(row, moment)]
    return _by_objective(as_known(held, moment))


@steady
def milestones_of(plan_id: int) -> tuple[Milestone, ...]:
    """Return every milestone that activities of this plan year have or had, by due date."""
    objectives = OperationalObjective.objects.filter(plan=plan_id).order_by().values("uuid")
    rows = Milestone.objects.filter(
        activity__target_type=OperationalObjective.type_name(),
        activity__target_uuid__in=objectives,
    ).select_related("activity")
    return tuple(rows.annotate(read_at=instant_read()).order_by("due_on", "order", "pk"))


def _by_objective(rows: Iterable[Milestone]) -> dict["UUID", list[Milestone]]:
    found: dict[UUID, list[Milestone]] = {}
    for row in rows:
        found.setdefault(row.activity.target_uuid, []).append(row)
    return found


def _held(row: Milestone, moment: datetime) -> bool:
    return held_at(row, moment) and held_at(row.activity, moment)
