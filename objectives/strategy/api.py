"""The strategic plan in the API. The plan is public: whoever signs in reads all of it."""

from django.db.models import QuerySet

from ibzplan.core.api.base import Collection, Read
from ibzplan.core.api.ordering import ByteOrder, SortColumns
from objectives.strategy.filtersets import BelowObjectiveFilters, PlanEntryFilters, WerfFilters
from objectives.strategy.models import Goal, Mission, StrategicObjective, Werf
from objectives.strategy.serializers import (
    GoalItem,
    MissionItem,
    StrategicObjectiveItem,
    WerfItem,
    goal_item,
    mission_item,
    strategic_objective_item,
    werf_item,
)

PLAN_ORDER: SortColumns = {"order": "order", "code": ByteOrder("code")}
BELOW_ORDER: SortColumns = {"objective": "objective__order", **PLAN_ORDER}


class Missions(Collection[Mission]):
    """Core missions of the department."""

    name = "missions"
    item_type = MissionItem
    filterset = PlanEntryFilters
    sortable = PLAN_ORDER
    default_order = ("order", "code")

    def visible(self, read: Read) -> QuerySet[Mission]:
        """Return all."""
        return Mission.objects.select_related("plan")

    def item(self, row: Mission, read: Read) -> MissionItem:
        """Return one mission."""
        return mission_item(row, read.links)


class StrategicObjectives(Collection[StrategicObjective]):
    """Strategic objectives."""

    name = "strategicObjectives"
    item_type = StrategicObjectiveItem
    filterset = PlanEntryFilters
    sortable = PLAN_ORDER
    default_order = ("order", "code")

    def visible(self, read: Read) -> QuerySet[StrategicObjective]:
        """Return all."""
        return StrategicObjective.objects.select_related("plan", "coalition_line")

    def item(self, row: StrategicObjective, read: Read) -> StrategicObjectiveItem:
        """Return one objective."""
        return strategic_objective_item(row, read.links)


class Goals(Collection[Goal]):
    """Goals of the strategic objectives."""

    name = "goals"
    item_type = GoalItem
    filterset = BelowObjectiveFilters
    sortable = BELOW_ORDER
    default_order = ("objective", "order", "code")
    embeds = {"strategicObjective": "strategicObjectives"}

    def visible(self, read: Read) -> QuerySet[Goal]:
        """Return all."""
        return Goal.objects.select_related("objective")

    def item(self, row: Goal, read: Read) -> GoalItem:
        """Return one goal."""
        return goal_item(row, read.links)


class Werven(Collection[Werf]):
    """Worksites (werven) of the strategic objectives."""

    name = "werven"
    item_type = WerfItem
    filterset = WerfFilters
    sortable = BELOW_ORDER
    default_order = ("objective", "order", "code")
    embeds = {"strategicObjective": "strategicObjectives", "units": "organisationUnits"}

    def visible(self, read: Read) -> QuerySet[Werf]:
        """Return all."""
        return Werf.objects.select_related("objective").prefetch_related(
            "unit_links__unit", "elements"
        )

    def item(self, row: Werf, read: Read) -> WerfItem:
        """Return one werf."""
        return werf_item(row, read.links)


COLLECTIONS = (Missions(), StrategicObjectives(), Goals(), Werven())
