"""What is reconciled: printed cells, the tables that hold them, and what is found of each check."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final


class Table(StrEnum):
    """Where a figure is printed."""

    GLOBAL = "global"
    MISSIONS = "missions"
    FTE = "fte"
    HEADCOUNT = "headcount"
    TEXT = "text"


class Unit(StrEnum):
    """What a figure counts, and so what its integer is a part of."""

    KEUR = "keur"
    FTE = "fte"
    PERSONS = "persons"
    PERCENT = "percent"


# An amount of money stands in cents; people and percentages in thousandths.
PARTS: Final[Mapping[Unit, int]] = {
    Unit.KEUR: 100_000,
    Unit.FTE: 1000,
    Unit.PERSONS: 1000,
    Unit.PERCENT: 1000,
}
UNITS: Final[Mapping[Table, Unit]] = {
    Table.GLOBAL: Unit.KEUR,
    Table.MISSIONS: Unit.KEUR,
    Table.FTE: Unit.FTE,
    Table.HEADCOUNT: Unit.PERSONS,
}

STATUTES: Final = ("mandate", "statutory", "contractual")
ALL_STATUTES: Final = "all"
# In which order the columns of the tables stand.
COLUMNS: Final = ("commitment", "payment", *STATUTES, ALL_STATUTES)


class Check(StrEnum):
    """What is compared with what."""

    BELOW = "below"  # a subtotal or total, with the lines below it
    STATUTES = "statutes"  # all statutes, with the three of them
    TWICE = "twice"  # the global table, with the detailed one
    FTE_ABOVE = "fte_above"  # FTE, with the persons that work them
    NO_FTE = "no_fte"  # persons, with no FTE at all
    OPPOSITE = "opposite"  # the statute of most persons, with that of most FTE
    STATED = "stated"  # a figure of the text, with the tables
    ALONE = "alone"  # a line that the other table has no place for
    UNBACKED = "unbacked"  # a figure of the text that no table gives


class Verdict(StrEnum):
    """What came of a check (design.md 4.11)."""

    AGREES = "agrees"
    ROUNDING = "rounding"
    MISMATCH = "mismatch"
    ONLY_IN_ONE = "only_in_one"


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed figure. `value` is in the parts of its table's unit, `step` what it is rounded
    to, in the same parts: 0 for what is counted one by one.
    """

    table: Table
    sheet: str
    line: str
    column: str
    printed: str
    value: int
    step: int
    source_line: int | None = None


class Tree:
    """The lines of a pair of tables, in the order of the plan: each hangs below one or none."""

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        """Take the code of every line with that of the line above it."""
        self.lines: Final = tuple(parents)
        self.parents: Final = dict(parents)
        self.children: Final[dict[str, list[str]]] = {code: [] for code in parents}
        for code, parent in parents.items():
            if parent is not None:
                self.children[parent].append(code)

    def above(self, line: str) -> Iterable[str]:
        """Give the lines above one, the nearest first."""
        parent = self.parents[line]
        while parent is not None:
            yield parent
            parent = self.parents[parent]

    def below(self, line: str) -> Iterable[str]:
        """Give all lines below one, in the order of the plan."""
        for child in self.children[line]:
            yield child
            yield from self.below(child)


class Sheet:
    """One table as printed for one budget or one day; `name` says which: "2025/initial"."""

    def __init__(self, table: Table, name: str, tree: Tree, cells: Iterable[Cell]) -> None:
        """Take its cells; those of lines that the tree does not hold are an error."""
        self.table: Final = table
        self.name: Final = name
        self.tree: Final = tree
        self.cells: Final = {(cell.line, cell.column): cell for cell in cells}
        printed = {line for line, _column in self.cells}
        self.lines: Final = tuple(line for line in tree.lines if line in printed)

    @property
    def unit(self) -> Unit:
        """Return what its figures count."""
        return UNITS[self.table]

    def row(self, line: str) -> tuple[Cell, ...]:
        """Return the cells of a line, in the order of the columns."""
        found = (self.cells.get((line, column)) for column in COLUMNS)
        return tuple(cell for cell in found if cell is not None)

    def nearest(self, line: str, column: str) -> tuple[Cell, ...]:
        """Return the cells that a line adds up from: the nearest printed ones below it."""
        found: list[Cell] = []
        for child in self.tree.children[line]:
            cell = self.cells.get((child, column))
            found.extend([cell] if cell else self.nearest(child, column))
        return tuple(found)

    def people(self, line: str, column: str) -> tuple[Cell, ...]:
        """Return the cell of a statute; where all are not printed together, the cells of each."""
        cell = self.cells.get((line, column))
        if cell is not None:
            return (cell,)
        return self.row(line) if column == ALL_STATUTES else ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one check. `value` and `recomputed` are in the parts of `unit`.

    `printed` is the figure as printed, "" where it is a sum of printed ones; a line that stands
    alone has its whole row there and no value. `cells` are all that the check looked at.
    """

    check: Check
    verdict: Verdict
    table: Table
    sheet: str
    line: str
    column: str
    unit: Unit
    printed: str
    value: int | None
    recomputed: int | None
    cells: tuple[Cell, ...]
    source_line: int | None

    @property
    def difference(self) -> int | None:
        """Return what is printed less what is recomputed."""
        if self.value is None or self.recomputed is None:
            return None
        return self.value - self.recomputed

    @property
    def recomputed_unit(self) -> Unit:
        """Return what the recomputed figure counts: FTE are compared with persons."""
        return _OTHER_UNITS.get(self.check, self.unit)


_OTHER_UNITS: Final[Mapping[Check, Unit]] = {
    Check.FTE_ABOVE: Unit.PERSONS,
    Check.NO_FTE: Unit.PERSONS,
    Check.OPPOSITE: Unit.FTE,
}


def total(cells: Sequence[Cell]) -> int:
    """Return the sum of the cells."""
    return sum(cell.value for cell in cells)


def slack(cells: Sequence[Cell]) -> Fraction:
    """Return how far the sum of rounded cells can lie from that of what was rounded."""
    return Fraction(sum(cell.step for cell in cells), 2)


def judged(gap: Fraction | int, *, step: int, spread: Fraction) -> Verdict:
    """Return what a difference is: explainable by rounding, or not.

    `gap` is its size, `step` what the printed figure is rounded to, `spread` how far the recomputed
    one can lie off: half a step for each row that was added. A recomputed figure that rounds to the
    printed one agrees; up to half a step and the spread together, rounding explains it.
    """
    half = Fraction(step, 2)
    if gap <= half:
        return Verdict.AGREES
    return Verdict.ROUNDING if gap <= half + spread else Verdict.MISMATCH
