"""The credits of a year as a table: handed out, handed in, looked at, applied."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budget.choices import BudgetVersion
from budget.credit_file import (
    CODE,
    AmountRow,
    credits_read,
    template_columns,
    template_rows,
)
from budget.forms import ApplyForm, ImportForm
from budget.selectors import ImportCheck, credit_book, import_check
from budget.services import changes_need_reason, credits_import
from budget.views.asked import budget_asked, must_keep, trail, year_asked
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, offer_again
from ibzplan.core.table_files import Problem, UnreadableFile
from ibzplan.core.table_files.handed import carried_read, carried_sign, table_response
from ibzplan.core.views import refused_as_403
from personnel.access import signed_in

_SALT: Final = "budget.import"


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Offer the table of a year and take it in; with a file, show what it would change."""
    must_keep(request)
    now = Clocks.now()
    book = credit_book(now)
    year = year_asked(request, book, now)
    initial = {"year": year, "budget": budget_asked(request, book, year)}
    is_handed = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if is_handed else ImportForm(initial=initial)
    if is_handed and form.is_valid():
        data = form.cleaned_data
        try:
            found = credits_read(data["file"].read(), decimal=data["decimal"])
        except UnreadableFile as error:
            form.add_error("file", error.message)
        else:
            carried = {
                "year": data["year"],
                "budget": data["budget"],
                "file": data["file"].name,
                "rows": [row.as_json() for row in found.rows],
                "empty": found.empty,
                "sheet": found.table.sheet,
                "column": found.table.column(CODE),
            }
            return _preview(request, carried, problems=found.problems)
    return render(
        request,
        "budget/import.html",
        {
            "form": form,
            "year": initial["year"],
            "budget": initial["budget"],
            "breadcrumb": trail((_("Hand in a table"), "")),
        },
        status=422 if form.errors else 200,
    )


def _check(carried: dict[str, Any]) -> ImportCheck:
    rows = [AmountRow.from_json(row) for row in carried["rows"]]
    book = credit_book(Clocks.now())
    return import_check(
        book,
        rows,
        carried["year"],
        carried["budget"],
        sheet=carried["sheet"],
        column=carried["column"],
    )


def _preview(
    request: HttpRequest,
    carried: dict[str, Any],
    *,
    problems: list[Problem] | None = None,
    form: ApplyForm | None = None,
) -> HttpResponse:
    """Show what is wrong with the file, or what it would change; nothing is written."""
    check = _check(carried)
    found = sorted([*(problems or []), *check.problems], key=lambda one: (one.row, one.column))
    signed = carried_sign(request, carried, salt=_SALT)
    if form is None:
        form = ApplyForm(initial={"carried": signed, "fingerprint": check.fingerprint})
    else:
        offer_again(form, carried=signed, fingerprint=check.fingerprint)
    year, budget = carried["year"], BudgetVersion(carried["budget"])
    form.fields["reason"].required = changes_need_reason(check.changes, year)
    return render(
        request,
        "budget/import_preview.html",
        {
            "form": form,
            "file_name": carried["file"],
            "year": year,
            "budget": budget,
            "problems": found,
            "changes": check.changes,
            "kept": check.kept,
            "unchanged": check.unchanged,
            "empty": carried["empty"],
            "breadcrumb": trail(
                (_("Hand in a table"), reverse("budget:credit_import")), (carried["file"], "")
            ),
        },
        status=422 if found or form.errors else 200,
    )


@require_POST
def import_apply(request: HttpRequest) -> HttpResponse:
    """Write the changes that were looked at, all of them or none."""
    must_keep(request)
    form = ApplyForm(request.POST)
    carried = carried_read(request, salt=_SALT)
    if carried is None:
        messages.error(
            request, _("The list of changes is too old, or not whole. Hand the file in again.")
        )
        return redirect("budget:credit_import")
    if not form.is_valid():
        return _preview(request, carried, form=form)
    try:
        with refused_as_403():
            count = credits_import(
                actor=signed_in(request.user),
                year=carried["year"],
                budget=carried["budget"],
                rows=[AmountRow.from_json(row) for row in carried["rows"]],
                fingerprint=form.cleaned_data["fingerprint"],
                file_name=carried["file"],
                reason=form.cleaned_data["reason"],
            )
    except EditConflict as error:
        form.add_error(None, error.message)
        return _preview(request, carried, form=form)
    except DomainError as error:
        add_domain_error(form, error)
        return _preview(request, carried, form=form)
    messages.success(
        request,
        ngettext(
            "%(count)s line of %(year)s is entered.",
            "%(count)s lines of %(year)s are entered.",
            count,
        )
        % {"count": count, "year": carried["year"]},
    )
    address = reverse("budget:credit_lines")
    return redirect(f"{address}?year={carried['year']}&budget={carried['budget']}")


@require_safe
def import_table(request: HttpRequest) -> HttpResponse:
    """Hand out the table of a year and version, with what stands now, as XLSX or CSV."""
    must_keep(request)
    now = Clocks.now()
    book = credit_book(now)
    year = year_asked(request, book, now)
    budget = budget_asked(request, book, year)
    columns = template_columns(budget)
    rows = template_rows(book, book.tree(year, budget), year, budget)
    return table_response(
        columns,
        rows,
        title=f"{_('Credits')} {year}",
        name=f"ibzplan-{slugify(_('credits'))}-{year}-{budget}",
        is_csv=request.GET.get("format") == "csv",
    )
