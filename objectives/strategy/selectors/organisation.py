"""The organisation as the strategic plan prints it: units, their names, ministers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from personnel.choices import NameSource
from personnel.models import (
    OfficeHolder,
    OrganisationUnit,
    SupervisingMinister,
    UnitName,
)
from personnel.structure import all_minister_units, all_ministers, all_units


@dataclass(frozen=True, slots=True)
class MinisterRow:
    """A minister's office, who holds it, and the units that answer to it."""

    minister: SupervisingMinister
    holders: list[OfficeHolder]
    units: list[OrganisationUnit]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit, its depth in the tree (the department is 0), and its names place by place."""

    unit: OrganisationUnit
    depth: int
    names: tuple[list[UnitName], ...]
    ministers: list[SupervisingMinister]


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """Everything about the organisation; `places` are the columns of `UnitRow.names`."""

    ministers: list[MinisterRow]
    officials: list[OfficeHolder]
    places: tuple[NameSource, ...]
    units: list[UnitRow]

    @property
    def name_count(self) -> int:
        """Count the printed names."""
        return sum(len(names) for row in self.units for names in row.names)


def ministers_with_holders() -> list[MinisterRow]:
    """Return every minister with the latest holder first: one query."""
    holders: dict[int | None, list[OfficeHolder]] = defaultdict(list)
    for holder in OfficeHolder.objects.exclude(minister=None):
        holders[holder.minister_id].append(holder)
    units = {unit.pk: unit for unit in all_units()}
    links: dict[int, list[OrganisationUnit]] = defaultdict(list)
    for link in all_minister_units():
        links[link.minister_id].append(units[link.unit_id])
    return [
        MinisterRow(
            minister,
            holders[minister.pk],
            sorted(links[minister.pk], key=lambda unit: unit.order),
        )
        for minister in all_ministers()
    ]


def _tree(units: Sequence[OrganisationUnit]) -> Iterator[tuple[OrganisationUnit, int]]:
    """Yield each unit after the one above it, with its depth."""
    children: dict[int | None, list[OrganisationUnit]] = defaultdict(list)
    for unit in units:
        children[unit.parent_id].append(unit)

    def below(parent_id: int | None, depth: int) -> Iterator[tuple[OrganisationUnit, int]]:
        for unit in children[parent_id]:
            yield unit, depth
            yield from below(unit.pk, depth + 1)

    yield from below(None, 0)


def organisation_page() -> OrganisationPage:
    """Return the page of the organisation in three queries."""
    places = tuple(NameSource)
    names: dict[int, dict[str, list[UnitName]]] = defaultdict(lambda: defaultdict(list))
    for name in UnitName.objects.all():
        names[name.unit_id][name.where].append(name)
    ministers: dict[int, list[SupervisingMinister]] = defaultdict(list)
    by_pk = {minister.pk: minister for minister in all_ministers()}
    for link in all_minister_units():
        ministers[link.unit_id].append(by_pk[link.minister_id])
    return OrganisationPage(
        ministers_with_holders(),
        list(OfficeHolder.objects.filter(minister=None)),
        places,
        [
            UnitRow(
                unit,
                depth,
                tuple(names[unit.pk][place] for place in places),
                ministers[unit.pk],
            )
            for unit, depth in _tree(all_units())
        ],
    )
