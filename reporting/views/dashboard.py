"""The minister's dashboard."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.asked import minister_asked, status_asked, unit_asked
from ibzplan.core.clocks import Clocks
from ibzplan.core.exports import About, export_response
from objectives.indicators.choices import Status
from objectives.planning.models import OperationalPlan
from objectives.planning.views.lookup import clocks_of
from personnel.access import Access, access_of
from reporting.choices import STATUS_CHOICES, StatusGroup
from reporting.dashboard_address import address_of, compare_address, quick_days
from reporting.selectors import DashboardFilter
from reporting.selectors.board import Board, board
from reporting.since_texts import changed_text, compared_text, since_text, unreported_text
from reporting.views.dashboard_lines import deadline_lines
from reporting.views.dashboard_tables import board_tables
from reporting.views.filters import Choices, choices_of, filter_context, plan_asked, words_of

_LISTED_MOVEMENTS: Final = 5


def _filter(
    request: HttpRequest, plan: OperationalPlan, access: Access, choices: Choices
) -> DashboardFilter:
    is_named = "minister" in request.GET
    return DashboardFilter(
        plan=plan,
        minister=(
            minister_asked(request, choices.ministers) if is_named else choices.own_minister(access)
        ),
        unit=unit_asked(request, choices.units),
        status=status_asked(request, dict(STATUS_CHOICES)),
    )


def _words(filter_: DashboardFilter) -> list[tuple[str, str]]:
    """Return the filters in force as (label, value)."""
    words = words_of(filter_)
    if filter_.status:
        words.append((_("Status"), str(dict(STATUS_CHOICES)[filter_.status])))
    return words


def _about(filter_: DashboardFilter, clocks: Clocks) -> About:
    title = _("Progress of the operational plan %(year)s") % {"year": filter_.plan.year}
    plan = filter_.plan
    return About(
        title,
        clocks,
        plan.year,
        _words(filter_),
        is_demo=plan.is_demo,
        query=address_of(filter_, clocks, is_pinned=True),
    )


@require_safe
def dashboard_view(request: HttpRequest) -> HttpResponse:
    """Show where a plan year stands; every filter is in the address."""
    access = access_of(request.user)
    plan = plan_asked(request)
    if plan is None:
        return render(request, "reporting/dashboard_empty.html")
    clocks = clocks_of(request)
    choices = choices_of(plan)
    filter_ = _filter(request, plan, access, choices)
    page = board(filter_=filter_, clocks=clocks, access=access)
    file = export_response(
        request,
        lambda: board_tables(page),
        file_name=_("dashboard"),
        about=_about(filter_, clocks),
    )
    status = [dict(STATUS_CHOICES)[filter_.status]] if filter_.status else []
    return file or render(
        request,
        "reporting/dashboard.html",
        {
            **filter_context(filter_, choices, clocks, *status),
            **_page_context(page, access),
            "filter_words": _words(filter_),
            "groups": StatusGroup.choices,
            "statuses": Status.choices,
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
        "is_ahead": shown.clocks.reference_date > timezone.localdate(),
        "address": address_of(shown.filter, shown.clocks),
        "compare_address": compare_address(shown.filter, shown.clocks),
        "share_address": address_of(shown.filter, shown.clocks, is_pinned=True),
        "export_tables": [*tables, ("movements", _("What moved"))] if page.last else tables,
    }
