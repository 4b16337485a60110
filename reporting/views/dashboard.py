"""The minister's dashboard."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.clocks import Clocks, year_in
from objectives.indicators.choices import Status
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.plan_years import current_plan, plan_years
from objectives.planning.views.lookup import clocks_of
from personnel.access import Access, access_of
from personnel.models import OrganisationUnit, SupervisingMinister
from personnel.selectors import ministers_of_plan, planning_units
from reporting.selectors import DashboardFilter, dashboard


def _minister(
    request: HttpRequest, access: Access, ministers: list[SupervisingMinister]
) -> SupervisingMinister | None:
    """Return the minister asked for; cabinet staff start with their own."""
    code = request.GET.get("minister")
    if code is None:
        own = [minister for minister in ministers if minister.pk in access.minister_ids]
        return own[0] if len(own) == 1 else None
    return next((minister for minister in ministers if minister.code == code), None)


def _plan(request: HttpRequest) -> OperationalPlan | None:
    text = request.GET.get("year", "")
    year = year_in(text)
    plan = current_plan(year) if year is not None or not text else None
    if plan is None and text:
        raise Http404
    return plan


def _filter(
    request: HttpRequest,
    plan: OperationalPlan,
    access: Access,
    ministers: list[SupervisingMinister],
    units: list[OrganisationUnit],
) -> DashboardFilter:
    status = request.GET.get("status", "")
    unit = next((u for u in units if u.code == request.GET.get("unit")), None)
    return DashboardFilter(
        plan=plan,
        minister=_minister(request, access, ministers),
        unit=unit,
        status=status if status in Status.values else "",
    )


def _summary(filter_: DashboardFilter, clocks: Clocks) -> str:
    """Return the filters in one line, for the closed bar on a phone."""
    parts = [
        str(filter_.minister.short_title) if filter_.minister else _("All ministers"),
        filter_.unit.code if filter_.unit else _("all directorates"),
        str(filter_.plan),
        clocks.reference_date.strftime("%d/%m/%Y"),
    ]
    return " · ".join(parts)


@require_safe
def dashboard_view(request: HttpRequest) -> HttpResponse:
    """Show where a plan year stands; every filter is in the address."""
    access = access_of(request.user)
    plan = _plan(request)
    if plan is None:
        return render(request, "reporting/dashboard_empty.html")
    clocks = clocks_of(request)
    ministers = ministers_of_plan(plan.plan.code)
    units = list(planning_units())
    filter_ = _filter(request, plan, access, ministers, units)
    return render(
        request,
        "reporting/dashboard.html",
        {
            "board": dashboard(filter_=filter_, clocks=clocks, access=access),
            "filter": filter_,
            "filter_summary": _summary(filter_, clocks),
            "clocks": clocks,
            "plan": plan,
            "ministers": ministers,
            "units": units,
            "years": plan_years(),
            "statuses": Status.choices,
            "demo_mark": plan.is_demo,
        },
    )
