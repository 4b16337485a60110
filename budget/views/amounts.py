"""Entering what a version of a year's budget gives a line, and taking it back."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from budget.choices import BudgetVersion
from budget.forms import AmountForm, WithdrawForm
from budget.models import CreditLine
from budget.money import keur_text
from budget.selectors import CreditBook, amount_entered, credit_book
from budget.services import credit_set, credit_withdraw
from budget.views.asked import budget_year_or_404, line_or_404, must_keep, version_or_404
from budget.views.line import form_page
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, offer_again
from ibzplan.core.views import refused_as_403
from personnel.access import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def amount_edit(request: HttpRequest, code: str, year: int, budget: str) -> HttpResponse:
    """Enter an amount or change it, and go on to that of the next line when asked; what is printed
    is shown beside the form.
    """
    must_keep(request)
    line, version = line_or_404(code), version_or_404(budget)
    year = budget_year_or_404(year)
    entered = amount_entered(line, year, version)
    form = AmountForm(request.POST or None, initial=AmountForm.initial_of(entered))
    book = credit_book(Clocks.now())
    after = book.line_after(line, year, version)
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            with refused_as_403():
                credit_set(
                    actor=signed_in(request.user),
                    line=line,
                    year=year,
                    budget=version,
                    sheet=form.sheet(),
                    reason=form.cleaned_data["reason"],
                    expected_version=form.cleaned_data["version"] or 0,
                )
        except EditConflict as error:
            form.add_error(None, error.message)
            conflict = _beside(form, error.theirs)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Saved."))
            if after and "onward" in request.POST:
                return redirect("budget:credit_amount", after.code, year, budget)
            return redirect("budget:credit_line", code=code)
    there = [one for one in book.of_line(line, year, version) if one.printed_commitment is not None]
    node = book.node(line, year, version)
    return form_page(
        request,
        form,
        heading=f"{version.label} {year}",
        of=line,
        conflict=conflict,
        printed=there,
        below=node.below,
        before=_before(book, line, year, version),
        after=after,
    )


def _before(
    book: CreditBook, line: CreditLine, year: int, version: BudgetVersion
) -> dict[str, Any] | None:
    """Return what the line had in the budget before: the initial one of the year, or that of the
    year before; None for nothing.
    """
    if version == BudgetVersion.ADJUSTED:
        budget = BudgetVersion.INITIAL
    else:
        year -= 1
        is_adjusted = book.has(year, BudgetVersion.ADJUSTED)
        budget = BudgetVersion.ADJUSTED if is_adjusted else BudgetVersion.INITIAL
    figure = book.node(line, year, budget).figure
    return {"year": year, "budget": budget, "figure": figure} if figure else None


def _beside(form: AmountForm, theirs: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return both versions; saving again puts what was typed in the place of the other one."""
    offer_again(form, version=str(theirs["version"]))
    rows = []
    for name in ("commitment", "payment"):
        stored = theirs[f"{name}_cents"]
        shown = _("not entered") if stored is None else keur_text(stored)
        mine = keur_text(form.cleaned_data[name])
        if shown != mine:
            rows.append({"label": str(form.fields[name].label), "theirs": shown, "mine": mine})
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def amount_withdrawal(request: HttpRequest, code: str, year: int, budget: str) -> HttpResponse:
    """Ask why an amount is taken back, and take it back."""
    must_keep(request)
    line, version = line_or_404(code), version_or_404(budget)
    amount = amount_entered(line, budget_year_or_404(year), version)
    if amount is None:
        if request.method == "POST":
            messages.info(request, _("The amount was withdrawn already."))
            return redirect("budget:credit_line", code=code)
        raise Http404
    form = WithdrawForm(request.POST or None, initial={"version": amount.version})
    if request.method == "POST" and form.is_valid():
        try:
            with refused_as_403():
                credit_withdraw(
                    actor=signed_in(request.user),
                    amount=amount,
                    reason=form.cleaned_data["reason"],
                    expected_version=form.cleaned_data["version"],
                )
        except EditConflict as error:
            form.add_error(None, error.message)
            offer_again(form, version=str(error.theirs.get("version", 0)))
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("The amount is withdrawn."))
            return redirect("budget:credit_line", code=code)
    return form_page(
        request,
        form,
        heading=_("Withdraw: %(version)s %(year)s") % {"version": version.label, "year": year},
        of=line,
        withdrawn=amount,
        submit=_("Withdraw"),
    )
