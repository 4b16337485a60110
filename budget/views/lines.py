"""The credits of a year: the tree of lines, in one version of the budget."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budget.choices import BudgetVersion
from budget.models import CreditExecution
from budget.money import keur
from budget.selectors import CreditBook, ExecutionDay, Node, credit_book, execution_standing
from budget.selectors.book import Split, total
from budget.services import may_keep_credits
from budget.views.asked import budget_asked, year_asked, years_offered
from ibzplan.core.asked import clocks_asked
from ibzplan.core.exports import About, Column, ExportTable, Kind, export_response
from personnel.access import access_of


@require_safe
def line_list(request: HttpRequest) -> HttpResponse:
    """Show the credits of a year by line, own beside hosted, with what of them was used."""
    clocks = clocks_asked(request)
    book = credit_book(clocks)
    year = year_asked(request, book, clocks)
    budget = budget_asked(request, book, year)
    tree = book.tree(year, budget)
    executions = execution_standing(year, clocks)
    rows = [_row(node, budget, executions) for node in _walk(tree)]
    split = _split(tree)
    whole = total([node.figure for node in tree])
    file = export_response(
        request,
        lambda: [_table(rows)],
        file_name=_("credits"),
        about=About(
            _("Credits %(year)s") % {"year": year},
            clocks,
            plan_year=year,
            filters=[(_("Version"), budget.label)],
            is_demo=_is_demo(book, year),
        ),
    )
    return file or render(
        request,
        "budget/line_list.html",
        {
            "rows": rows,
            "year": year,
            "years": years_offered(book, clocks),
            "budget": budget,
            "versions": [(one, book.has(year, one)) for one in BudgetVersion],
            "whole": whole,
            "split": split,
            "has_hosted": split.hosted is not None,
            "without": sum(node.without for node in tree if node.is_sum),
            "entered_count": sum(row["node"].own is not None for row in rows),
            "clocks": clocks,
            "may_keep": may_keep_credits(access_of(request.user)) and not clocks.pinned_known,
            "demo_mark": _is_demo(book, year),
        },
    )


def _walk(tree: Sequence[Node]) -> list[Node]:
    return [node for top in tree for node in top.walk()]


def _split(tree: Sequence[Node]) -> Split:
    parts = [node.split for node in tree]
    return Split(total([part.own for part in parts]), total([part.hosted for part in parts]))


def _is_demo(book: CreditBook, year: int) -> bool:
    return any(amount.is_demo for amount in book.amounts if amount.year == year)


def _row(node: Node, budget: str, executions: dict[int, CreditExecution]) -> dict[str, Any]:
    found = executions.get(node.line.pk)
    day = ExecutionDay(found) if found else None
    return {
        "node": node,
        "figure": node.figure,
        "origin": origin(node, budget),
        "execution": found,
        "committed": day.committed_share(node.figure) if day else None,
        "paid": day.paid_share(node.figure) if day else None,
    }


def origin(node: Node, asked: str = "") -> str:
    """Return in words where the figure of a line comes from.

    `asked` is the version that the page is about: only another one is named then.
    """
    if node.figure is None:
        return _("not entered")
    versions = ", ".join(str(one.label) for one in BudgetVersion if one in node.budgets)
    is_said = node.budgets != {asked}
    if node.is_sum and not is_said:
        return _("sum of the lines below")
    if node.is_sum:
        return _("sum of the lines below (%(versions)s)") % {"versions": versions}
    assert node.own is not None  # noqa: S101 (a figure that is no sum is its own)
    how = _("entered") if node.own.is_entered else _("printed")
    return f"{versions}, {how}" if is_said else how


def _table(rows: Sequence[dict[str, Any]]) -> ExportTable:
    return ExportTable(
        "credits",
        _("Credits"),
        [
            Column("code", _("Code")),
            Column("line", _("Line")),
            Column("parent", _("Below the line")),
            Column("category", _("Category")),
            Column("unit", _("Unit")),
            Column("minister", _("Minister")),
            Column("commitment", _("VL (kEUR)"), Kind.DECIMAL),
            Column("payment", _("VE (kEUR)"), Kind.DECIMAL),
            Column("origin", _("Figure")),
            Column("executionOn", _("Execution up to"), Kind.DATE),
            Column("committed", _("Committed (kEUR)"), Kind.DECIMAL),
            Column("paid", _("Paid (kEUR)"), Kind.DECIMAL),
        ],
        [_cells(row) for row in rows],
    )


def _cells(row: dict[str, Any]) -> list[Any]:
    node, figure, used = row["node"], row["figure"], row["execution"]
    line = node.line
    return [
        line.code,
        line.title,
        line.parent.code if line.parent else None,
        line.get_category_display() if line.category else None,
        line.unit.code if line.unit else None,
        line.minister.code if line.minister else None,
        keur(figure.commitment_cents) if figure else None,
        keur(figure.payment_cents) if figure else None,
        origin(node),
        used.on if used else None,
        keur(used.committed_cents) if used else None,
        keur(used.paid_cents) if used else None,
    ]
