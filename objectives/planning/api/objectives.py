"""Operational objectives in the API, with what hangs below them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict

from ibzplan.core.api.base import Read
from ibzplan.core.api.ordering import ByteOrder
from ibzplan.core.api.rewound import RecordCollection
from ibzplan.core.filtersets import ReferenceFilter
from objectives.indicators.models import Indicator
from objectives.planning.feeds import OBJECTIVES
from objectives.planning.filtersets import OperationalObjectiveFilters
from objectives.planning.models import (
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
)
from objectives.planning.selectors.judgements import objectives_seen
from objectives.planning.selectors.parts import objective_parts
from objectives.planning.selectors.units import objectives_then
from objectives.planning.serializers import OperationalObjectiveItem, operational_objective_item
from objectives.planning.writes import ObjectiveWrites
from personnel.access import Access, access_of

# Where an objective of a page keeps what hung below it, as `prefetch_related` would.
_PARTS: Final = "_known_parts"


def _seen_links(access: Access, moment: datetime) -> QuerySet[ObjectiveIndicator]:
    """Return the links that held then, to indicators that the user may see now."""
    seen = Indicator.objects.visible_to(access).values("pk")
    return ObjectiveIndicator.objects.known_at(moment).filter(indicator__in=seen)


class OperationalObjectives(RecordCollection[OperationalObjective]):
    """Operational objectives, with the indicators they use."""

    name = "operationalObjectives"
    item_type = OperationalObjectiveItem
    filterset = OperationalObjectiveFilters
    as_of_means = (
        "Filters by what an objective is linked with go by the links of then; the other filters, "
        "`q` and the order go by the record of now."
    )
    reference_date_means = "Each with the unit that it had on this date."
    sortable = {
        "year": "plan__year",
        "code": ByteOrder("code"),
        "unit": ByteOrder("unit__code"),
        "startsOn": "starts_on",
        "endsOn": "ends_on",
    }
    default_order = ("-year", "code")
    writes = ObjectiveWrites()
    feed = OBJECTIVES
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
