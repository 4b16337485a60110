"""The page of an indicator, with its figures and the form to record one."""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ibzplan.core.clocks import Clocks, year_in
from ibzplan.core.follows.selectors import follow_state
from ibzplan.core.questions.selectors import questions_panel
from objectives.indicators.models import Indicator
from objectives.planning.explanations import remarks
from objectives.planning.models import ObjectiveIndicator
from objectives.planning.selectors.indicator_page import first_definition, sees_inside
from objectives.planning.selectors.indicator_rows import beside, recorded_of, use_of
from objectives.planning.views.figures import record, record_form_of
from objectives.planning.views.figures_table import figures_context
from objectives.planning.views.indicator_page import page_context
from objectives.planning.views.lookup import clocks_of, entries_seen, indicator_or_404, rule_of
from objectives.planning.views.objectives import breadcrumb_of
from personnel.access import Access


def _year(request: HttpRequest, links: Sequence[ObjectiveIndicator], clocks: Clocks) -> int:
    """Return the plan year asked for, else that of the reference date, else the latest one."""
    years = {link.objective.plan.year for link in links}
    for year in (year_in(request.GET.get("year", "")), clocks.reference_date.year):
        if year in years:
            return year
    return max(years, default=clocks.reference_date.year)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an indicator as known at the clocks; its planners record figures here."""
    indicator, access = indicator_or_404(request, uuid)
    clocks, rule = clocks_of(request), rule_of(request)
    use = use_of(indicator, access=access, clocks=clocks)
    versions, links = use.versions, use.links
    was_seen = bool(versions) and (bool(links) or sees_inside(indicator, access))
    if clocks.pinned_known and not was_seen:
        return _absent(request, indicator, access, clocks, existed=bool(versions))
    year = _year(request, links, clocks)
    rows = recorded_of(indicator, year=year, clocks=clocks, access=access, rule_version=rule)
    form = record_form_of(request, rows)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if record(request, indicator, form):
            asked = year_in(request.GET.get("year", ""))
            path = reverse("planning:indicator", args=[uuid])
            return redirect(f"{path}{clocks.query_with(asked)}")
    reading = rows.reading
    around = beside(indicator, year=year, clocks=clocks, access=access, rule_version=rule)
    link = next((link for link in links if link.objective.plan.year == year), None)
    return render(
        request,
        "planning/indicator_detail.html",
        {
            "indicator": reading.indicator,
            "reading": reading,
            "year": year,
            "years": sorted({link.objective.plan.year for link in links}, reverse=True),
            "clocks": clocks,
            "remarks": remarks(reading.status.remarks),
            **page_context(
                reading, around, links=links, versions=versions, access=access, clocks=clocks
            ),
            **figures_context(request, rows, around.figures, access, clocks, form),
            "questions": questions_panel(request.user, indicator, clocks),
            "history": entries_seen(around.history, indicator.owner_id, access, None),
            "follow": follow_state(request.user, indicator, clocks),
            "demo_mark": indicator.is_demo,
            "breadcrumb": (breadcrumb_of(link.objective, last=indicator.code) if link else []),
        },
    )


def _absent(
    request: HttpRequest, indicator: Indicator, access: Access, clocks: Clocks, *, existed: bool
) -> HttpResponse:
    """Say that the indicator was not there yet, rather than show what it says today."""
    return render(
        request,
        "planning/indicator_absent.html",
        {
            "indicator": indicator,
            "existed": existed,
            "first": first_definition(indicator) if sees_inside(indicator, access) else None,
            "clocks": clocks,
            "demo_mark": indicator.is_demo,
        },
    )
