"""Computed statuses in the API."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from ibzplan.core.api import query as asked
from ibzplan.core.api.base import BaseCollection, Read
from ibzplan.core.api.pagination import Found, Page
from ibzplan.core.api.query import YEAR_MAX, YEAR_MIN
from ibzplan.core.filtersets import ReferenceFilter, camel
from objectives.indicators import engine
from objectives.planning.filtersets import StatusFilters
from objectives.planning.models import ObjectiveIndicator, OperationalObjective
from objectives.planning.selectors.judgements import objectives_seen
from objectives.planning.selectors.statuses import (
    StatusKey,
    StatusRow,
    running_year,
    status_indicators,
    status_keys,
    status_rows,
)
from objectives.planning.serializers import StatusItem, status_item
from personnel.access import access_of


def _known_objectives(read: Read, year: int) -> QuerySet[OperationalObjective]:
    """Return the objectives of the plan year that stood there then and that the user may see.

    What an amendment had withdrawn by then has no status any more.
    """
    moment = read.clocks.known_at
    withdrawn = OperationalObjective.objects.filter(withdrawn_at__lte=moment).values("pk")
    seen = objectives_seen(access_of(read.user), moment).exclude(pk__in=withdrawn)
    return seen.filter(plan__year=year)


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
