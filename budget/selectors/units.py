"""The means of one unit: the lines of the budget and of the staffing tables that name it."""

from collections.abc import Sequence
from dataclasses import dataclass

from budget.choices import BudgetVersion, CreditCategory
from budget.selectors.book import CreditBook, Figure, Node, credit_book, total
from budget.selectors.means import without_figure
from budget.selectors.people import PeopleMeans, people_means, uncounted
from ibzplan.core.clocks import Clocks
from personnel.choices import StaffMeasure
from personnel.models import OrganisationUnit, StaffingLine
from personnel.staffing import StaffingRead, staffing_read


@dataclass(frozen=True, slots=True)
class UnitCredits:
    """The lines that name a unit, in the budget of a year; none stands below another one of them.

    `year` is the one asked for, or the last one before it that has figures. `others` are the units
    of lines below that name one of their own: their credits are in the figure too.
    """

    year: int
    nodes: Sequence[Node]
    others: Sequence[OrganisationUnit]

    @property
    def figure(self) -> Figure | None:
        """Return what they come to, None for nothing entered."""
        return total([node.figure for node in self.nodes])

    @property
    def budgets(self) -> list[BudgetVersion]:
        """Return the versions that the figures are of."""
        found = {budget for node in self.nodes for budget in node.budgets}
        return [budget for budget in BudgetVersion if budget in found]

    @property
    def is_whole(self) -> bool:
        """Tell whether it is the whole budget: then nothing of it stands elsewhere."""
        return any(node.depth == 0 and node.children for node in self.nodes)

    @property
    def without(self) -> int:
        """Return how many lines below have no figure where their sum stands."""
        return without_figure(self.nodes)

    @property
    def categories(self) -> list[CreditCategory]:
        """Return what the lines are for, where they say so."""
        found = {row.line.category for node in self.nodes for row in node.walk()}
        return [one for one in CreditCategory if one in found]


@dataclass(frozen=True, slots=True)
class UnitMeans:
    """The money and the people of a unit in a year, beside each other.

    `lines` are those of the staffing tables that name the unit, `people` its FTE and its persons;
    `uncounted` are lines that are in the first and not in the second.
    """

    year: int
    credits: UnitCredits | None
    lines: Sequence[StaffingLine]
    people: Sequence[PeopleMeans]
    uncounted: Sequence[StaffingLine]


def unit_means(unit: OrganisationUnit, year: int, clocks: Clocks) -> UnitMeans:
    """Return the means of a unit. The costs of credit_book and staffing_read."""
    read = staffing_read(clocks)
    lines = _staffing_lines(read, unit)
    people = [people_means(read, lines, measure, year) for measure in StaffMeasure]
    return UnitMeans(
        year,
        _credits(credit_book(clocks), unit, year),
        lines,
        people if lines else [],
        uncounted(read, lines, *people) if lines else [],
    )


def _credits(book: CreditBook, unit: OrganisationUnit, year: int) -> UnitCredits | None:
    """Return the credits of the year, else of the last year before it; None without any line."""
    years = [year, *(one for one in reversed(book.years) if one < year)]
    found = [_of_year(book, unit, one) for one in years]
    if not found[0].nodes:
        return None
    return next((one for one in found if one.figure is not None), found[0])


def _of_year(book: CreditBook, unit: OrganisationUnit, year: int) -> UnitCredits:
    nodes = [node for top in book.tree(year, BudgetVersion.ADJUSTED) for node in _tops(top, unit)]
    others = {
        row.line.unit
        for node in nodes
        for row in node.walk()
        if row.line.unit is not None and row.line.unit_id != unit.pk
    }
    return UnitCredits(year, nodes, sorted(others, key=lambda one: (one.order, one.code)))


def _tops(node: Node, unit: OrganisationUnit) -> list[Node]:
    """Return the uppermost lines that name the unit: what hangs below is in them."""
    if node.line.unit_id == unit.pk:
        return [node]
    return [top for child in node.children for top in _tops(child, unit)]


def _staffing_lines(read: StaffingRead, unit: OrganisationUnit) -> list[StaffingLine]:
    found: list[StaffingLine] = []
    waiting = list(reversed(read.children.get(None, ())))
    while waiting:
        line = waiting.pop()
        if line.unit_id == unit.pk:
            found.append(line)
        else:
            waiting.extend(reversed(read.children.get(line.pk, ())))
    return found
