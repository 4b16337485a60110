"""Operational plans and objectives in the API."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import QueryDict

from ibzplan.core.api import query as asked
from ibzplan.core.api.base import BaseCollection, Collection, Read
from ibzplan.core.api.ordering import ByteOrder
from ibzplan.core.filtersets import ReferenceFilter, camel
from objectives.indicators.models import Indicator
from objectives.planning.choices import PlanState
from objectives.planning.filtersets import (
    YEAR_MAX,
    YEAR_MIN,
    OperationalObjectiveFilters,
    OperationalPlanFilters,
    StatusFilters,
)
from objectives.planning.models import ObjectiveIndicator, OperationalObjective, OperationalPlan
from objectives.planning.selectors.statuses import (
    StatusKey,
    StatusRow,
    running_year,
    status_indicators,
    status_keys,
    status_objectives,
    status_rows,
)
from objectives.planning.serializers import (
    OperationalObjectiveItem,
    OperationalPlanItem,
    StatusItem,
    operational_objective_item,
    operational_plan_item,
    status_item,
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


class Statuses(BaseCollection[StatusRow]):
    """Computed statuses of a plan year: its objectives and their indicators, by both clocks."""

    name = "statuses"
    item_type = StatusItem
    filterset = StatusFilters
    sortable = {"code": "code", "kind": "kind", "unit": "unit"}
    default_order = ("code", "kind")
    item_filters = frozenset({"year"})

    def page(self, query: QueryDict, read: Read, rows: slice) -> tuple[Sequence[StatusRow], int]:
        """Order everything that has a status, then compute only those of the page."""
        filters = self.filterset(data=query, queryset=OperationalObjective.objects.none())
        asked.refuse_invalid(filters)
        wanted = filters.form.cleaned_data
        order = self.sort_keys(query)
        year = int(wanted["year"]) if wanted["year"] is not None else running_year(read.clocks)
        if year is None:
            return [], 0
        keys = sorted(self._keys(read, year, wanted), key=lambda key: key.uuid.bytes)
        for part in reversed(order):
            name = part.name
            keys.sort(key=lambda key: getattr(key, name).encode(), reverse=part.descending)
        return self._computed(keys[rows], read, year), len(keys)

    def find(self, query: QueryDict, read: Read, uuid: UUID) -> StatusRow | None:
        """Return the status of one objective or indicator in `year`, by default the running one.

        An objective belongs to one year, so it needs none.
        """
        year: int | None = asked.whole_number(query, "year", default=0, low=YEAR_MIN, high=YEAR_MAX)
        if not year:
            own = OperationalObjective.objects.filter(uuid=uuid).values_list(
                "plan__year", flat=True
            )
            year = own.first() or running_year(read.clocks)
        if year is None:
            return None
        objectives = status_objectives(access_of(read.user), year)
        indicators = status_indicators(access_of(read.user), objectives)
        keys = status_keys(objectives.filter(uuid=uuid), indicators.filter(uuid=uuid))
        return next(iter(self._computed(keys, read, year)), None)

    def item(self, row: StatusRow, read: Read) -> StatusItem:
        """Return one status."""
        return status_item(row, read.links, read.clocks)

    def _keys(self, read: Read, year: int, wanted: dict[str, str]) -> list[StatusKey]:
        """Return what has a status and passes the filters.

        An objective named brings the indicators that it uses; an indicator named, the objectives
        that use it.
        """
        access = access_of(read.user)
        objectives = ReferenceFilter(field_name="self").filter(
            status_objectives(access, year), wanted["operationalObjective"]
        )
        indicators = ReferenceFilter(field_name="self").filter(
            status_indicators(access, objectives), wanted["indicator"]
        )
        if wanted["indicator"]:
            used = ObjectiveIndicator.objects.filter(indicator__in=indicators.values("pk"))
            objectives = objectives.filter(pk__in=used.values("objective"))
        keys = status_keys(
            ReferenceFilter(field_name="unit").filter(objectives, wanted["unit"]),
            ReferenceFilter(field_name="owner").filter(indicators, wanted["unit"]),
        )
        return [key for key in keys if wanted["kind"] in ("", camel(key.kind))]

    def _computed(self, keys: Sequence[StatusKey], read: Read, year: int) -> list[StatusRow]:
        return status_rows(keys, year=year, clocks=read.clocks, access=access_of(read.user))


COLLECTIONS = (OperationalPlans(), OperationalObjectives(), Statuses())
