"""How the API shows units, ministers and staffing."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final, Protocol, TypedDict, TypeVar
from uuid import UUID

from ibzplan.core.api.links import Links
from ibzplan.core.api.shapes import Localised, Reference, Source, localised, reference, source_of
from ibzplan.core.filtersets import camel
from personnel.choices import StaffMeasure
from personnel.models import (
    OfficeHolder,
    OrganisationUnit,
    StaffingFigure,
    StaffingLine,
    SupervisingMinister,
)


class PrintedName(TypedDict):
    """A name exactly as one place of the plan prints it."""

    where: str
    printed: str


class OrganisationUnitItem(TypedDict):
    """An organisation unit."""

    id: UUID
    code: str
    href: str
    kind: str
    title: Localised | None
    description: Localised | None
    order: int
    parent: Reference | None
    ministers: list[Reference]
    names: list[PrintedName]
    validFrom: date | None
    validTo: date | None
    source: Source | None


HolderItem = TypedDict(
    "HolderItem", {"name": str, "office": Localised | None, "from": date | None, "to": date | None}
)


class MinisterItem(TypedDict):
    """The office of a minister, with who holds it on the reference date."""

    id: UUID
    code: str
    href: str
    title: Localised | None
    shortTitle: Localised | None
    order: int
    holder: HolderItem | None
    plans: list[str]
    units: list[Reference]
    source: Source | None


class StaffingLineItem(TypedDict):
    """A line of the staffing tables, with the code of the one that it hangs below."""

    id: UUID
    code: str
    title: Localised | None
    remark: Localised | None
    parentCode: str | None
    order: int


class StaffingItem(TypedDict):
    """How many people of a statute a line has on a day: FTE or persons, as `measure` says.

    A plan for a year stands on its last day. `printed` is the figure as a table prints it. What was
    entered has none: where both are there for a line, statute and day, the entered one counts.
    """

    id: UUID
    href: str
    line: StaffingLineItem
    unit: Reference | None
    measure: str
    statute: str
    kind: str
    on: date
    value: Decimal
    printed: str | None
    source: Source | None
    fictional: bool


class _Dated(Protocol):
    valid_from: date | None
    valid_to: date | None


Dated = TypeVar("Dated", bound=_Dated)

_MILLI: Final = 1000


def in_force(rows: Iterable[Dated], day: date) -> list[Dated]:
    """Keep what holds on a day; an absent date is open."""
    return [
        row
        for row in rows
        if (row.valid_from is None or row.valid_from <= day)
        and (row.valid_to is None or row.valid_to >= day)
    ]


def _holder_on(holders: Iterable[OfficeHolder], day: date) -> OfficeHolder | None:
    for holder in holders:
        begun = holder.holds_from is None or holder.holds_from <= day
        if begun and (holder.holds_to is None or holder.holds_to >= day):
            return holder
    return None


def _holder_item(holder: OfficeHolder) -> HolderItem:
    return {
        "name": holder.name,
        "office": localised(holder.office),
        "from": holder.holds_from,
        "to": holder.holds_to,
    }


def organisation_unit_item(unit: OrganisationUnit, links: Links, day: date) -> OrganisationUnitItem:
    """Needs `parent`, and prefetched `minister_links__minister` and `names`."""
    above = unit.parent
    return {
        "id": unit.uuid,
        "code": unit.code,
        "href": links.to("organisationUnits", unit.uuid),
        "kind": camel(unit.kind),
        "title": localised(unit.title),
        "description": localised(unit.description),
        "order": unit.order,
        "parent": reference(links, "organisationUnits", above.uuid, above.code) if above else None,
        "ministers": [
            reference(links, "ministers", link.minister.uuid, link.minister.code)
            for link in in_force(unit.minister_links.all(), day)
        ],
        "names": [
            {"where": camel(name.where), "printed": name.printed} for name in unit.names.all()
        ],
        "validFrom": unit.valid_from,
        "validTo": unit.valid_to,
        "source": source_of(unit),
    }


def minister_item(minister: SupervisingMinister, links: Links, day: date) -> MinisterItem:
    """Needs prefetched `holders` and `unit_links__unit`."""
    holder = _holder_on(minister.holders.all(), day)
    return {
        "id": minister.uuid,
        "code": minister.code,
        "href": links.to("ministers", minister.uuid),
        "title": localised(minister.title),
        "shortTitle": localised(minister.short_title),
        "order": minister.order,
        "holder": _holder_item(holder) if holder else None,
        "plans": minister.plan_codes,
        "units": [
            reference(links, "organisationUnits", link.unit.uuid, link.unit.code)
            for link in in_force(minister.unit_links.all(), day)
        ],
        "source": source_of(minister),
    }


def staffing_item(figure: StaffingFigure, links: Links) -> StaffingItem:
    """Needs `line` with its `parent` and `unit`."""
    unit = figure.line.unit
    is_fte = figure.measure == StaffMeasure.FTE
    return {
        "id": figure.uuid,
        "href": links.to("staffing", figure.uuid),
        "line": _staffing_line(figure.line),
        "unit": reference(links, "organisationUnits", unit.uuid, unit.code) if unit else None,
        "measure": camel(figure.measure),
        "statute": camel(figure.statute),
        "kind": camel(figure.kind),
        "on": figure.on,
        "value": Decimal(figure.amount) / _MILLI if is_fte else Decimal(figure.amount),
        "printed": figure.printed or None,
        "source": source_of(figure),
        "fictional": figure.is_demo,
    }


def _staffing_line(line: StaffingLine) -> StaffingLineItem:
    return {
        "id": line.uuid,
        "code": line.code,
        "title": localised(line.title),
        "remark": localised(line.remark),
        "parentCode": line.parent.code if line.parent else None,
        "order": line.order,
    }
