"""What objectives cost and how many people they count on, with the perimeter of each figure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from budget.choices import BudgetVersion
from objectives.allocation.choices import LineKind
from objectives.allocation.selectors.book import AllocationBook
from objectives.allocation.selectors.lines import Amounts, LineUse, Part, Pool, added
from objectives.allocation.selectors.overs import overlap
from objectives.planning.models import OperationalObjective
from objectives.strategy.models import StrategicObjective, Werf
from personnel.access import minister_unit_ids
from personnel.models import OrganisationUnit, SupervisingMinister
from personnel.selectors import ministers_of_plan

PlanPart = TypeVar("PlanPart", Werf, StrategicObjective)


@dataclass(frozen=True, slots=True)
class Measure:
    """What objectives count on of one tree, and the perimeter that it is of.

    `amounts` are None where no figure is there. `whole` is what the lines of the perimeter have,
    each amount once: a line that stands below another of them is not added. `without` are the
    lines among them that have no figure, `nobody` those that are no unit's, `mixed` those that are
    not of one unit alone. `is_double` tells that a line and one above it are both allocated, so
    that the amounts count something twice.
    """

    kind: LineKind
    year: int
    amounts: Amounts | None
    whole: Amounts | None
    lines: Sequence[LineUse]
    units: Sequence[OrganisationUnit]
    nobody: Sequence[LineUse]
    mixed: Sequence[LineUse]
    without: Sequence[LineUse]
    versions: frozenset[BudgetVersion]
    people: str
    on: date | None
    is_double: bool
    statutes: frozenset[str]

    @property
    def share(self) -> Fraction | None:
        """Return the part of the perimeter that is allocated to them; None if unknown."""
        if self.amounts is None or not self.whole or not self.whole[0]:
            return None
        return Fraction(self.amounts[0], self.whole[0])


@dataclass(frozen=True, slots=True)
class Means:
    """What one or more objectives count on; None for a tree of which nothing is allocated."""

    credits: Measure | None
    staff: Measure | None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is allocated."""
        return self.credits is None and self.staff is None


@dataclass(frozen=True, slots=True)
class Group:
    """The objectives of a werf, strategic objective or minister that have means, each once.

    `of` is None for what is common to several ministers, or nobody's.
    """

    of: Werf | StrategicObjective | SupervisingMinister | None
    objectives: Sequence[OperationalObjective]
    means: Means
    is_common: bool = False


def means_of(book: AllocationBook, objectives: Iterable[OperationalObjective]) -> Means:
    """Return what objectives count on together, each once. No query."""
    keys = dict.fromkeys(objective.pk for objective in objectives)
    parts = [row for key in keys for row in book.parts.get(key, ())]
    return Means(_measure(book, LineKind.CREDITS, parts), _measure(book, LineKind.STAFFING, parts))


def with_means(book: AllocationBook) -> list[OperationalObjective]:
    """Return the objectives that the reader sees and to which something is allocated."""
    return [row for key, row in book.objectives.items() if key in book.parts]


def by_werf(book: AllocationBook) -> list[Group]:
    """Return the means by werf, in the order of the plan. No query."""
    return _groups(book, lambda row: row.werf, _werf_order)


def by_strategic_objective(book: AllocationBook) -> list[Group]:
    """Return the means by strategic objective, in the order of the plan. No query."""
    return _groups(book, lambda row: row.werf.objective, _plan_order)


def by_minister(book: AllocationBook) -> list[Group]:
    """Return the means by minister of the objectives' units on the reference date.

    An objective of a unit that serves several ministers is of none of them: it stands in a group
    of its own, so that the groups add up to the whole. Two queries a minister at most.
    """
    rows = with_means(book)
    if not rows:
        return []
    clocks = book.clocks
    known_at = clocks.moment_asked
    ministers = ministers_of_plan(rows[0].plan.plan.code)
    units = {
        one.pk: minister_unit_ids({one.pk}, on=clocks.reference_date, known_at=known_at)
        for one in ministers
    }
    found: dict[tuple[int, ...], list[OperationalObjective]] = defaultdict(list)
    for row in rows:
        found[tuple(one.pk for one in ministers if row.unit_id in units[one.pk])].append(row)
    groups = [
        Group(one, found[(one.pk,)], means_of(book, found[(one.pk,)]))
        for one in ministers
        if (one.pk,) in found
    ]
    common = [row for keys, rows in found.items() if len(keys) > 1 for row in rows]
    nobody = found.get((), [])
    return [
        *groups,
        *([Group(None, common, means_of(book, common), is_common=True)] if common else []),
        *([Group(None, nobody, means_of(book, nobody))] if nobody else []),
    ]


def _plan_order(of: StrategicObjective) -> tuple[int, str, int]:
    return of.order, of.code, of.pk


def _werf_order(of: Werf) -> tuple[tuple[int, str, int], int, str, int]:
    return _plan_order(of.objective), of.order, of.code, of.pk


def _groups(
    book: AllocationBook,
    of: Callable[[OperationalObjective], PlanPart],
    order: Callable[[PlanPart], tuple[Any, ...]],
) -> list[Group]:
    found: dict[int, list[OperationalObjective]] = defaultdict(list)
    named: dict[int, PlanPart] = {}
    for row in with_means(book):
        named[of(row).pk] = of(row)
        found[of(row).pk].append(row)
    return [
        Group(one, found[one.pk], means_of(book, found[one.pk]))
        for one in sorted(named.values(), key=order)
    ]


def _measure(
    book: AllocationBook, kind: LineKind, parts: Sequence[tuple[LineUse, Pool, Part]]
) -> Measure | None:
    mine = [row for row in parts if row[0].kind == kind]
    if not mine:
        return None
    pools = {(use.line.pk, pool.statute): (use, pool) for use, pool, _part in mine}
    tops = [(use, pool) for use, pool in pools.values() if not _is_within(use, pool, pools)]
    lines = list({use.line.pk: use for use, _pool in pools.values()}.values())
    units = {use.unit.pk: use.unit for use in lines if use.unit}
    bases = [pool.basis for _use, pool in pools.values() if pool.amounts is not None]
    return Measure(
        kind=kind,
        year=book.year,
        amounts=added([part.amounts for _use, _pool, part in mine]),
        whole=added([pool.amounts for _use, pool in tops]),
        lines=lines,
        units=sorted(units.values(), key=lambda unit: (unit.order, unit.code)),
        nobody=[use for use in lines if use.unit is None],
        mixed=[use for use in lines if not use.is_one_units],
        without=[use for use, pool in pools.values() if pool.amounts is None],
        versions=frozenset(one for basis in bases for one in basis.versions),
        people=next((basis.people for basis in bases if basis.people), ""),
        on=next((basis.on for basis in bases if basis.on), None),
        is_double=len(tops) < len(pools),
        statutes=frozenset(pool.statute for _use, pool in pools.values() if pool.label),
    )


def _is_within(
    use: LineUse, pool: Pool, pools: Mapping[tuple[int, str], tuple[LineUse, Pool]]
) -> bool:
    """Tell whether a pool is part of another one of the perimeter: of its line, or one above."""
    if pool.label and (use.line.pk, use.whole.statute) in pools:
        return True
    above = {one.line.pk for one in use.lines_above()}
    return any(key in above and overlap(statute, pool.statute) for key, statute in pools)
