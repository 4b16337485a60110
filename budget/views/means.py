"""The means of a year: money by category and by line, people, and what does not add up."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budget.choices import BudgetVersion
from budget.means_texts import categories_sentence
from budget.reconciliation import Verdict
from budget.selectors import (
    CreditBook,
    Figure,
    Node,
    PeopleMeans,
    credit_book,
    credit_means,
    differences_by_class,
    largest,
    people_means,
    uncounted,
    year_means,
)
from budget.views.asked import budget_asked, year_asked, years_offered
from budget.views.lines import origin
from budget.views.means_tables import (
    TABLE_NAMES,
    categories_table,
    lines_table,
    people_table,
    years_table,
)
from ibzplan.core.asked import clocks_asked, say
from ibzplan.core.clocks import Clocks
from ibzplan.core.exports import About, export_response
from personnel.choices import StaffMeasure
from personnel.models import StaffingLine
from personnel.staffing import StaffingRead, staffing_read


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line below the one that the page opened; `origin` says where its figure comes from."""

    node: Node
    origin: str

    @property
    def figure(self) -> Figure | None:
        """Return its figure."""
        return self.node.figure


@dataclass(frozen=True, slots=True)
class Opened:
    """Where in the tree the page is: the lines from the top to it, and those directly below it."""

    trail: Sequence[Node]
    rows: Sequence[LineRow]

    @property
    def node(self) -> Node | None:
        """Return the line that is open; None for the whole budget of several tops."""
        return self.trail[-1] if self.trail else None

    @property
    def most_cents(self) -> int:
        """Return the largest amount of its rows: the scale of their bars."""
        return largest(row.figure for row in self.rows)


@require_safe
def means_page(request: HttpRequest) -> HttpResponse:
    """Show the means of a year, or give its tables as a file."""
    clocks = clocks_asked(request)
    book = credit_book(clocks)
    year = year_asked(request, book, clocks)
    budget = budget_asked(request, book, year)
    tree = book.tree(year, budget)
    opened = _opened(request, tree, budget)
    means = credit_means(tree)
    read = staffing_read(clocks)
    people = _people(read, year)
    line = opened.node.line if opened.node else None
    years = year_means(book, line, clocks.reference_date.year)
    is_demo = _is_demo(book, read, year)
    file = export_response(
        request,
        lambda: [
            categories_table(means),
            lines_table(opened.rows),
            people_table(people),
            years_table(years),
        ],
        file_name=_("means"),
        about=About(
            _("Means %(year)s") % {"year": year},
            clocks,
            plan_year=year,
            filters=[
                (_("Version"), budget.label),
                *([(_("Line"), line.title)] if line else []),
            ],
            is_demo=is_demo,
        ),
    )
    return file or render(
        request,
        "budget/means.html",
        {
            "year": year,
            "years_offered": years_offered(book, clocks),
            "budget": budget,
            "versions": BudgetVersion,
            "is_adjusted_asked": budget == BudgetVersion.ADJUSTED,
            "is_there": book.has(year, budget),
            "means": means,
            "categories_sentence": categories_sentence(means),
            "opened": opened,
            "people": people,
            "uncounted": uncounted(read, _tops(read), *people),
            "years": years,
            "clocks": clocks,
            "query": _query(clocks, year, budget),
            "export_tables": [(name, title) for name, title in TABLE_NAMES.items()],
            "demo_mark": is_demo,
            **_differences(clocks),
        },
    )


def _query(clocks: Clocks, year: int, budget: BudgetVersion) -> str:
    """Return what keeps year, version and clocks in a link."""
    return f"{clocks.query_with(year)}&budget={budget.value}"


def _opened(request: HttpRequest, tree: Sequence[Node], budget: BudgetVersion) -> Opened:
    """Return the line of the address with those below it; else the top. Another one is said."""
    code = request.GET.get("line", "")
    trail = _trail(tree, code) if code else []
    if code and not trail:
        say(
            request,
            _("There is no line “%(value)s” in the budget: the page shows the whole.")
            % {"value": code},
        )
    if not trail and len(tree) == 1:
        trail = [tree[0]]
    below = trail[-1].children if trail else tree
    return Opened(trail, [LineRow(node, origin(node, budget)) for node in below])


def _trail(nodes: Sequence[Node], code: str) -> list[Node]:
    """Return the lines from the top to the one of a code; none when there is no such line."""
    for node in nodes:
        if node.line.code == code:
            return [node]
        below = _trail(node.children, code)
        if below:
            return [node, *below]
    return []


def _tops(read: StaffingRead) -> Sequence[StaffingLine]:
    return read.children.get(None, ())


def _people(read: StaffingRead, year: int) -> list[PeopleMeans]:
    return [people_means(read, _tops(read), measure, year) for measure in StaffMeasure]


def _differences(clocks: Clocks) -> dict[str, int]:
    found = differences_by_class(clocks)
    return {"differences": sum(found.values()), "mismatches": found.get(Verdict.MISMATCH, 0)}


def _is_demo(book: CreditBook, read: StaffingRead, year: int) -> bool:
    amounts = any(row.is_demo for row in book.amounts if row.year == year)
    return amounts or any(row.is_demo for row in read.counting)
