"""Operational plans and objectives in the API."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict

from ibzplan.core.api import query as asked
from ibzplan.core.api.base import BaseCollection, Collection, Read
from ibzplan.core.api.ordering import ByteOrder
from ibzplan.core.filtersets import ReferenceFilter, camel
from ibzplan.core.models import Record
from ibzplan.core.rewind import as_known
from objectives.indicators import engine
from objectives.indicators.models import Indicator
from objectives.planning.choices import IN_FORCE, PlanState
from objectives.planning.filtersets import (
    YEAR_MAX,
    YEAR_MIN,
    OperationalObjectiveFilters,
    OperationalPlanFilters,
    StatusFilters,
)
from objectives.planning.models import (
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.selectors.judgements import objectives_seen
from objectives.planning.selectors.parts import objective_parts
from objectives.planning.selectors.statuses import (
    StatusKey,
    StatusRow,
    plans_known,
    running_year,
    status_indicators,
    status_keys,
    status_rows,
)
from objectives.planning.selectors.units import objectives_then
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

Kept = TypeVar("Kept", bound=Record)

# Where a row of a page keeps what hung below it, as `prefetch_related` would.
_PARTS: Final = "_known_parts"


def _plan_states_seen(access: Access) -> list[str]:
    """Return the states of plans that the user may know of (design.md section 9)."""
    if access.sees_drafts or access.has(Role.PLANNER, Role.HEAD, Role.CORPORATE):
        return list(PlanState.values)
    if access.sees_submitted:
        return [PlanState.SUBMITTED, *IN_FORCE]
    return list(IN_FORCE) if access.roles else []


def _seen_links(access: Access, moment: datetime) -> QuerySet[ObjectiveIndicator]:
    """Return the links that held then, to indicators that the user may see now."""
    seen = Indicator.objects.visible_to(access).values("pk")
    return ObjectiveIndicator.objects.known_at(moment).filter(indicator__in=seen)


def _known_objectives(read: Read, year: int) -> QuerySet[OperationalObjective]:
    """Return the objectives of the plan year that stood there then and that the user may see.

    What an amendment had withdrawn by then has no status any more.
    """
    moment = read.clocks.known_at
    withdrawn = OperationalObjective.objects.filter(withdrawn_at__lte=moment).values("pk")
    seen = objectives_seen(access_of(read.user), moment).exclude(pk__in=withdrawn)
    return seen.filter(plan__year=year)


class _Rewound(Collection[Kept]):
    """A collection of which the items say what was known then."""

    def as_asked(self, rows: Sequence[Kept], read: Read) -> Sequence[Kept]:
        """Return the rows as they stood then: one query, and one a foreign key changed."""
        return as_known(rows, read.clocks.known_at)

    def page(self, query: QueryDict, read: Read, rows: slice) -> tuple[Sequence[Kept], int]:
        """Return the rows as they stood then."""
        found, total = super().page(query, read, rows)
        return self.as_asked(found, read), total

    def find(self, query: QueryDict, read: Read, uuid: UUID) -> Kept | None:
        """Return the visible row with that identity as it stood then."""
        row = super().find(query, read, uuid)
        return next(iter(self.as_asked([row], read)), None) if row else None


class OperationalPlans(_Rewound[OperationalPlan]):
    """Operational plans, one a calendar year."""

    name = "operationalPlans"
    item_type = OperationalPlanItem
    filterset = OperationalPlanFilters
    sortable = {"year": "year"}
    default_order = ("-year",)
    search_prefix = None

    def visible(self, read: Read) -> QuerySet[OperationalPlan]:
        """Return those that were there then, in a state that the user may know of.

        Filters go by the present record, items say what was known then.
        """
        states = _plan_states_seen(access_of(read.user))
        known = [plan.pk for plan in plans_known(read.clocks) if plan.state in states]
        return OperationalPlan.objects.filter(pk__in=known).select_related("plan")

    def as_asked(self, rows: Sequence[OperationalPlan], read: Read) -> Sequence[OperationalPlan]:
        """Return the plans as they stood at the moment that the request names."""
        return super().as_asked(rows, read) if read.clocks.pinned_known else rows

    def item(self, row: OperationalPlan, read: Read) -> OperationalPlanItem:
        """Return one plan."""
        return operational_plan_item(row, read.links)


class OperationalObjectives(_Rewound[OperationalObjective]):
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
        """Return what the user may see; of their indicators, too, only those.

        Filters, order and `q` go by the present record, items say what was known then.
        """
        access, moment = access_of(read.user), read.clocks.known_at
        indicators = _seen_links(access, moment)
        rows: QuerySet[OperationalObjective] = (
            objectives_seen(access, moment)
            .select_related("plan", "unit", "sub_unit", "holder", "werf__objective")
            .prefetch_related(
                Prefetch("indicator_links", indicators.select_related("indicator")),
                Prefetch(
                    "security_links",
                    ObjectiveSecurityLink.objects.known_at(moment).select_related(
                        "security_objective"
                    ),
                ),
            )
        )
        return rows

    def rows(self, query: QueryDict, read: Read) -> QuerySet[OperationalObjective]:
        """Follow `indicator` and `securityObjective` along the links known then.

        Of the indicators only to what the user may see.
        """
        found = super().rows(query, read)
        access, moment = access_of(read.user), read.clocks.known_at
        followed: dict[str, tuple[str, QuerySet[Any]]] = {
            "securityObjective": (
                "security_objective",
                ObjectiveSecurityLink.objects.known_at(moment),
            ),
            "indicator": ("indicator", _seen_links(access, moment)),
        }
        for parameter, (name, links) in followed.items():
            if value := query.get(parameter, ""):
                named = ReferenceFilter(field_name=name).filter(links.order_by(), value)
                found = found.filter(pk__in=named.values("objective"))
        return found

    def as_asked(
        self, rows: Sequence[OperationalObjective], read: Read
    ) -> Sequence[OperationalObjective]:
        """Return them as they stood then, in the unit of the reference date.

        Each with what hung below it: nine queries more, ten for a day that is past.
        """
        known = objectives_then(rows, read.clocks)
        then = [known[row.pk] for row in rows if row.pk in known]
        parts = objective_parts(then, read.clocks.known_at)
        for row in then:
            vars(row)[_PARTS] = parts[row.pk]
        return then

    def item(self, row: OperationalObjective, read: Read) -> OperationalObjectiveItem:
        """Return one objective."""
        return operational_objective_item(row, vars(row)[_PARTS], read.links)


class Statuses(BaseCollection[StatusRow]):
    """Computed statuses of a plan year: its objectives and their indicators, by both clocks."""

    name = "statuses"
    item_type = StatusItem
    filterset = StatusFilters
    sortable = {"code": "code", "kind": "kind", "unit": "unit"}
    default_order = ("code", "kind")
    item_filters = frozenset({"year", "ruleVersion"})

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
        return self._computed(keys[rows], query, read, year), len(keys)

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
        moment = read.clocks.known_at
        objectives = _known_objectives(read, year)
        indicators = status_indicators(access_of(read.user), objectives, moment)
        keys = status_keys(objectives.filter(uuid=uuid), indicators.filter(uuid=uuid))
        return next(iter(self._computed(keys, query, read, year)), None)

    def item(self, row: StatusRow, read: Read) -> StatusItem:
        """Return one status."""
        return status_item(row, read.links, read.clocks)

    def _keys(self, read: Read, year: int, wanted: dict[str, str]) -> list[StatusKey]:
        """Return what has a status and passes the filters.

        An objective named brings the indicators that it uses; an indicator named, the objectives
        that use it.
        """
        access, moment = access_of(read.user), read.clocks.known_at
        objectives = ReferenceFilter(field_name="self").filter(
            _known_objectives(read, year), wanted["operationalObjective"]
        )
        indicators = ReferenceFilter(field_name="self").filter(
            status_indicators(access, objectives, moment), wanted["indicator"]
        )
        if wanted["indicator"]:
            used = ObjectiveIndicator.objects.known_at(moment).filter(
                indicator__in=indicators.values("pk")
            )
            objectives = objectives.filter(pk__in=used.values("objective"))
        keys = status_keys(
            ReferenceFilter(field_name="unit").filter(objectives, wanted["unit"]),
            ReferenceFilter(field_name="owner").filter(indicators, wanted["unit"]),
        )
        return [key for key in keys if wanted["kind"] in ("", camel(key.kind))]

    def _computed(
        self, keys: Sequence[StatusKey], query: QueryDict, read: Read, year: int
    ) -> list[StatusRow]:
        """Compute by the rules in force, or by those of the version that `ruleVersion` names."""
        latest = engine.CURRENT_RULE_VERSION
        version = asked.whole_number(query, "ruleVersion", default=latest, low=1, high=latest)
        return status_rows(
            keys,
            year=year,
            clocks=read.clocks,
            access=access_of(read.user),
            rule_version=version,
        )


COLLECTIONS = (OperationalPlans(), OperationalObjectives(), Statuses())
