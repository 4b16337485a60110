"""Units and ministers in the API. The organisation is public: whoever signs in reads it."""

from django.db.models import Q, QuerySet

from ibzplan.core.api.base import Collection, Read
from ibzplan.core.api.ordering import ByteOrder
from personnel.filtersets import MinisterFilters, OrganisationUnitFilters
from personnel.models import OrganisationUnit, SupervisingMinister
from personnel.serializers import (
    MinisterItem,
    OrganisationUnitItem,
    minister_item,
    organisation_unit_item,
)


class OrganisationUnits(Collection[OrganisationUnit]):
    """Organisation units that exist on the reference date."""

    name = "organisationUnits"
    item_type = OrganisationUnitItem
    filterset = OrganisationUnitFilters
    sortable = {"order": "order", "code": ByteOrder("code")}
    default_order = ("order", "code")

    def visible(self, read: Read) -> QuerySet[OrganisationUnit]:
        """Return all, also those that no longer exist: figures stay with who reported them."""
        return OrganisationUnit.objects.select_related("parent").prefetch_related(
            "minister_links__minister", "names"
        )

    def listed(self, rows: QuerySet[OrganisationUnit], read: Read) -> QuerySet[OrganisationUnit]:
        """Keep those that exist on the reference date."""
        day = read.clocks.reference_date
        begun = Q(valid_from=None) | Q(valid_from__lte=day)
        return rows.filter(begun).filter(Q(valid_to=None) | Q(valid_to__gte=day))

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

    def visible(self, read: Read) -> QuerySet[SupervisingMinister]:
        """Return all."""
        return SupervisingMinister.objects.prefetch_related("holders", "unit_links__unit")

    def item(self, row: SupervisingMinister, read: Read) -> MinisterItem:
        """Return one minister."""
        return minister_item(row, read.links, read.clocks.reference_date)


COLLECTIONS = (OrganisationUnits(), Ministers())
