"""The means of a year: what the credits are for, a line over the years, and who works with them.

Money and people stay beside each other: nothing here divides one by the other (design.md 4.11).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from budget.choices import BudgetVersion, CreditCategory
from budget.models import CreditLine
from budget.reconciliation import Verdict
from budget.selectors.book import CreditBook, Figure, Node, total
from budget.selectors.reconciliation import reconcile
from ibzplan.core.clocks import Clocks
from ibzplan.core.steady import steady


@dataclass(frozen=True, slots=True)
class CategoryMeans:
    """What is for one category, None for no figure."""

    category: CreditCategory
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class CreditMeans:
    """The credits of a year in one version: together, own and hosted, and by category.

    `rest` is what the whole has more, or less, than the categories add up to; None when nothing.
    `without` counts the lines that have no figure where their sum stands: the whole is not complete
    then. `budgets` are the versions that the figures are of.
    """

    whole: Figure | None
    own: Figure | None
    hosted: Figure | None
    categories: Sequence[CategoryMeans]
    rest: Figure | None
    without: int
    budgets: frozenset[BudgetVersion]

    @property
    def most_cents(self) -> int:
        """Return the largest amount of a category: the scale of their bars."""
        return largest(one.figure for one in self.categories)

    @property
    def most_part_cents(self) -> int:
        """Return the largest amount of the parts and the whole: the scale of theirs."""
        return largest((self.own, self.hosted, self.whole))


@dataclass(frozen=True, slots=True)
class YearMeans:
    """What a line, or the whole, has in a year; None for a year that nobody entered.

    `without` counts the lines below that have no figure where their sum stands.
    """

    year: int
    figure: Figure | None
    budgets: frozenset[BudgetVersion]
    without: int


def largest(figures: "Iterable[Figure | None]") -> int:
    """Return the largest of all amounts, in cents; 0 without any."""
    found = [figure for figure in figures if figure is not None]
    return max((max(one.commitment_cents, one.payment_cents) for one in found), default=0)


def credit_means(tree: Sequence[Node]) -> CreditMeans:
    """Return what the lines of a year come to. No query."""
    found: dict[CreditCategory, list[Figure | None]] = defaultdict(list)
    for node in tree:
        for category, figure in _by_category(node):
            found[category].append(figure)
    sums = {category: total(figures) for category, figures in found.items()}
    whole = total([node.figure for node in tree])
    parts = [node.split for node in tree]
    return CreditMeans(
        whole,
        total([part.own for part in parts]),
        total([part.hosted for part in parts]),
        [CategoryMeans(one, sums[one]) for one in CreditCategory if one in sums],
        _rest(whole, total(list(sums.values()))),
        without_figure(tree),
        frozenset(budget for node in tree for budget in node.budgets),
    )


def without_figure(nodes: Sequence[Node]) -> int:
    """Return how many lines have no figure where a sum of lines stands."""
    return sum(node.without for node in nodes if node.is_sum)


def _by_category(node: Node) -> "Iterator[tuple[CreditCategory, Figure | None]]":
    """Give the categories at the tops of the branches; what is hosted is a category of its own."""
    if not node.line.category and not node.is_hosted:
        for child in node.children:
            yield from _by_category(child)
        return
    split = node.split
    if not node.is_hosted:
        yield CreditCategory(node.line.category), split.own
    if split.hosted is not None or node.is_hosted:
        yield CreditCategory.HOSTED, split.hosted


def _rest(whole: Figure | None, parts: Figure | None) -> Figure | None:
    if whole is None:
        return None
    there = parts or Figure(0, 0)
    rest = Figure(
        whole.commitment_cents - there.commitment_cents, whole.payment_cents - there.payment_cents
    )
    return rest if rest.commitment_cents or rest.payment_cents else None


def year_means(book: CreditBook, line: CreditLine | None, until: int) -> list[YearMeans]:
    """Return a line, or with None the whole, from the first year with amounts of any line to the
    last one, and to `until` at least. Of each year the adjusted budget where there is one.

    No query. A year without a figure is there, without one: it is a gap, never zero.
    """
    if not book.years:
        return []
    years = range(book.years[0], max(book.years[-1], until) + 1)
    return [_year(book, line, year) for year in years]


def _year(book: CreditBook, line: CreditLine | None, year: int) -> YearMeans:
    if year not in book.years:
        return YearMeans(year, None, frozenset(), 0)
    adjusted = BudgetVersion.ADJUSTED
    nodes = book.tree(year, adjusted) if line is None else [book.node(line, year, adjusted)]
    budgets = frozenset(budget for node in nodes for budget in node.budgets)
    return YearMeans(year, total([node.figure for node in nodes]), budgets, without_figure(nodes))


def differences_by_class(clocks: Clocks) -> Mapping[Verdict, int]:
    """Return how many printed figures differ from what they add up to, by class.

    Five queries, and those of rewinding; none while the tables stay as they are.
    """
    moment = clocks.moment_asked
    return _differences(moment, clocks.reference_date)


@steady
def _differences(moment: datetime | None, day: date) -> Mapping[Verdict, int]:
    now = Clocks.now()
    clocks = Clocks(day, moment or now.known_at, pinned_known=moment is not None)
    return Counter(line.finding.verdict for line in reconcile(clocks).lines)
