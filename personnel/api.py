"""Units, ministers and staffing in the API.

The organisation and its staffing tables are public: whoever signs in reads them. Only a token that
is narrowed reads no more of the staffing than the lines of its units.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.http import QueryDict

from ibzplan.core.api.base import Collection, Read
from ibzplan.core.api.ordering import ByteOrder
from ibzplan.core.api.rewound import RecordCollection, refer_then, there_then
from ibzplan.core.filtersets import ReferenceFilter
from personnel.access import access_of
from personnel.choices import StaffKind
from personnel.feeds import MINISTERS, UNITS
from personnel.filtersets import MinisterFilters, OrganisationUnitFilters, StaffingFilters
from personnel.models import MinisterUnit, OrganisationUnit, StaffingFigure, SupervisingMinister
from personnel.serializers import (
    MinisterItem,
    OrganisationUnitItem,
    StaffingItem,
    minister_item,
    organisation_unit_item,
    staffing_item,
)


def _holds_on(day: date) -> Q:
    """Return the condition that something with dates holds on a day."""
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    return begun & (Q(valid_to=None) | Q(valid_to__gte=day))


def _links(read: Read, name: str, value: str) -> QuerySet[MinisterUnit]:
    """Return who answers to whom on the reference date, of the unit or minister that is named."""
    links = MinisterUnit.objects.filter(_holds_on(read.clocks.reference_date)).order_by()
    found: QuerySet[MinisterUnit] = ReferenceFilter(field_name=name).filter(links, value)
    return found


class OrganisationUnits(Collection[OrganisationUnit]):
    """Organisation units that exist on the reference date."""

    name = "organisationUnits"
    item_type = OrganisationUnitItem
    filterset = OrganisationUnitFilters
    sortable = {"order": "order", "code": ByteOrder("code")}
    default_order = ("order", "code")
    feed = UNITS
    embeds = {"parent": "organisationUnits", "ministers": "ministers"}

    def visible(self, read: Read) -> QuerySet[OrganisationUnit]:
        """Return all, also those that no longer exist: figures stay with who reported them."""
        return OrganisationUnit.objects.select_related("parent").prefetch_related(
            "minister_links__minister", "names"
        )

    def listed(self, rows: QuerySet[OrganisationUnit], read: Read) -> QuerySet[OrganisationUnit]:
        """Keep those that exist on the reference date."""
        day = read.clocks.reference_date
        return rows.filter(_holds_on(day))

    def unsorted(self, query: QueryDict, read: Read) -> QuerySet[OrganisationUnit]:
        """Follow `minister` along what holds on the reference date, as the items do."""
        found = super().unsorted(query, read)
        wanted = query.get("minister", "")
        if not wanted:
            return found
        links = _links(read, "minister", wanted)
        return found.filter(pk__in=links.values("unit"))

    def item(self, row: OrganisationUnit, read: Read) -> OrganisationUnitItem:
        """Return one unit."""
        return organisation_unit_item(row, read.links, read.clocks.reference_date)


class Ministers(Collection[SupervisingMinister]):
    """Supervising ministers, with who holds the office on the reference date."""

    name = "ministers"
    item_type = MinisterItem
    filterset = MinisterFilters
    sortable = {"order": "order", "code": ByteOrder("code")}
    default_order = ("order", "code")
    search_prefix = None
    feed = MINISTERS
    embeds = {"units": "organisationUnits"}

    def visible(self, read: Read) -> QuerySet[SupervisingMinister]:
        """Return all."""
        return SupervisingMinister.objects.prefetch_related("holders", "unit_links__unit")

    def unsorted(self, query: QueryDict, read: Read) -> QuerySet[SupervisingMinister]:
        """Follow `unit` along what holds on the reference date, as the items do."""
        found = super().unsorted(query, read)
        wanted = query.get("unit", "")
        if not wanted:
            return found
        links = _links(read, "unit", wanted)
        return found.filter(pk__in=links.values("minister"))

    def item(self, row: SupervisingMinister, read: Read) -> MinisterItem:
        """Return one minister."""
        return minister_item(row, read.links, read.clocks.reference_date)


class Staffing(RecordCollection[StaffingFigure]):
    """Staffing by line: those present on the reference date or before, and those planned."""

    name = "staffing"
    item_type = StaffingItem
    filterset = StaffingFilters
    sortable = {
        "on": "on",
        "order": "line__order",
        "code": ByteOrder("line__code"),
        "measure": "measure",
        "statute": "statute",
        "kind": "kind",
    }
    default_order = ("-on", "order", "code", "kind", "measure", "statute")
    search_fields = ("line__title", "line__code")
    search_prefix = None
    embeds = {"unit": "organisationUnits"}

    def visible(self, read: Read) -> QuerySet[StaffingFigure]:
        """Return all that were there then, of those that a narrowed token is good for."""
        rows = StaffingFigure.objects.filter(access_of(read.user).within("line__unit"))
        return there_then(rows.select_related("line__parent", "line__unit"), read)

    def listed(self, rows: QuerySet[StaffingFigure], read: Read) -> QuerySet[StaffingFigure]:
        """Keep who was present by the reference date; a plan speaks of what is to come."""
        return rows.filter(Q(kind=StaffKind.PLAN) | Q(on__lte=read.clocks.reference_date))

    def shown(self, rows: Sequence[StaffingFigure], read: Read) -> Sequence[StaffingFigure]:
        """Return the figures, and their lines, as they stood then."""
        return refer_then(super().shown(rows, read), "line", read)

    def item(self, row: StaffingFigure, read: Read) -> StaffingItem:
        """Return one figure."""
        return staffing_item(row, read.links)


COLLECTIONS = (OrganisationUnits(), Ministers(), Staffing())
