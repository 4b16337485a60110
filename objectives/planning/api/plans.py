"""Operational plans in the API."""

from django.db.models import QuerySet

from ibzplan.core.api.base import Read
from ibzplan.core.api.rewound import RecordCollection
from objectives.planning.choices import IN_FORCE, PlanState
from objectives.planning.feeds import PLANS
from objectives.planning.filtersets import OperationalPlanFilters
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.statuses import plans_known
from objectives.planning.serializers import OperationalPlanItem, operational_plan_item
from personnel.access import Access, access_of
from personnel.choices import Role


def _plan_states_seen(access: Access) -> list[str]:
    """Return the states of plans that the user may know of (design.md section 9)."""
    if access.sees_drafts or access.has(Role.PLANNER, Role.HEAD, Role.CORPORATE):
        return list(PlanState.values)
    if access.sees_submitted:
        return [PlanState.SUBMITTED, *IN_FORCE]
    return list(IN_FORCE) if access.roles else []


class OperationalPlans(RecordCollection[OperationalPlan]):
    """Operational plans, one a calendar year."""

    name = "operationalPlans"
    item_type = OperationalPlanItem
    filterset = OperationalPlanFilters
    reference_date_means = "It is the same on any date."
    sortable = {"year": "year"}
    default_order = ("-year",)
    search_prefix = None
    feed = PLANS

    def visible(self, read: Read) -> QuerySet[OperationalPlan]:
        """Return those that were there then, in a state that the user may know of."""
        states = _plan_states_seen(access_of(read.user))
        known = [plan.pk for plan in plans_known(read.clocks) if plan.state in states]
        return OperationalPlan.objects.filter(pk__in=known).select_related("plan")

    def item(self, row: OperationalPlan, read: Read) -> OperationalPlanItem:
        """Return one plan."""
        return operational_plan_item(row, read.links)
