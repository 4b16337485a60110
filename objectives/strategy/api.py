"""The strategic plan in the API. The plan is public: whoever signs in reads all of it."""

from collections.abc import Sequence

from django.db.models import QuerySet

from ibzplan.core.api.base import Read
from ibzplan.core.api.ordering import ByteOrder, SortColumns
from ibzplan.core.api.rewound import RegisterCollection, hold, refer_then
from objectives.strategy.filtersets import BelowObjectiveFilters, PlanEntryFilters, WerfFilters
from objectives.strategy.models import Goal, Mission, PlanEntry, StrategicObjective, Werf
from objectives.strategy.selectors.links import werf_units_known
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


def place_of(entry: PlanEntry) -> tuple[int, int]:
    """Return what puts entries in the order of their plan."""
    return entry.order, entry.pk


class Missions(RegisterCollection[Mission]):
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


class StrategicObjectives(RegisterCollection[StrategicObjective]):
    """Strategic objectives."""

    name = "strategicObjectives"
    item_type = StrategicObjectiveItem
    filterset = PlanEntryFilters
    sortable = PLAN_ORDER
    default_order = ("order", "code")

    def visible(self, read: Read) -> QuerySet[StrategicObjective]:
        """Return all."""
        return StrategicObjective.objects.select_related("plan", "coalition_line")

    def shown(self, rows: Sequence[StrategicObjective], read: Read) -> Sequence[StrategicObjective]:
        """Return the objectives, and the lines that they execute, as they stood then."""
        return refer_then(super().shown(rows, read), "coalition_line", read)

    def item(self, row: StrategicObjective, read: Read) -> StrategicObjectiveItem:
        """Return one objective."""
        return strategic_objective_item(row, read.links)


class Goals(RegisterCollection[Goal]):
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


class Werven(RegisterCollection[Werf]):
    """Worksites (werven) of the strategic objectives."""

    name = "werven"
    item_type = WerfItem
    filterset = WerfFilters
    sortable = BELOW_ORDER
    default_order = ("objective", "order", "code")
    embeds = {"strategicObjective": "strategicObjectives", "units": "organisationUnits"}
    below = {"elements": place_of}

    def visible(self, read: Read) -> QuerySet[Werf]:
        """Return all."""
        return Werf.objects.select_related("objective").prefetch_related(
            "unit_links__unit", "elements"
        )

    def shown(self, rows: Sequence[Werf], read: Read) -> Sequence[Werf]:
        """Return the werven as they stood then, with the units that worked on them."""
        then = super().shown(rows, read)
        if read.clocks.pinned_known:
            units = werf_units_known(then, read.clocks.known_at)
            for row in then:
                if row.pk in units:
                    hold(row, "unit_links", units[row.pk])
        return then

    def item(self, row: Werf, read: Read) -> WerfItem:
        """Return one werf."""
        return werf_item(row, read.links)


COLLECTIONS = (Missions(), StrategicObjectives(), Goals(), Werven())
