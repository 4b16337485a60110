"""One line: its credits over the years, what of them was used, and what happened to it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from budget.choices import BudgetVersion, CreditTable
from budget.forms import LineForm
from budget.models import CreditLine
from budget.selectors import (
    CreditBook,
    credit_book,
    execution_days,
    line_history,
    line_known,
    year_means,
)
from budget.services import line_create, line_update, may_keep_credits
from budget.views.asked import line_or_404, must_keep, trail, years_offered
from budget.views.line_tables import LINE_TABLE_NAMES, line_tables
from budget.views.lines import origin
from ibzplan.core.asked import clocks_asked
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.exports import About, export_response
from ibzplan.core.forms import add_domain_error, typed_beside
from personnel.access import access_of, signed_in


@require_safe
def line_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show a line as known then, or give its tables as a file."""
    clocks = clocks_asked(request)
    book = credit_book(clocks)
    line = line_known(book, code)
    if line is None:
        raise Http404
    trees = {year: book.node(line, year, BudgetVersion.ADJUSTED) for year in book.years}
    rows = _amount_rows(book, line, clocks)
    days = [
        {
            "day": day,
            "committed": day.committed_share(_credit(trees, day.row.year)),
            "paid": day.paid_share(_credit(trees, day.row.year)),
        }
        for day in execution_days(line, clocks)
    ]
    years = year_means(book, line, clocks.reference_date.year)
    file = export_response(
        request,
        lambda: line_tables(rows, days, years),
        file_name=f"{_('credits')} {line.code}",
        about=About(str(line.title), clocks, is_demo=line.is_demo),
    )
    return file or render(
        request,
        "budget/line_detail.html",
        {
            "line": line,
            "children": [one for one in book.lines if one.parent_id == line.pk],
            "rows": rows,
            "days": days,
            "years": years,
            "export_tables": list(LINE_TABLE_NAMES.items()),
            "history": line_history(line, clocks),
            "clocks": clocks,
            "may_keep": may_keep_credits(access_of(request.user)) and not clocks.pinned_known,
            "demo_mark": line.is_demo,
            "breadcrumb": trail((str(line.title), "")),
        },
    )


def _credit(trees: dict[int, Any], year: int) -> Any:
    return trees[year].figure if year in trees else None


def _amount_rows(book: CreditBook, line: CreditLine, clocks: Clocks) -> list[dict[str, Any]]:
    """Return a row a year and version, the latest year first: of an adjusted budget, where any
    line has one.
    """
    rows = []
    for year in years_offered(book, clocks):
        for version in BudgetVersion:
            if version == BudgetVersion.ADJUSTED and not book.has(year, version):
                continue
            there = book.of_line(line, year, version)
            node = book.node(line, year, version)
            shown = None if node.is_sum or node.own is None else node.own.amount
            entered = [one for one in there if one.table == CreditTable.ENTERED]
            rows.append(
                {
                    "year": year,
                    "version": version,
                    "node": node,
                    "figure": node.figure,
                    "origin": origin(node),
                    "amount": shown,
                    "entered": entered[0] if entered else None,
                    "may_adjust": not book.has(year, BudgetVersion.ADJUSTED),
                    "beside": [one for one in there if one is not shown],
                }
            )
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def line_new(request: HttpRequest) -> HttpResponse:
    """Add a line that a later budget has."""
    must_keep(request)
    initial = {"key": uuid4(), "parent": request.GET.get("parent", "")}
    form = LineForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            line = line_create(
                actor=signed_in(request.user),
                code=form.cleaned_data["code"],
                sheet=form.sheet(),
                uuid=form.cleaned_data["key"],
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(
                request,
                _("Line %(code)s is saved. Enter what a budget gives it.") % {"code": line.code},
            )
            return redirect("budget:credit_line", code=line.code)
    return form_page(request, form, heading=_("New line"))


@require_http_methods(["GET", "HEAD", "POST"])
def line_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a line that was added here; after a conflict both versions stand side by side."""
    must_keep(request)
    line = line_or_404(code)
    if line.source_file:
        messages.info(
            request, _("The plan prints this line: it stays as it is. Add a line of your own.")
        )
        return redirect("budget:credit_line", code=code)
    form = LineForm(request.POST or None, line=line, initial=LineForm.initial_of(line))
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            line_update(
                actor=signed_in(request.user),
                line=line,
                sheet=form.sheet(),
                expected_version=form.cleaned_data["version"] or 0,
            )
        except EditConflict as error:
            line = line_or_404(code)
            form.add_error(None, error.message)
            conflict = typed_beside(form, LineForm.initial_of(line))
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("budget:credit_line", code=code)
    return form_page(request, form, heading=str(line.title), of=line, conflict=conflict)


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    heading: str,
    of: CreditLine | None = None,
    conflict: list[dict[str, Any]] | None = None,
    **more: Any,
) -> HttpResponse:
    """Return the page of a form about a line, or of a new one."""
    back = reverse("budget:credit_line", args=[of.code]) if of else reverse("budget:credit_lines")
    above = [(str(of.title), back)] if of else []
    return render(
        request,
        "budget/form.html",
        {
            "form": form,
            "heading": heading,
            "line": of,
            "conflict": conflict,
            "back": back,
            "demo_mark": of.is_demo if of else False,
            "breadcrumb": trail(*above, (heading, "")),
            **more,
        },
        status=422 if form.errors else 200,
    )
