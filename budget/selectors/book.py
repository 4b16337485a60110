"""All credits as known at a moment: which amount stands, the tree of a year, a line over years.

Sums are whole cents, added up in Python.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from budget.choices import BudgetVersion, CreditTable
from budget.models import CreditAmount, CreditLine
from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import as_known, rows_known
from ibzplan.core.steady import steady

# Of one budget: what was entered here stands before what is printed, detail before the whole.
_STANDING: Final = (CreditTable.ENTERED, CreditTable.MISSIONS, CreditTable.GLOBAL)


def standing_place(amount: CreditAmount) -> int:
    """Return where an amount stands among those of one line and version: the first one stands."""
    return _STANDING.index(CreditTable(amount.table))


@dataclass(frozen=True, slots=True)
class Figure:
    """Commitment and payment credits, in cents."""

    commitment_cents: int
    payment_cents: int

    def __add__(self, other: "Figure") -> "Figure":
        """Return both together."""
        return Figure(
            self.commitment_cents + other.commitment_cents, self.payment_cents + other.payment_cents
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """The amount that stands for a line, in which budget and from which table."""

    amount: CreditAmount

    @property
    def figure(self) -> Figure:
        """Return what it gives."""
        return Figure(self.amount.commitment_cents, self.amount.payment_cents)

    @property
    def budget(self) -> BudgetVersion:
        """Return the version that the amount is of, which is not always the one asked for."""
        return BudgetVersion(self.amount.budget)

    @property
    def is_entered(self) -> bool:
        """Tell whether it was entered here, not printed."""
        return self.amount.table == CreditTable.ENTERED


@dataclass(frozen=True, slots=True)
class Split:
    """What the department decides on itself, and what it hosts for others; None for no figure."""

    own: Figure | None
    hosted: Figure | None


@dataclass(slots=True)
class Node:
    """A line in the tree of a year. `own` is the amount that stands for the line itself.

    `below` is the sum of the nearest lines below that have a figure, None where none has;
    `without` counts the lines at the ends of its branches that have none. `budgets` are the
    versions that the figures behind `figure` are of.
    """

    line: CreditLine
    depth: int
    own: Standing | None
    children: list["Node"] = field(default_factory=list)
    below: Figure | None = None
    without: int = 0
    is_hosted: bool = False
    budgets: frozenset[BudgetVersion] = frozenset()
    is_sum: bool = False

    @property
    def figure(self) -> Figure | None:
        """Return its own amount, else the sum of the lines below; None: not entered."""
        return self.below if self.is_sum or self.own is None else self.own.figure

    @property
    def differs(self) -> bool:
        """Tell whether all lines below have a figure, and add up to another one than its own."""
        return (
            self.own is not None
            and not self.is_sum
            and not self.without
            and self.below not in (None, self.own.figure)
        )

    @property
    def split(self) -> Split:
        """Return the own and the hosted part of its figure."""
        if self.is_hosted:
            return Split(None, self.figure)
        if not any(node.is_hosted for node in self.walk()):
            return Split(self.figure, None)
        parts = [node.split for node in self.children]
        return Split(total(part.own for part in parts), total(part.hosted for part in parts))

    def walk(self) -> Iterator["Node"]:
        """Give the line and all below it, from the top."""
        yield self
        for child in self.children:
            yield from child.walk()


def total(figures: "Iterator[Figure | None] | Sequence[Figure | None]") -> Figure | None:
    """Return the sum of what there is; None where there is nothing, which zero is not."""
    found = [figure for figure in figures if figure is not None]
    return sum(found[1:], found[0]) if found else None


@dataclass(frozen=True)
class CreditBook:
    """The lines and amounts that were there at a moment."""

    lines: Sequence[CreditLine]
    amounts: Sequence[CreditAmount]

    @cached_property
    def by_line(self) -> Mapping[int, Sequence[CreditAmount]]:
        """Return the amounts of each line, by its key."""
        found: dict[int, list[CreditAmount]] = defaultdict(list)
        for amount in self.amounts:
            found[amount.line_id].append(amount)
        return found

    @cached_property
    def years(self) -> Sequence[int]:
        """Return the years with amounts, the first one first."""
        return sorted({amount.year for amount in self.amounts})

    def line(self, code: str) -> CreditLine | None:
        """Return a line by its code."""
        return next((line for line in self.lines if line.code == code), None)

    def has(self, year: int, budget: str) -> bool:
        """Tell whether any line has an amount in that version of a year's budget."""
        return any(one.year == year and one.budget == budget for one in self.amounts)

    def of_line(self, line: CreditLine, year: int, budget: str) -> Sequence[CreditAmount]:
        """Return all amounts of a line in one version, the one that stands first."""
        found = [
            amount
            for amount in self.by_line.get(line.pk, ())
            if amount.year == year and amount.budget == budget
        ]
        return sorted(found, key=standing_place)

    def standing_of(self, line: CreditLine, year: int, budget: str) -> Standing | None:
        """Return what stands for a line: in the adjusted budget the initial one, if need be."""
        found = self.of_line(line, year, budget)
        if not found and budget == BudgetVersion.ADJUSTED:
            found = self.of_line(line, year, BudgetVersion.INITIAL)
        return Standing(found[0]) if found else None

    def standing(self, year: int, budget: str) -> dict[int, Standing]:
        """Return what stands by the key of a line, for those that have an amount."""
        found = {line.pk: self.standing_of(line, year, budget) for line in self.lines}
        return {key: one for key, one in found.items() if one is not None}

    def tree(self, year: int, budget: str) -> list[Node]:
        """Return the lines without one above them, each with its branches."""
        children: dict[int | None, list[CreditLine]] = defaultdict(list)
        known = {line.pk for line in self.lines}
        for line in sorted(self.lines, key=lambda one: (one.order, one.code)):
            above = line.parent_id if line.parent_id in known else None
            children[above].append(line)
        standing = self.standing(year, budget)

        def grown(line: CreditLine, depth: int, *, is_hosted: bool) -> Node:
            hosted = is_hosted or line.is_hosted
            node = Node(line, depth, standing.get(line.pk), is_hosted=hosted)
            node.children = [
                grown(child, depth + 1, is_hosted=hosted) for child in children[line.pk]
            ]
            _add_up(node)
            return node

        return [grown(line, 0, is_hosted=False) for line in children[None]]

    def line_after(self, line: CreditLine, year: int, budget: str) -> CreditLine | None:
        """Return the next line of the tree with none below it; None after the last one."""
        nodes = [node for top in self.tree(year, budget) for node in top.walk()]
        place = next(n for n, node in enumerate(nodes) if node.line == line)
        return next((node.line for node in nodes[place + 1 :] if not node.children), None)

    def node(self, line: CreditLine, year: int, budget: str) -> Node:
        """Return one line of the tree of a year."""
        nodes = (node for top in self.tree(year, budget) for node in top.walk())
        return next(node for node in nodes if node.line.pk == line.pk)

    def series(self, line: CreditLine) -> list["YearFigure"]:
        """Return a line from the first year with amounts of any line to the last, each by the
        adjusted budget where there is one; a year without a figure is there, without one.
        """
        if not self.years:
            return []
        nodes = (
            (year, self.node(line, year, BudgetVersion.ADJUSTED))
            for year in range(self.years[0], self.years[-1] + 1)
        )
        return [YearFigure(year, node.figure, node.budgets, node.is_sum) for year, node in nodes]


@dataclass(frozen=True, slots=True)
class YearFigure:
    """What a line has in a year, None for nothing entered, and the versions that it is of."""

    year: int
    figure: Figure | None
    budgets: frozenset[BudgetVersion]
    is_sum: bool


def _add_up(node: Node) -> None:
    """Work out a line from those below it, which are worked out.

    Where something below was adjusted and the line itself was not, its initial amount is no longer
    their total: then the sum stands.
    """
    node.below = total([child.figure for child in node.children])
    node.without = sum(child.without for child in node.children if child.own is None)
    if not node.children and node.own is None:
        node.without = 1
    below = frozenset(budget for child in node.children for budget in child.budgets)
    is_older = (
        node.own is not None
        and node.own.budget == BudgetVersion.INITIAL
        and BudgetVersion.ADJUSTED in below
    )
    node.is_sum = node.below is not None and (node.own is None or is_older)
    node.budgets = below if node.is_sum else frozenset({node.own.budget} if node.own else ())


def credit_book(clocks: Clocks) -> CreditBook:
    """Return all credits as known then: two queries, and at an earlier moment those of rewinding.

    The budget is public: every line is in it. Without a moment asked for it is what stands, also
    rows that tell of themselves a time past the record clock.
    """
    return _book(clocks.moment_asked)


@steady
def _book(moment: datetime | None) -> CreditBook:
    lines = rows_known(
        CreditLine.objects.select_related("parent", "unit", "minister").order_by("order", "code"),
        moment,
    )
    rows = CreditAmount.objects.select_related(None)
    if moment is None:
        return CreditBook(lines, list(rows.current()))
    there = as_known(list(rows.standing_at(moment)), moment)
    return CreditBook(lines, there)


def amounts_standing(year: int, budget: str, clocks: Clocks) -> dict[int, Standing]:
    """Return the amount that stands for each line (by key) in a version of a year's budget.

    Of one version what was entered here, else what the detailed table prints, else the global one;
    in the adjusted budget the initial amount where no other was entered. The costs of credit_book.
    """
    return credit_book(clocks).standing(year, budget)
