"""Operational plans and objectives in the API."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import QueryDict

from ibzplan.core.api import query as asked
from ibzplan.core.api.base import BaseCollection, Read
from ibzplan.core.api.ordering import ByteOrder
from ibzplan.core.api.pagination import Found, Page
from ibzplan.core.api.query import YEAR_MAX, YEAR_MIN
from ibzplan.core.api.rewound import RecordCollection
from ibzplan.core.filtersets import ReferenceFilter, camel
from objectives.indicators import api as figures
from objectives.indicators import engine
from objectives.indicators.models import Indicator
from objectives.planning import feeds
from objectives.planning.amendment_serializers import (
    AmendmentItem,
    Seen,
    amendment_item,
    codes_along,
)
from objectives.planning.choices import IN_FORCE, PlanState
from objectives.planning.filtersets import (
    AmendmentFilters,
    OperationalObjectiveFilters,
    OperationalPlanFilters,
    StatusFilters,
)
from objectives.planning.models import (
    Amendment,
    AmendmentChange,
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.selectors.amendments import amendment_changes
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
from objectives.planning.writes import (
    IndicatorWrites,
    MeasurementWrites,
    ObjectiveWrites,
    TargetWrites,
)
from personnel.access import Access, access_of
from personnel.choices import Role

# Where a row of a page keeps what hung below it, as `prefetch_related` would.
_PARTS: Final = "_known_parts"
_CODES: Final = "_seen_codes"


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


def _moment_named(read: Read) -> datetime | None:
    """Return the moment that the request names; None is now."""
    return read.clocks.known_at if read.clocks.pinned_known else None


class OperationalPlans(RecordCollection[OperationalPlan]):
    """Operational plans, one a calendar year."""

    name = "operationalPlans"
    item_type = OperationalPlanItem
    filterset = OperationalPlanFilters
    sortable = {"year": "year"}
    default_order = ("-year",)
    search_prefix = None
    feed = feeds.PLANS

    def visible(self, read: Read) -> QuerySet[OperationalPlan]:
        """Return those that were there then, in a state that the user may know of."""
        states = _plan_states_seen(access_of(read.user))
        known = [plan.pk for plan in plans_known(read.clocks) if plan.state in states]
        return OperationalPlan.objects.filter(pk__in=known).select_related("plan")

    def item(self, row: OperationalPlan, read: Read) -> OperationalPlanItem:
        """Return one plan."""
        return operational_plan_item(row, read.links)


class OperationalObjectives(RecordCollection[OperationalObjective]):
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
    writes = ObjectiveWrites()
    feed = feeds.OBJECTIVES
    embeds = {
        "operationalPlan": "operationalPlans",
        "strategicObjective": "strategicObjectives",
        "werf": "werven",
        "goals": "goals",
        "unit": "organisationUnits",
        "subUnit": "organisationUnits",
        "coOwners": "organisationUnits",
        "indicators": "indicators",
        "securityObjectives": "securityObjectives",
    }

    def visible(self, read: Read) -> QuerySet[OperationalObjective]:
        """Return what the user may see; of their indicators, too, only those."""
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

    def unsorted(self, query: QueryDict, read: Read) -> QuerySet[OperationalObjective]:
        """Follow `indicator` and `securityObjective` along the links known then.

        Of the indicators only to what the user may see.
        """
        found = super().unsorted(query, read)
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

    def shown(
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
    embeds = {
        "operationalObjective": "operationalObjectives",
        "indicator": "indicators",
        "unit": "organisationUnits",
    }

    def page(self, query: QueryDict, read: Read, page: Page) -> Found[Sequence[StatusRow]]:
        """Order everything that has a status, then compute only those of the page."""
        filters = self.filterset(data=query, queryset=OperationalObjective.objects.none())
        asked.refuse_invalid(filters)
        wanted = filters.form.cleaned_data
        order = self.sort_keys(query)
        year = int(wanted["year"]) if wanted["year"] is not None else running_year(read.clocks)
        if year is None:
            return Found.counted((), 0, page)
        keys = sorted(self._keys(read, year, wanted), key=lambda key: key.uuid.bytes)
        for part in reversed(order):
            name = part.name
            keys.sort(key=lambda key: getattr(key, name).encode(), reverse=part.descending)
        rows = self._computed(keys[page.rows], query, read, year)
        return Found.counted(rows, len(keys), page)

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


def _seen_codes(changes: Sequence[AmendmentChange], access: Access) -> frozenset[str]:
    """Return the codes of the indicators that go along with objectives, of those that one sees."""
    codes = {code for change in changes for code in codes_along(change)}
    if not codes:
        return frozenset()
    seen = Indicator.objects.filter(code__in=codes).visible_to(access)
    return frozenset(seen.values_list("code", flat=True))


class Amendments(RecordCollection[Amendment]):
    """Amendments of plans in force, with the changes that they propose."""

    name = "amendments"
    item_type = AmendmentItem
    filterset = AmendmentFilters
    sortable = {
        "year": "plan__year",
        "number": "number",
        "state": "state",
        "submittedAt": "submitted_at",
        "decidedAt": "decided_at",
    }
    default_order = ("-year", "-number")
    feed = feeds.AMENDMENTS
    search_fields = ("title", "motivation")
    search_prefix = None
    embeds = {"operationalPlan": "operationalPlans", "unit": "organisationUnits"}

    def visible(self, read: Read) -> QuerySet[Amendment]:
        """Return those that the user may see, as far as they had come then.

        A change of the targets of a confidential indicator stays with who may see that.
        """
        access, moment = access_of(read.user), _moment_named(read)
        changes = amendment_changes(access, moment)
        rows: QuerySet[Amendment] = Amendment.objects.visible_to(access)
        if moment is not None:
            rows = Amendment.objects.known_to(access, moment)
        important = changes.filter(amendment=OuterRef("pk"), is_important=True)
        return (
            rows.annotate(has_important=Exists(important.order_by()))
            .select_related("plan", "unit")
            .prefetch_related(Prefetch("changes", changes))
        )

    def unsorted(self, query: QueryDict, read: Read) -> QuerySet[Amendment]:
        """Follow `operationalObjective` among what the user may see, so that it betrays nothing."""
        found = super().unsorted(query, read)
        wanted = query.get("operationalObjective", "")
        if not wanted:
            return found
        access = access_of(read.user)
        seen = objectives_seen(access, read.clocks.known_at)
        named = ReferenceFilter(field_name="self").filter(seen.order_by(), wanted)
        changes = amendment_changes(access, _moment_named(read))
        changes = changes.filter(objectives__in=named.values("pk"))
        return found.filter(pk__in=changes.order_by().values("amendment"))

    def shown(self, rows: Sequence[Amendment], read: Read) -> Sequence[Amendment]:
        """Return them as they stood then, with which of their objectives the user may see."""
        changes = [change for row in rows for change in row.changes.all()]
        named = {one.pk for change in changes for one in change.objectives.all()}
        named |= {one.pk for change in changes for one in change.results.all()}
        seen = objectives_seen(access_of(read.user), read.clocks.known_at).filter(pk__in=named)
        keys = frozenset(seen.values_list("pk", flat=True))
        codes = _seen_codes(changes, access_of(read.user))
        then = super().shown(rows, read)
        for row in then:
            vars(row)[_PARTS] = keys
            vars(row)[_CODES] = codes
        return then

    def item(self, row: Amendment, read: Read) -> AmendmentItem:
        """Return one amendment."""
        seen = Seen(vars(row)[_PARTS], vars(row)[_CODES])
        return amendment_item(row, list(row.changes.all()), seen, read.links)


class Indicators(figures.Indicators):
    """Indicators, each with the definition that holds by both clocks."""

    writes = IndicatorWrites()
    feed = feeds.INDICATORS


class Targets(figures.Targets):
    """Targets: of each date the one set last; all that were set with includeHistory."""

    writes = TargetWrites()
    feed = feeds.TARGETS


class Measurements(figures.Measurements):
    """Figures: of each slot the one recorded last; all recorded by then with includeHistory."""

    writes = MeasurementWrites()
    feed = feeds.MEASUREMENTS


# What is written below a plan is declared here, where plans are known.
COLLECTIONS = (
    OperationalPlans(),
    OperationalObjectives(),
    Statuses(),
    Amendments(),
    Indicators(),
    Targets(),
    Measurements(),
)
