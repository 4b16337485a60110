"""Operational plans and objectives in the API."""

from django.db.models import Prefetch, Q, QuerySet

from ibzplan.core.api.base import Collection, Read
from ibzplan.core.api.ordering import ByteOrder
from objectives.indicators.models import Indicator
from objectives.planning.choices import PlanState
from objectives.planning.filtersets import OperationalObjectiveFilters, OperationalPlanFilters
from objectives.planning.models import ObjectiveIndicator, OperationalObjective, OperationalPlan
from objectives.planning.serializers import (
    OperationalObjectiveItem,
    OperationalPlanItem,
    operational_objective_item,
    operational_plan_item,
)
from personnel.access import Access, access_of
from personnel.choices import Role


def _plan_states_seen(access: Access) -> list[str]:
    """Return the states of plans that the user may know of (design.md section 9)."""
    if access.sees_drafts or access.has(Role.PLANNER, Role.HEAD, Role.CORPORATE):
        return list(PlanState.values)
    if access.sees_submitted:
        return [PlanState.SUBMITTED, PlanState.APPROVED, PlanState.CLOSED]
    return [PlanState.APPROVED, PlanState.CLOSED] if access.roles else []


class OperationalPlans(Collection[OperationalPlan]):
    """Operational plans, one a calendar year."""

    name = "operationalPlans"
    item_type = OperationalPlanItem
    filterset = OperationalPlanFilters
    sortable = {"year": "year"}
    default_order = ("-year",)
    search_prefix = None

    def visible(self, read: Read) -> QuerySet[OperationalPlan]:
        """Return those in a state that the user may know of."""
        states = _plan_states_seen(access_of(read.user))
        return OperationalPlan.objects.filter(Q(state__in=states)).select_related("plan")

    def item(self, row: OperationalPlan, read: Read) -> OperationalPlanItem:
        """Return one plan."""
        return operational_plan_item(row, read.links)


class OperationalObjectives(Collection[OperationalObjective]):
    """Operational objectives, with the indicators they use."""

    name = "operationalObjectives"
    item_type = OperationalObjectiveItem
    filterset = OperationalObjectiveFilters
    sortable = {
        "year": "plan__year",
        "code": ByteOrder("code"),
        "unit": ByteOrder("unit__code"),
        "startsOn": "starts_on",
        "endsOn": "ends_on",
    }
    default_order = ("-year", "code")

    def visible(self, read: Read) -> QuerySet[OperationalObjective]:
        """Return what the user may see; of their indicators, too, only those."""
        access = access_of(read.user)
        seen = Indicator.objects.visible_to(access).values("pk")
        indicators = ObjectiveIndicator.objects.filter(indicator__in=seen)
        return (
            OperationalObjective.objects.visible_to(access)
            .known_at(read.clocks.known_at)
            .select_related("plan", "unit", "werf__objective")
            .prefetch_related(
                "goals",
                Prefetch("indicator_links", indicators.select_related("indicator")),
                "security_links__security_objective",
            )
        )

    def item(self, row: OperationalObjective, read: Read) -> OperationalObjectiveItem:
        """Return one objective."""
        return operational_objective_item(row, read.links)


COLLECTIONS = (OperationalPlans(), OperationalObjectives())
