"""The lines of credits and staffing of a year, each with what objectives count on of it.

A line has one pool, and one of staffing one more for each statute that is allocated apart: what is
allocated of the pool, and what is left of it, is never hidden, whoever reads.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from budget.choices import BudgetVersion
from budget.models import CreditLine
from objectives.allocation.choices import LineKind
from objectives.allocation.models import CreditAllocation, StaffAllocation
from objectives.allocation.sharing import divide
from objectives.planning.models import OperationalObjective
from personnel.choices import Statute
from personnel.models import OrganisationUnit, StaffingLine, SupervisingMinister

Allocation = CreditAllocation | StaffAllocation
Line = CreditLine | StaffingLine
# VL and VE in cents, or thousandths of an FTE.
Amounts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What the amounts of a line are of: versions of the budget, or people of a kind on a day."""

    versions: frozenset[BudgetVersion] = frozenset()
    people: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What an objective counts on of a pool; None for an objective that the reader may not see.

    `amounts` is None where no figure of the line is there.
    """

    allocation: Allocation
    objective: OperationalObjective | None
    amounts: Amounts | None

    @property
    def share(self) -> Fraction:
        """Return its share of the pool."""
        return self.allocation.share


@dataclass(frozen=True, slots=True)
class Pool:
    """What of a line is divided: all of it, or its people of one statute."""

    statute: str
    amounts: Amounts | None
    basis: Basis
    parts: Sequence[Part]

    @property
    def allocated(self) -> Fraction:
        """Return the sum of the shares; above one, more than all of it is allocated."""
        return sum((part.share for part in self.parts), Fraction(0))

    @property
    def left(self) -> Fraction:
        """Return what is not allocated; below zero when it is too much."""
        return 1 - self.allocated

    @property
    def left_amounts(self) -> Amounts | None:
        """Return what is not allocated, to the cent; None where no figure is there."""
        return less(self.amounts, added([part.amounts for part in self.parts]))

    @property
    def label(self) -> str:
        """Return the statute in words, '' for all of the line."""
        return "" if self.statute in ("", Statute.ALL) else str(Statute(self.statute).label)


@dataclass(slots=True)
class LineUse:
    """A line with its pools, the one of all of it first, in its tree.

    `unit` and `minister` are its own, else those of the nearest line above that names one.
    `released` are the shares of objectives that an amendment took out of the plan. `is_one_units`
    tells that all of it is of that unit: not so below a line of the whole department, nor where
    hosted money is in it.
    """

    kind: LineKind
    line: Line
    depth: int
    unit: OrganisationUnit | None
    minister: SupervisingMinister | None
    pools: Sequence[Pool]
    released: Sequence[Part] = ()
    is_one_units: bool = True
    above: "LineUse | None" = None
    children: list["LineUse"] = field(default_factory=list)

    @property
    def whole(self) -> Pool:
        """Return the pool of all of the line."""
        return self.pools[0]

    @property
    def parts(self) -> list[Part]:
        """Return what objectives count on, of every pool."""
        return [part for pool in self.pools for part in pool.parts]

    @property
    def taken(self) -> Amounts | None:
        """Return what is allocated of the line and of those below it; None for nothing."""
        below = [child.taken for child in self.children]
        return added([*(part.amounts for part in self.parts), *below])

    @property
    def left(self) -> Amounts | None:
        """Return what is allocated nowhere; None where no figure is there, and where a line above
        is allocated as a whole: then it is not known of this one.
        """
        if self.through is not None:
            return None
        return less(self.whole.amounts, self.taken)

    @property
    def through(self) -> "LineUse | None":
        """Return the nearest line above of which something is allocated."""
        return next((one for one in self.lines_above() if one.parts), None)

    @property
    def parts_below(self) -> int:
        """Return of how many parts the lines below are divided."""
        return sum(len(one.parts) for child in self.children for one in child.walk())

    @property
    def is_over(self) -> bool:
        """Tell whether more than all of a pool is allocated."""
        return any(pool.allocated > 1 for pool in self.pools)

    @property
    def taken_share(self) -> Fraction | None:
        """Return the part of the line that is allocated, of it or below it; None if unknown."""
        if self.through is not None and not self.parts:
            return None
        if not self.parts_below and len(self.pools) == 1:
            return self.whole.allocated if self.parts or self.whole.amounts else None
        whole, taken = self.whole.amounts, self.taken
        if not whole or not whole[0] or taken is None:
            return None
        return Fraction(taken[0], whole[0])

    def lines_above(self) -> Iterator["LineUse"]:
        """Give the lines above, the nearest first."""
        place = self.above
        while place is not None:
            yield place
            place = place.above

    def walk(self) -> Iterator["LineUse"]:
        """Give the line and all below it, from the top."""
        yield self
        for child in self.children:
            yield from child.walk()


def added(amounts: Sequence[Amounts | None]) -> Amounts | None:
    """Return the sums of what there is; None where there is nothing, which zero is not."""
    found = [one for one in amounts if one is not None]
    return tuple(map(sum, zip(*found, strict=True))) if found else None


def less(amounts: Amounts | None, taken: Amounts | None) -> Amounts | None:
    """Return amounts without what is taken; None where no figure is there."""
    if amounts is None or taken is None:
        return amounts
    return tuple(one - other for one, other in zip(amounts, taken, strict=True))


def parts_of(
    rows: Sequence[tuple[Allocation, OperationalObjective | None]], amounts: Amounts | None
) -> list[Part]:
    """Return the parts of a pool, divided to the cent in the order of the objectives' codes."""
    ordered = sorted(rows, key=lambda row: (row[0].objective.code, str(row[0].uuid)))
    shares = [allocation.share for allocation, _objective in ordered]
    columns = [divide(amount, shares) for amount in amounts or ()]
    divided: Sequence[Amounts | None] = (
        [None] * len(ordered) if amounts is None else list(zip(*columns, strict=True))
    )
    return [
        Part(allocation, objective, part)
        for (allocation, objective), part in zip(ordered, divided, strict=True)
    ]
