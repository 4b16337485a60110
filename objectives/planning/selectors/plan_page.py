"""The plan of a year at a glance: who has how much on which desk, what is not there yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ibzplan.core.comments.threads import open_requests
from objectives.planning.calendar_rules import sending_due_on
from objectives.planning.choices import PlanState, WaitsFor
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors.plan_years import plan_years
from objectives.strategy.models import Plan
from personnel.access import Access
from personnel.choices import Role
from personnel.models import OrganisationUnit, User
from personnel.structure import all_units, units_that_plan

COLUMNS: Final = (*WaitsFor.values, "in_force")


@dataclass(frozen=True, slots=True)
class UnitDesks:
    """How many objectives of a directorate lie on each desk, in the order of COLUMNS."""

    unit: OrganisationUnit
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Return how many there are."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class PlanGaps:
    """What is not there yet for a plan to come into force."""

    empty_units: tuple[OrganisationUnit, ...] = ()
    undecided: tuple[OperationalObjective, ...] = ()
    drafts: tuple[OperationalObjective, ...] = ()
    requests: int = 0

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing."""
        return not (self.empty_units or self.undecided or self.drafts or self.requests)


@dataclass(frozen=True, slots=True)
class PlanDeadline:
    """A dated thing to come of a plan."""

    day: date
    title: Promise | str
    url: str = ""


DeadlineSource = Callable[[OperationalPlan, User, date], Sequence[PlanDeadline]]
"""Gives the deadlines of a plan from a day on, for one user."""

_DEADLINES: dict[str, DeadlineSource] = {}


def register_deadlines(name: str, source: DeadlineSource) -> None:
    """Add to the deadlines of the plan page; called from an app's ready()."""
    _DEADLINES[name] = source


def next_deadline(plan: OperationalPlan, user: User, today: date) -> PlanDeadline | None:
    """Return the first thing to come: sending to the ministers, or what other apps know of."""
    found = [*_sending(plan)]
    for source in _DEADLINES.values():
        found += source(plan, user, today)
    return min((one for one in found if one.day >= today), key=lambda one: one.day, default=None)


def _sending(plan: OperationalPlan) -> list[PlanDeadline]:
    if plan.budget_voted_on is None or plan.sent_on is not None:
        return []
    due = sending_due_on(plan.budget_voted_on)
    return [PlanDeadline(due, _("Send the plan to the ministers, for information"))]


def reads_desks(access: Access) -> bool:
    """Tell whether the user sees how far a plan in the making is: never a cabinet."""
    return bool(access.unit_ids and access.has(Role.PLANNER, Role.HEAD)) or access.has(
        Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR
    )


def sees_plan(access: Access, plan: OperationalPlan) -> bool:
    """Tell whether there is a plan for the user: one in the making is for those who make it."""
    made = plan.state in (PlanState.APPROVED, PlanState.CLOSED)
    return (made and bool(access.roles)) or reads_desks(access)


def strategic_plan_of_next(plan: OperationalPlan) -> Plan:
    """Return the strategic plan that holds on 1 January of the year after that of a plan."""
    found, first = plan.plan, date(plan.year + 1, 1, 1)
    while found.replaced_on is not None and found.replaced_on <= first:
        successor = found.successors.first()
        if successor is None:
            break
        found = successor
    return found


def may_open_next(plan: OperationalPlan, access: Access) -> bool:
    """Tell whether the user opens the plan of the next year: it is not there, and has a place."""
    if not access.has(Role.CORPORATE):
        return False
    year, strategic = plan.year + 1, strategic_plan_of_next(plan)
    has_place = strategic.starts_on.year <= year <= strategic.ends_on.year
    return has_place and year not in plan_years()


def unit_desks(plan: OperationalPlan, access: Access) -> list[UnitDesks]:
    """Return the desks by directorate: one query. A planner gets those of the own units.

    The corporate cell gets the number of drafts too, not the drafts.
    """
    counts: dict[int, dict[str, int]] = {}
    rows = (
        OperationalObjective.objects.filter(plan=plan)
        .exclude(state=PlanState.WITHDRAWN)
        .order_by()
        .values_list("unit", "waits_for")
        .annotate(n=Count("pk"))
    )
    for unit, desk, n in rows:
        counts.setdefault(unit, {})[desk or "in_force"] = n
    every = access.has(Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR)
    planning = {unit.pk for unit in units_that_plan()}
    return [
        UnitDesks(unit, _in_order(counts.get(unit.pk, {})))
        for unit in all_units()
        if (unit.pk in counts or unit.pk in planning) and (every or access.plans_for(unit.pk))
    ]


def _in_order(of_unit: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(of_unit.get(column, 0) for column in COLUMNS)


def plan_gaps(plan: OperationalPlan) -> PlanGaps:
    """Return what is missing: three queries."""
    rows = list(
        OperationalObjective.objects.filter(
            plan=plan, state__in=[PlanState.DRAFT, PlanState.SUBMITTED]
        ).select_related("unit")
    )
    of_units = OperationalObjective.objects.filter(plan=plan).order_by()
    used = set(of_units.values_list("unit", flat=True).distinct())
    asked = open_requests(OperationalObjective.type_name(), [row.uuid for row in rows])
    return PlanGaps(
        tuple(unit for unit in units_that_plan() if unit.pk not in used),
        tuple(row for row in rows if row.state == PlanState.SUBMITTED),
        tuple(row for row in rows if row.state == PlanState.DRAFT),
        sum(len(requests) for requests in asked.values()),
    )
