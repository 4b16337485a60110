"""The alignment page: the strategic plan against the National Security Plan, and what is open."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.clocks import Clocks
from ibzplan.core.exports import About, export_response
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.plan_years import plan_years
from objectives.planning.views.lookup import clocks_of
from personnel.access import access_of
from personnel.models import OrganisationUnit, SupervisingMinister
from personnel.selectors import ministers_of_plan
from personnel.structure import units_that_plan
from reporting.alignment_export import alignment_tables, table_names
from reporting.alignment_gaps import gap_list
from reporting.selectors.alignment import AlignmentFilter, alignment
from reporting.views.filters import filters_in_a_line, plan_asked


def _filter(
    request: HttpRequest,
    plan: OperationalPlan,
    ministers: Sequence[SupervisingMinister],
    units: Sequence[OrganisationUnit],
) -> AlignmentFilter:
    asked = request.GET
    return AlignmentFilter(
        plan=plan,
        minister=next((m for m in ministers if m.code == asked.get("minister")), None),
        unit=next((u for u in units if u.code == asked.get("unit")), None),
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
    ministers = ministers_of_plan(plan.plan.code)
    units = units_that_plan()
    filter_ = _filter(request, plan, ministers, units)
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
            "page": page,
            "gaps": gaps,
            "no_gap": [gap for gap in gaps if not gap.rows],
            "gap_count": sum(len(gap.rows) for gap in gaps),
            "filter": filter_,
            "filter_summary": filters_in_a_line(plan, filter_.minister, filter_.unit, clocks),
            "clocks": clocks,
            "plan": plan,
            "ministers": ministers,
            "units": units,
            "years": plan_years(),
            "export_tables": table_names(page),
            "demo_mark": plan.is_demo,
        },
    )
