"""What the address of a page of credits asks for, and who may write."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from budget.choices import BudgetVersion
from budget.models import CreditLine
from budget.selectors import CreditBook
from budget.services import may_keep_credits
from ibzplan.core.asked import say
from ibzplan.core.clocks import FIRST_YEAR, LAST_YEAR, Clocks, year_in
from personnel.access import access_of


def years_offered(book: CreditBook, clocks: Clocks) -> list[int]:
    """Return the years with amounts and those that are entered now, the latest first."""
    running = clocks.reference_date.year
    return sorted({*book.years, running, running + 1}, reverse=True)


def year_asked(request: HttpRequest, book: CreditBook, clocks: Clocks) -> int:
    """Return the budget year of the address; else the last one with amounts that has begun."""
    text = request.GET.get("year", "")
    year = year_in(text)
    if year is not None and FIRST_YEAR < year < LAST_YEAR:
        return year
    if text:
        say(
            request,
            _("“%(value)s” is no year: the page shows the last one with amounts.")
            % {"value": text},
        )
    begun = [one for one in book.years if one <= clocks.reference_date.year]
    return begun[-1] if begun else clocks.reference_date.year


def budget_asked(request: HttpRequest, book: CreditBook, year: int) -> BudgetVersion:
    """Return the version of the address; else the adjusted budget where there is one."""
    text = request.GET.get("budget", "")
    if text in BudgetVersion.values:
        return BudgetVersion(text)
    if text:
        say(
            request,
            _("There is no version “%(value)s” of a budget: the page shows the latest one.")
            % {"value": text},
        )
    is_adjusted = book.has(year, BudgetVersion.ADJUSTED)
    return BudgetVersion.ADJUSTED if is_adjusted else BudgetVersion.INITIAL


def must_keep(request: HttpRequest) -> None:
    """Raise PermissionDenied for whoever does not keep the credits."""
    if not may_keep_credits(access_of(request.user)):
        raise PermissionDenied


def line_or_404(code: str) -> CreditLine:
    """Return a line as it is now, or raise 404."""
    return get_object_or_404(
        CreditLine.objects.select_related("parent", "unit", "minister"), code=code
    )


def version_or_404(budget: str) -> BudgetVersion:
    """Return a version of a budget, or raise 404."""
    if budget not in BudgetVersion.values:
        raise Http404
    return BudgetVersion(budget)


def budget_year_or_404(year: int) -> int:
    """Return the year of an address, or raise 404 for one that no budget is of."""
    if not FIRST_YEAR < year < LAST_YEAR:
        raise Http404
    return year


def trail(*items: tuple[str, str]) -> list[dict[str, str]]:
    """Return the breadcrumb below the means and the list of lines."""
    above = [
        (_("Means"), reverse("budget:means")),
        (_("Credits"), reverse("budget:credit_lines")),
    ]
    return [{"label": label, "url": url} for label, url in (*above, *items)]
