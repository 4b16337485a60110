"""What of the credits and the staffing of a year is allocated, as known then."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

from budget.choices import BudgetVersion
from budget.selectors import Node, credit_book
from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import rows_known
from ibzplan.core.steady import steady
from objectives.allocation.choices import LineKind
from objectives.allocation.models import CreditAllocation, StaffAllocation
from objectives.allocation.selectors.lines import (
    Allocation,
    Amounts,
    Basis,
    Line,
    LineUse,
    Part,
    Pool,
    parts_of,
)
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.judgements import objectives_seen
from objectives.planning.selectors.units import objectives_then
from personnel.access import Access
from personnel.choices import StaffKind, StaffMeasure, Statute, UnitKind
from personnel.models import OrganisationUnit, StaffingLine, SupervisingMinister
from personnel.staffing import StaffingRead, StaffingTable, staffing_read, staffing_table
from personnel.staffing.table import PARTS

# A book holds every line and objective of a year: a few readers of a few years.
_MOST_BOOKS: Final = 32


@dataclass(frozen=True)
class AllocationBook:
    """The lines of both trees in their order, each with its parts, of one plan year.

    `objectives` are by key those of the year that the reader may see, as they stood. Which version
    of the budget and which people an amount is of stands with each pool.
    """

    year: int
    clocks: Clocks
    budget: BudgetVersion
    credits: Sequence[LineUse]
    staffing: Sequence[LineUse]
    objectives: Mapping[int, OperationalObjective]

    def of(self, kind: LineKind) -> Sequence[LineUse]:
        """Return the lines of one tree."""
        return self.credits if kind == LineKind.CREDITS else self.staffing

    def line(self, kind: LineKind, code: str) -> LineUse | None:
        """Return a line by its code."""
        return next((use for use in self.of(kind) if use.line.code == code), None)

    @cached_property
    def parts(self) -> Mapping[int, Sequence[tuple[LineUse, Pool, Part]]]:
        """Return by objective, of those that the reader may see, what it counts on."""
        found: dict[int, list[tuple[LineUse, Pool, Part]]] = defaultdict(list)
        for use in (*self.credits, *self.staffing):
            for pool in use.pools:
                for part in pool.parts:
                    if part.objective is not None:
                        found[part.objective.pk].append((use, pool, part))
        return found


def allocation_book(year: int, clocks: Clocks, access: Access) -> AllocationBook:
    """Return what is allocated in a year, and what is left of each line.

    Two queries besides those of the credits, the staffing and the objectives, whatever their
    number; none while nothing was recorded since the same reader asked for the same. The shares of
    objectives that the reader may not see count, without their names.
    """
    return _book(year, clocks, access)


@steady(most=_MOST_BOOKS)
def _book(year: int, clocks: Clocks, access: Access) -> AllocationBook:
    known = _objectives_known(year, clocks, access)
    seen = {key: row for key, row in known.items() if row.withdrawn_at is None}
    credit_rows, staff_rows = _allocations(year, clocks.moment_asked)
    book = credit_book(clocks)
    is_adjusted = book.has(year, BudgetVersion.ADJUSTED)
    budget = BudgetVersion.ADJUSTED if is_adjusted else BudgetVersion.INITIAL
    return AllocationBook(
        year,
        clocks,
        budget,
        _Credits(_Rows(credit_rows, known, clocks)).lines(book.tree(year, budget)),
        _Staffing(_Rows(staff_rows, known, clocks), staffing_read(clocks), year).lines(),
        seen,
    )


def _objectives_known(year: int, clocks: Clocks, access: Access) -> dict[int, OperationalObjective]:
    """Return by key the objectives of a year that the reader saw then, in the order of codes."""
    rows = objectives_seen(access, clocks.known_at).filter(plan__year=year)
    related = rows.select_related("plan__plan", "werf__objective", "unit").order_by("code", "pk")
    return objectives_then(list(related), clocks)


@steady
def _allocations(
    year: int, moment: datetime | None
) -> tuple[tuple[CreditAllocation, ...], tuple[StaffAllocation, ...]]:
    """Return what was allocated and not withdrawn by then."""
    credits = CreditAllocation.objects.filter(year=year).select_related("objective", "line")
    staff = StaffAllocation.objects.filter(year=year).select_related("objective", "line")
    return (
        tuple(row for row in rows_known(credits, moment) if row.withdrawn_at is None),
        tuple(row for row in rows_known(staff, moment) if row.withdrawn_at is None),
    )


class _Rows:
    """The shares of one tree by line and statute; those of withdrawn objectives apart."""

    def __init__(
        self,
        rows: Iterable[Allocation],
        known: Mapping[int, OperationalObjective],
        clocks: Clocks,
    ) -> None:
        self.held: dict[tuple[int, str], list[tuple[Allocation, OperationalObjective | None]]] = (
            defaultdict(list)
        )
        self.released: dict[int, list[Part]] = defaultdict(list)
        for row in rows:
            gone_at = row.objective.withdrawn_at
            if gone_at is not None and gone_at <= clocks.known_at:
                self.released[row.line_id].append(Part(row, known.get(row.objective_id), None))
            else:
                statute = row.statute if isinstance(row, StaffAllocation) else ""
                self.held[row.line_id, statute].append((row, known.get(row.objective_id)))

    def pool(self, line: int, statute: str, amounts: Amounts | None, basis: Basis) -> Pool:
        """Return a pool of a line."""
        return Pool(statute, amounts, basis, parts_of(self.held.get((line, statute), ()), amounts))


class _Credits:
    """The tree of credits."""

    def __init__(self, rows: _Rows) -> None:
        self.rows = rows

    def lines(self, tree: Sequence[Node]) -> list[LineUse]:
        """Return the lines from the top, each before those below it."""
        return [use for node in tree for use in self._grown(node, None).walk()]

    def _grown(self, node: Node, above: LineUse | None) -> LineUse:
        line, figure = node.line, node.figure
        amounts = (figure.commitment_cents, figure.payment_cents) if figure else None
        # Hosted money is not of the unit above that it hangs below: others decide on it.
        goes_with = above.unit if above and not line.is_hosted else None
        use = LineUse(
            LineKind.CREDITS,
            line,
            node.depth,
            line.unit or goes_with,
            line.minister or (above.minister if above else None),
            [self.rows.pool(line.pk, "", amounts, Basis(versions=node.budgets))],
            self.rows.released.get(line.pk, ()),
            _is_of_one(line, line.unit or goes_with) and not _holds_hosted(node),
            above,
        )
        use.children = [self._grown(child, use) for child in node.children]
        return use


class _Staffing:
    """The tree of staffing: who is planned at the end of the year, else who was there last."""

    def __init__(self, rows: _Rows, read: StaffingRead, year: int) -> None:
        self.rows, self.read = rows, read
        people, on = staff_day(read, year)
        self.basis = Basis(people=people, on=on)
        self.table: StaffingTable = staffing_table(read, StaffMeasure.FTE, people, on)

    def lines(self) -> list[LineUse]:
        """Return the lines from the top, each before those below it."""
        tops = self.read.children.get(None, ())
        return [use for line in tops for use in self._grown(line, 0, None).walk()]

    def _grown(self, line: StaffingLine, depth: int, above: LineUse | None) -> LineUse:
        unit: OrganisationUnit | None = line.unit or (above.unit if above else None)
        minister: SupervisingMinister | None = None
        use = LineUse(
            LineKind.STAFFING,
            line,
            depth,
            unit,
            minister,
            self._pools(line),
            self.rows.released.get(line.pk, ()),
            _is_of_one(line, unit),
            above,
        )
        below = self.read.children.get(line.pk, ())
        use.children = [self._grown(child, depth + 1, use) for child in below]
        return use

    def _pools(self, line: StaffingLine) -> list[Pool]:
        """Return the pool of all statutes, then those of the statutes if one is divided apart."""
        apart = [part.value for part in PARTS]
        is_apart = any((line.pk, part) in self.rows.held for part in apart)
        return [
            self.rows.pool(line.pk, statute, self._amounts(line, statute), self.basis)
            for statute in (Statute.ALL.value, *(apart if is_apart else ()))
        ]

    def _amounts(self, line: StaffingLine, statute: str) -> Amounts | None:
        amount = self.table.cell(line, statute).amount
        return None if amount is None else (amount,)


def staff_day(read: StaffingRead, year: int) -> tuple[str, date | None]:
    """Return of which people and day the FTE of a year are.

    The last plan of the year; without any, who was there on the last day with figures until then.
    """
    plans = [day for day in read.days(StaffMeasure.FTE, StaffKind.PLAN) if day.year == year]
    if plans:
        return StaffKind.PLAN.value, plans[-1]
    days = [day for day in read.days(StaffMeasure.FTE, StaffKind.ACTUAL) if day.year <= year]
    return StaffKind.ACTUAL.value, days[-1] if days else None


def _is_of_one(line: Line, unit: OrganisationUnit | None) -> bool:
    """Tell whether a line is of one unit: named by itself, or by one above that is no umbrella."""
    return unit is not None and (line.unit is not None or unit.kind != UnitKind.FPS)


def _holds_hosted(node: Node) -> bool:
    """Tell whether others decide on part of a line that is not hosted itself."""
    return not node.is_hosted and any(one.is_hosted for one in node.walk())
