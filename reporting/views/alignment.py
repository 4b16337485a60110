"""The alignment page: the strategic plan against the National Security Plan, and what is open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.asked import minister_asked, unit_asked
from ibzplan.core.clocks import Clocks
from ibzplan.core.exports import About, export_response
from objectives.planning.models import OperationalPlan
from objectives.planning.views.lookup import clocks_of
from personnel.access import access_of
from reporting.alignment_export import alignment_tables, table_names
from reporting.alignment_gaps import gap_list
from reporting.selectors.alignment import alignment
from reporting.selectors.alignment_matrix import AlignmentFilter
from reporting.views.filters import Choices, choices_of, filter_context, plan_asked


def _filter(request: HttpRequest, plan: OperationalPlan, choices: Choices) -> AlignmentFilter:
    asked = request.GET
    return AlignmentFilter(
        plan=plan,
        minister=minister_asked(request, choices.ministers),
        unit=unit_asked(request, choices.units),
        open_objective=asked.get("objective", ""),
        open_theme=asked.get("theme", ""),
        row=asked.get("row", ""),
        column=asked.get("column", ""),
    )


def _about(filter_: AlignmentFilter, clocks: Clocks) -> About:
    chosen = [
        (_("Supervising minister"), filter_.minister and filter_.minister.short_title),
        (_("Directorate"), filter_.unit and filter_.unit.title),
    ]
    return About(
        _("Alignment of the strategic plan and the NVP"),
        clocks,
        filter_.plan.year,
        [(label, value) for label, value in chosen if value],
        is_demo=filter_.plan.is_demo,
    )


@require_safe
def alignment_page(request: HttpRequest) -> HttpResponse:
    """Show which strategic objectives serve which themes of the NVP, and what nobody serves."""
    access = access_of(request.user)
    plan = plan_asked(request)
    if plan is None:
        return render(request, "reporting/dashboard_empty.html")
    clocks = clocks_of(request)
    choices = choices_of(plan)
    filter_ = _filter(request, plan, choices)
    page = alignment(filter_=filter_, clocks=clocks, access=access)
    gaps = gap_list(page, clocks)
    file = export_response(
        request,
        lambda: alignment_tables(page, gaps),
        file_name=_("alignment"),
        about=_about(filter_, clocks),
    )
    return file or render(
        request,
        "reporting/alignment.html",
        {
            **filter_context(filter_, choices, clocks),
            "page": page,
            "gaps": gaps,
            "no_gap": [gap for gap in gaps if not gap.rows],
            "gap_count": sum(len(gap.rows) for gap in gaps),
            "export_tables": table_names(page),
        },
    )
