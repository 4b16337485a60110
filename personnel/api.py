"""Units, ministers and staffing in the API.

The organisation and its staffing tables are public: whoever signs in reads them. Only a token that
is narrowed reads no more of the staffing than the lines of its units.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.http import QueryDict

from ibzplan.core.api.base import Read
from ibzplan.core.api.ordering import ByteOrder
from ibzplan.core.api.rewound import (
    RecordCollection,
    RegisterCollection,
    refer_then,
    there_then,
)
from ibzplan.core.filtersets import ReferenceFilter
from personnel.access import access_of
from personnel.choices import StaffKind
from personnel.feeds import MINISTERS, UNITS
from personnel.filtersets import MinisterFilters, OrganisationUnitFilters, StaffingFilters
from personnel.models import (
    MinisterUnit,
    OfficeHolder,
    OrganisationUnit,
    StaffingFigure,
    SupervisingMinister,
    UnitName,
)
from personnel.serializers import (
    MinisterItem,
    OrganisationUnitItem,
    StaffingItem,
    in_force,
    minister_item,
    organisation_unit_item,
    staffing_item,
)
from personnel.transfers import may_have_moved, units_on


def _holds_on(day: date) -> Q:
    """Return the condition that something with dates holds on a day."""
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    return begun & (Q(valid_to=None) | Q(valid_to__gte=day))


def _links(read: Read, name: str, value: str) -> QuerySet[MinisterUnit]:
    """Return who answers to whom on the reference date, of the unit or minister that is named."""
    links = MinisterUnit.objects.filter(_holds_on(read.clocks.reference_date)).order_by()
    found: QuerySet[MinisterUnit] = ReferenceFilter(field_name=name).filter(links, value)
    return found


def _names_one(links: Iterable[MinisterUnit], name: str, value: str, day: date) -> bool:
    """Tell of links as they stood whether one that holds on a day has the unit or minister."""
    named = ReferenceFilter(field_name=name)
    return not value or any(named.holds(link, value) for link in in_force(links, day))


def _link_place(link: MinisterUnit) -> tuple[int, int, int]:
    return link.minister_id, link.unit_id, link.pk


def _name_place(name: UnitName) -> tuple[int, int]:
    return name.source_first_line or 0, name.pk


def _latest_first(holder: OfficeHolder) -> tuple[int, int]:
    return -(holder.holds_from or date.min).toordinal(), holder.pk


class OrganisationUnits(RegisterCollection[OrganisationUnit]):
    """Organisation units that exist on the reference date."""

    name = "organisationUnits"
    item_type = OrganisationUnitItem
    filterset = OrganisationUnitFilters
    sortable = {"order": "order", "code": ByteOrder("code")}
    default_order = ("order", "code")
    feed = UNITS
    embeds = {"parent": "organisationUnits", "ministers": "ministers"}
    below = {"minister_links": _link_place, "names": _name_place}
    reference_date_means = (
        "Only units that exist on this date, each below the unit and with the ministers of then."
    )
    has_history = True
    history_means = "Also the units that do not exist on the reference date, any more or yet."

    def visible(self, read: Read) -> QuerySet[OrganisationUnit]:
        """Return all, also those that no longer exist: figures stay with who reported them."""
        return OrganisationUnit.objects.select_related("parent").prefetch_related(
            "minister_links__minister", "names"
        )

    def listed(self, rows: QuerySet[OrganisationUnit], read: Read) -> QuerySet[OrganisationUnit]:
        """Keep those that exist on the reference date; all of them with `includeHistory`."""
        if read.include_history:
            return rows
        return rows.filter(_holds_on(read.clocks.reference_date))

    def narrowed(
        self, rows: QuerySet[OrganisationUnit], query: QueryDict, read: Read
    ) -> QuerySet[OrganisationUnit]:
        """Follow `minister` along what holds on the reference date, as the items do."""
        found = super().narrowed(rows, query, read)
        wanted = query.get("minister", "")
        if not wanted:
            return found
        links = _links(read, "minister", wanted)
        return found.filter(pk__in=links.values("unit"))

    def is_of_now(self, read: Read) -> bool:
        """Tell whether each unit is below the same one now as on the reference date."""
        clocks = read.clocks
        may_differ = may_have_moved(clocks.reference_date, clocks.known_at)
        return super().is_of_now(read) and not may_differ

    def shown(self, rows: Sequence[OrganisationUnit], read: Read) -> Sequence[OrganisationUnit]:
        """Return the units as they stood then, each below the one of the reference date."""
        then, clocks = super().shown(rows, read), read.clocks
        above = units_on(
            OrganisationUnit.type_name(),
            [row.uuid for row in then],
            reference_date=clocks.reference_date,
            known_at=clocks.known_at,
        )
        for row in then:
            row.parent = above.get(row.uuid, row.parent)
        return then

    def fits(self, row: OrganisationUnit, wanted: Mapping[str, str], read: Read) -> bool:
        """Tell whether a unit existed on the reference date as was known then."""
        day, minister = read.clocks.reference_date, wanted.get("minister", "")
        answers = _names_one(row.minister_links.all(), "minister", minister, day)
        exists = read.include_history or bool(in_force([row], day))
        return exists and answers and super().fits(row, wanted, read)

    def item(self, row: OrganisationUnit, read: Read) -> OrganisationUnitItem:
        """Return one unit."""
        return organisation_unit_item(row, read.links, read.clocks.reference_date)


class Ministers(RegisterCollection[SupervisingMinister]):
    """Supervising ministers, with who holds the office on the reference date."""

    name = "ministers"
    item_type = MinisterItem
    filterset = MinisterFilters
    sortable = {"order": "order", "code": ByteOrder("code")}
    default_order = ("order", "code")
    search_prefix = None
    feed = MINISTERS
    embeds = {"units": "organisationUnits"}
    below = {"holders": _latest_first, "unit_links": _link_place}
    reference_date_means = "Who holds the office on this date, and which units answer to it then."

    def visible(self, read: Read) -> QuerySet[SupervisingMinister]:
        """Return all."""
        return SupervisingMinister.objects.prefetch_related("holders", "unit_links__unit")

    def narrowed(
        self, rows: QuerySet[SupervisingMinister], query: QueryDict, read: Read
    ) -> QuerySet[SupervisingMinister]:
        """Follow `unit` along what holds on the reference date, as the items do."""
        found = super().narrowed(rows, query, read)
        wanted = query.get("unit", "")
        if not wanted:
            return found
        links = _links(read, "unit", wanted)
        return found.filter(pk__in=links.values("minister"))

    def fits(self, row: SupervisingMinister, wanted: Mapping[str, str], read: Read) -> bool:
        """Tell whether the unit answered to the minister on the reference date, as known then."""
        day, unit = read.clocks.reference_date, wanted.get("unit", "")
        answers = _names_one(row.unit_links.all(), "unit", unit, day)
        return answers and super().fits(row, wanted, read)

    def item(self, row: SupervisingMinister, read: Read) -> MinisterItem:
        """Return one minister."""
        return minister_item(row, read.links, read.clocks.reference_date)


class Staffing(RecordCollection[StaffingFigure]):
    """Staffing by line: those present on the reference date or before, and those planned."""

    name = "staffing"
    item_type = StaffingItem
    filterset = StaffingFilters
    reference_date_means = "Only who was present by this date; a plan speaks of what is to come."
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
        held = Q(withdrawn_at=None)
        if read.clocks.pinned_known:
            held |= Q(withdrawn_at__gt=read.clocks.known_at)
        rows = StaffingFigure.objects.filter(held, access_of(read.user).within("line__unit"))
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
