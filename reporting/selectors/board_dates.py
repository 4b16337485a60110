"""What lies ahead on a dashboard: the next milestone of each werf, and the next deadlines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import as_known
from ibzplan.core.steady import steady
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.milestones import OpenMilestone
from personnel.access import Access
from reporting.models import Deadline
from reporting.selectors.calendar import sending_item
from reporting.selectors.calendar_deadlines import deadline_items
from reporting.selectors.calendar_item import CalendarItem


@dataclass(frozen=True, slots=True)
class NextMilestone:
    """The first day ahead with a milestone, None without; `late` counts those that are overdue."""

    due_on: date | None
    late: int


@steady
def _deadlines(plan_id: int, access: Access, known_at: datetime | None) -> tuple[Deadline, ...]:
    """Return the entered days of a plan year that the user may see; `known_at` None means now."""
    rows = Deadline.objects.visible_to(access).filter(plan=plan_id).select_related("plan", "unit")
    if known_at is None:
        return tuple(rows.current())
    return tuple(as_known(list(rows.standing_at(known_at)), known_at))


@steady
def _plan_known(plan: OperationalPlan, known_at: datetime) -> OperationalPlan | None:
    """Return the plan year as it stood: its vote and its sending are recorded later."""
    return next(iter(as_known([plan], known_at)), None)


def next_milestone(rows: Iterable[OpenMilestone]) -> NextMilestone:
    """Return what lies ahead of the milestones that are not done, and how many are overdue."""
    listed = list(rows)
    ahead = [row.due_on for row in listed if not row.is_late]
    return NextMilestone(min(ahead, default=None), len(listed) - len(ahead))


def coming_items(
    plan: OperationalPlan, unit_ids: set[int] | None, clocks: Clocks, access: Access
) -> Sequence[CalendarItem]:
    """Return the entered days from the reference date on that are not done, and that of sending.

    Days of a unit that is not asked for are left out. The first day comes first.
    """
    day, known_at = clocks.reference_date, clocks.moment_asked
    rows = [
        row
        for row in _deadlines(plan.pk, access, known_at)
        if row.due_on >= day
        and (row.done_on is None or row.done_on > day)
        and (row.unit_id is None or unit_ids is None or row.unit_id in unit_ids)
    ]
    then = plan if known_at is None else _plan_known(plan, known_at)
    sending = sending_item(then) if then is not None else None
    if sending is not None and sending.day >= day and not sending.is_done:
        return sorted([*deadline_items(rows), sending], key=lambda item: (item.day, item.key))
    return deadline_items(rows)
