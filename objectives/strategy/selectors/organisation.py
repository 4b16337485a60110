"""The organisation as the strategic plan prints it: units, their names, ministers."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from personnel.choices import NameSource
from personnel.models import (
    MinisterUnit,
    OfficeHolder,
    OrganisationUnit,
    SupervisingMinister,
    UnitName,
)


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
    """Return every minister with the latest holder first: three queries."""
    ministers = SupervisingMinister.objects.prefetch_related("holders", "unit_links__unit")
    return [
        MinisterRow(
            minister,
            list(minister.holders.all()),
            sorted((link.unit for link in minister.unit_links.all()), key=lambda u: u.order),
        )
        for minister in ministers
    ]


def _tree(units: list[OrganisationUnit]) -> Iterator[tuple[OrganisationUnit, int]]:
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
    """Return the page of the organisation in seven queries."""
    places = tuple(NameSource)
    names: dict[int, dict[str, list[UnitName]]] = defaultdict(lambda: defaultdict(list))
    for name in UnitName.objects.all():
        names[name.unit_id][name.where].append(name)
    ministers: dict[int, list[SupervisingMinister]] = defaultdict(list)
    for link in MinisterUnit.objects.select_related("minister"):
        ministers[link.unit_id].append(link.minister)
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
            for unit, depth in _tree(list(OrganisationUnit.objects.all()))
        ],
    )
