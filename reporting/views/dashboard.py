"""The minister's dashboard."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.clocks import Clocks
from ibzplan.core.exports import About, export_response
from objectives.indicators.choices import Status
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.plan_years import plan_years
from objectives.planning.views.lookup import clocks_of
from personnel.access import Access, access_of
from personnel.models import OrganisationUnit, SupervisingMinister
from personnel.selectors import ministers_of_plan
from personnel.structure import units_that_plan
from reporting.choices import STATUS_CHOICES, StatusGroup
from reporting.dashboard_address import address_of, compare_address, quick_days
from reporting.selectors import DashboardFilter
from reporting.selectors.board import Board, board
from reporting.since_texts import changed_text, compared_text, since_text, unreported_text
from reporting.views.dashboard_lines import deadline_lines
from reporting.views.dashboard_tables import board_tables
from reporting.views.filters import filters_in_a_line, plan_asked

_LISTED_MOVEMENTS: Final = 5


def _minister(
    request: HttpRequest, access: Access, ministers: list[SupervisingMinister]
) -> SupervisingMinister | None:
    """Return the minister asked for; cabinet staff start with their own."""
    code = request.GET.get("minister")
    if code is None:
        own = [minister for minister in ministers if minister.pk in access.minister_ids]
        return own[0] if len(own) == 1 else None
    return next((minister for minister in ministers if minister.code == code), None)


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
        status=status if status in dict(STATUS_CHOICES) else "",
    )


def _words(filter_: DashboardFilter) -> list[tuple[str, str]]:
    """Return the filters in force as (label, value)."""
    words = []
    if filter_.minister:
        words.append((_("Supervising minister"), str(filter_.minister.short_title)))
    if filter_.unit:
        words.append((_("Directorate"), filter_.unit.code))
    if filter_.status:
        words.append((_("Status"), str(dict(STATUS_CHOICES)[filter_.status])))
    return words


def _summary(filter_: DashboardFilter, clocks: Clocks) -> str:
    """Return the filters in one line, for the closed bar on a phone."""
    status = [dict(STATUS_CHOICES)[filter_.status]] if filter_.status else []
    return filters_in_a_line(filter_.plan, filter_.minister, filter_.unit, clocks, *status)


def _about(filter_: DashboardFilter, clocks: Clocks) -> About:
    title = _("Progress of the operational plan %(year)s") % {"year": filter_.plan.year}
    plan = filter_.plan
    return About(title, clocks, plan.year, _words(filter_), is_demo=plan.is_demo)


@require_safe
def dashboard_view(request: HttpRequest) -> HttpResponse:
    """Show where a plan year stands; every filter is in the address."""
    access = access_of(request.user)
    plan = plan_asked(request)
    if plan is None:
        return render(request, "reporting/dashboard_empty.html")
    clocks = clocks_of(request)
    ministers = ministers_of_plan(plan.plan.code)
    units = units_that_plan()
    filter_ = _filter(request, plan, access, ministers, units)
    page = board(filter_=filter_, clocks=clocks, access=access)
    file = export_response(
        request,
        lambda: board_tables(page),
        file_name=_("dashboard"),
        about=_about(filter_, clocks),
    )
    return file or render(
        request,
        "reporting/dashboard.html",
        {
            **_page_context(page, access),
            "filter": filter_,
            "filter_words": _words(filter_),
            "filter_summary": _summary(filter_, clocks),
            "clocks": clocks,
            "plan": plan,
            "ministers": ministers,
            "units": units,
            "years": plan_years(),
            "groups": StatusGroup.choices,
            "statuses": Status.choices,
            "demo_mark": plan.is_demo,
        },
    )


def _page_context(page: Board, access: Access) -> dict[str, object]:
    shown = page.dashboard
    tables = [("werven", _("Werven")), ("objectives", _("Objectives"))]
    return {
        "page": page,
        "board": shown,
        "movements": page.movements[:_LISTED_MOVEMENTS],
        "moved": [(kind, n) for kind, n in page.moved.items() if n],
        "compared": compared_text(page.last),
        "changed_since": changed_text(page.last),
        "since": since_text(page.last) if page.last else "",
        "unreported": unreported_text(page.last),
        "deadlines": deadline_lines(page, access),
        "quick_days": quick_days(page, timezone.localdate()),
        "address": address_of(shown.filter, shown.clocks),
        "compare_address": compare_address(shown.filter, shown.clocks),
        "share_address": address_of(shown.filter, shown.clocks, is_pinned=True),
        "export_tables": [*tables, ("movements", _("What moved"))] if page.last else tables,
    }
