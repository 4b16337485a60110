"""Dates of the plan cycle that wait for the corporate cell: near, or late."""

from datetime import date, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from objectives.planning.calendar_rules import sending_due_on
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.queues import Counted
from personnel.access import Access
from personnel.choices import Role
from personnel.models import User
from reporting.choices import DeadlineKind
from reporting.models import Deadline

SOON_DAYS: Final = 14
_SHORTEST_MONTH_DAYS: Final = 28


def soon_deadlines(until: date) -> QuerySet[Deadline]:
    """Return the days up to `until` that the corporate cell has to meet itself, not done."""
    of_cell = (
        Q(kind=DeadlineKind.REVIEW, plan__approved_on=None)
        | Q(kind=DeadlineKind.REPORT)
        | Q(kind=DeadlineKind.OTHER, unit=None)
    )
    return (
        Deadline.objects.current()
        .filter(of_cell, done_on=None, due_on__lte=until)
        .exclude(plan__state=PlanState.CLOSED)
    )


def soon_sendings(until: date) -> QuerySet[OperationalPlan]:
    """Return the plans that are due with the ministers by `until`, not sent."""
    voted = until - timedelta(days=_SHORTEST_MONTH_DAYS)
    while sending_due_on(voted) > until:
        voted -= timedelta(days=1)
    return OperationalPlan.objects.filter(sent_on=None, budget_voted_on__lte=voted).exclude(
        state=PlanState.CLOSED
    )


def soon_count(_user: User, access: Access) -> Counted:
    """Return the dates that wait, not asked for; None for who is not of the corporate cell."""
    if Role.CORPORATE not in access.roles:
        return None
    until = timezone.localdate() + timedelta(days=SOON_DAYS)
    near = soon_deadlines(until).order_by().values_list("pk")
    return near.union(soon_sendings(until).order_by().values_list("pk"), all=True)
