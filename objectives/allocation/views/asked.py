"""What the address of a page of the allocation asks for."""

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ibzplan.core.asked import say
from ibzplan.core.clocks import Clocks, year_in
from objectives.allocation.choices import LineKind
from objectives.allocation.selectors import AllocationBook, LineUse
from objectives.planning.selectors.plan_years import current_plan, plan_years


def year_asked(request: HttpRequest, clocks: Clocks) -> int:
    """Return the plan year of the address; else the running one."""
    text = request.GET.get("year", "")
    year = year_in(text)
    if year in plan_years() and year is not None:
        return year
    if text:
        say(
            request,
            _("There is no plan of “%(value)s”: the page shows the running one.") % {"value": text},
        )
    plan = current_plan(None)
    return plan.year if plan else clocks.reference_date.year


def kind_or_404(kind: str) -> LineKind:
    """Return of which tree an address speaks, or raise 404."""
    if kind not in LineKind.values:
        raise Http404
    return LineKind(kind)


def line_or_404(book: AllocationBook, kind: str, code: str) -> LineUse:
    """Return a line as it stood then, or raise 404."""
    use = book.line(kind_or_404(kind), code)
    if use is None:
        raise Http404
    return use


def line_url(use: LineUse, year: int) -> str:
    """Return the address of a line in a year."""
    path = reverse("allocation:line", args=[use.kind.value, use.line.code])
    return f"{path}?year={year}"


def trail(year: int, *items: tuple[str, str]) -> list[dict[str, str]]:
    """Return the breadcrumb below the list of lines."""
    home = (_("Allocation"), f"{reverse('allocation:lines')}?year={year}")
    return [{"label": label, "url": url} for label, url in (home, *items)]
