"""The milestones that are not done: of activities, and indicators that are one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import KnownSpan
from ibzplan.core.rewind import as_known
from ibzplan.core.steady import steady
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.readings import ObjectiveReading, open_milestone_links
from objectives.strategy.models import Activity, Milestone

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class OpenMilestone:
    """A milestone that was not done on the reference date; `is_late` when its day was over."""

    objective: OperationalObjective
    title: LocalisedText
    due_on: date
    is_late: bool


def open_milestones(
    readings: Sequence[ObjectiveReading], clocks: Clocks
) -> dict[int, list[OpenMilestone]]:
    """Return by objective its milestones that were not done by both clocks, the first one first.

    One query, and one for an earlier moment; those of a plan year are steady.
    """
    plans = sorted({reading.objective.plan_id for reading in readings})
    by_uuid: dict[UUID, list[Milestone]] = {}
    for row in _known(_milestones(*plans) if plans else (), clocks):
        by_uuid.setdefault(row.activity.target_uuid, []).append(row)
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


@steady(Activity, Milestone)
def _milestones(*plans: int) -> tuple[Milestone, ...]:
    """Return every milestone that activities of these plan years have or had, by due date."""
    objectives = OperationalObjective.objects.filter(plan__in=plans).order_by().values("uuid")
    rows = Milestone.objects.filter(
        activity__target_type=OperationalObjective.type_name(),
        activity__target_uuid__in=objectives,
    ).select_related("activity")
    return tuple(rows.order_by("due_on", "order", "pk"))


def _known(rows: Iterable[Milestone], clocks: Clocks) -> list[Milestone]:
    """Return those that held then, as they were: what is reported changes the row itself."""
    moment = clocks.known_at
    held = [row for row in rows if _holds(row, moment) and _holds(row.activity, moment)]
    return as_known(held, moment) if clocks.pinned_known else held


def _holds(row: KnownSpan, moment: datetime) -> bool:
    return row.known_from <= moment and (row.known_until is None or row.known_until > moment)
