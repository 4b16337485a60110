"""The data quality page of the corporate cell, and of each directorate for itself."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.clocks import Clocks, year_in
from objectives.indicators import quality
from objectives.indicators.findings import check_label, severity_label
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.plan_years import current_plan, plan_years
from objectives.planning.selectors.quality import (
    DataQuality,
    FoundFinding,
    data_quality,
    reads_quality,
)
from objectives.planning.views.facets import ALL, Facet, asked_filters, asked_with, facet_of
from objectives.planning.views.lookup import clocks_of
from objectives.planning.views.waiting import to_decide
from personnel.access import access_of, signed_in

FINDINGS_PER_PAGE: Final = 50

# name in the address -> the value that a finding has
FACETS: dict[str, Callable[[FoundFinding], str]] = {
    "unit": lambda row: row.indicator.owner.code,
    "check": lambda row: row.finding.check.value,
    "severity": lambda row: row.finding.severity.value,
}


def _plan(request: HttpRequest) -> OperationalPlan | None:
    """Return the plan of the year asked for, or the running one; 404 for a year without plan."""
    text = request.GET.get("year", "")
    plan = current_plan(year_in(text)) if year_in(text) is not None or not text else None
    if plan is None and text:
        raise Http404
    return plan


def _left(rows: Iterable[FoundFinding], asked: dict[str, str]) -> list[FoundFinding]:
    return [row for row in rows if all(FACETS[name](row) == text for name, text in asked.items())]


def _facet(
    name: str,
    title: str,
    labels: dict[str, tuple[str, str]],
    rows: Sequence[FoundFinding],
    asked: dict[str, str],
    base: str,
) -> Facet:
    """Return a filter with counts: what each value leaves of what the other filters leave."""
    left = _left(rows, asked_with(asked, name, ALL))
    counts = {ALL: len(left), **Counter(FACETS[name](row) for row in left)}
    return facet_of(name, title, labels, counts, asked=asked, base=base, anchor="findings")


def _facets(found: DataQuality, asked: dict[str, str], base: str) -> list[Facet]:
    units = {one.unit.code: (one.unit.code, str(one.unit.title)) for one in found.units if one.unit}
    checks = {check.value: (check_label(check), "") for check in quality.Check}
    severities = {one.value: (severity_label(one), "") for one in quality.Severity}
    rows = found.findings
    facets = [
        _facet("severity", _("Severity"), severities, rows, asked, base),
        _facet("check", _("Kind of finding"), checks, rows, asked, base),
    ]
    if len(units) > 1:
        facets.append(_facet("unit", _("Directorate"), units, rows, asked, base))
    return facets


def _summary(plan: OperationalPlan, clocks: Clocks) -> str:
    """Return the filters in one line, for the closed bar on a phone."""
    return f"{plan} · {clocks.reference_date.strftime('%d/%m/%Y')}"


@require_safe
def data_quality_page(request: HttpRequest) -> HttpResponse:
    """Show what the checks find in the figures of a plan year; every filter is in the address.

    Headline, directorates and counts speak of all findings, whichever page of them is shown.
    """
    access = access_of(request.user)
    if not reads_quality(access):
        raise PermissionDenied
    plan = _plan(request)
    clocks = clocks_of(request)
    if plan is None:
        return render(request, "planning/plan_absent.html", {"heading": _("Data quality")})
    found = data_quality(plan=plan, clocks=clocks, access=access)
    asked = asked_filters(
        request,
        FACETS,
        {
            "unit": [one.unit.code for one in found.units if one.unit],
            "check": list(quality.Check),
            "severity": list(quality.Severity),
        },
    )
    rows = _left(found.findings, asked)
    units = [one.unit.pk for one in found.units if one.unit]
    page = Paginator(rows, FINDINGS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "planning/data_quality.html",
        {
            "found": found,
            "rows": page.object_list,
            "page": page,
            "total_left": len(rows),
            "waiting": to_decide(signed_in(request.user), units, clocks),
            "facets": _facets(found, asked, clocks.query_with(plan.year)),
            "asked": asked,
            "plan": plan,
            "years": plan_years(),
            "clocks": clocks,
            "filter_summary": _summary(plan, clocks),
            "rules": [(check, quality.SEVERITIES[check]) for check in quality.Check],
            "version": quality.QUALITY_VERSION,
            "demo_mark": plan.is_demo,
        },
    )
