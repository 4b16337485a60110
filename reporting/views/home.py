"""The first page after signing in: what waits, what changed, and what the role comes for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ibzplan.core.notifications.registry import told
from ibzplan.core.subjects import Reference
from objectives.indicators import engine
from personnel.access import Access, access_of, signed_in
from personnel.choices import Role
from personnel.models import SupervisingMinister, User
from personnel.structure import all_ministers, all_units, units_that_plan
from reporting import home_texts
from reporting.follow_texts import sentences_of
from reporting.selectors import home as selectors
from reporting.selectors import home_roles as roles
from reporting.selectors.followed import Followed
from reporting.selectors.standing import Standing, standing

# The kind of thing that waits which questions and decisions are.
_QUESTIONS: Final = "questions"
# Who looks at the department as a whole.
_OF_ALL: Final = (Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class News:
    """What changed in one thing that is followed; `on` None is since the reader was told."""

    title: str
    detail: str
    url: str
    on: datetime | None = None


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show each role what it comes for: what waits for the user goes first.

    Twelve queries at most: what holds until the next fact is kept (see selectors.home).
    """
    user, access, today = signed_in(request.user), access_of(request.user), timezone.localdate()
    waiting = selectors.waiting_for(user)
    dates = selectors.next_dates(access, today)
    followed = selectors.followed_now(user, today)
    whole = _whole(access, today)
    cabinet = _of_cabinet(access, today)
    total = sum(kind.count for kind in waiting)
    request.things_waiting = total  # type: ignore[attr-defined] # for the navigation
    context = {
        "waiting_shown": _beside(waiting, cabinet),
        "waiting_total": total,
        "waiting_late": sum(kind.late for kind in waiting),
        "follows": len(followed),
        "news": news_of(user, followed)[: selectors.MOST_MESSAGES],
        "dates": [home_texts.date_row(line, today, access) for line in dates],
        "whole": whole,
        "whole_moves": home_texts.moves_line(roles.moves_lately(access, None, today))
        if whole
        else None,
        "has_role": access.is_superuser or bool(access.roles),
        "today": today,
        **_of_unit(access, today),
        **cabinet,
        **_of_cycle(access, today),
        "demo_mark": user.is_demo or (whole is not None and whole.plan.is_demo),
    }
    return render(request, "reporting/home.html", context)


def _beside(
    waiting: Sequence[selectors.WaitingKind], cabinet: Mapping[str, Any]
) -> list[selectors.WaitingKind]:
    """Leave out what stands in a panel of its own: the decisions that a cabinet is asked."""
    has_own = bool(cabinet.get("requests"))
    return [kind for kind in waiting if not (has_own and kind.name == _QUESTIONS)]


def news_of(user: User, followed: Mapping[Reference, Followed]) -> list[News]:
    """Return what changed lately, the newest first: what was not told yet, then what was."""
    fresh = []
    for one in followed.values():
        if one.changes:
            first, rest = sentences_of([change.as_json() for change in one.changes])
            fresh.append(News(home_texts.named(one.code, one.title, first), rest, one.url))
    earlier = []
    for row in selectors.told_lately(user, selectors.recent_since()):
        if row.target_uuid is not None and (row.target_type, row.target_uuid) in followed:
            item = told(row)
            earlier.append(News(item.title, item.detail, item.url, row.created_at))
    return [*fresh, *earlier]


def _whole(access: Access, today: date) -> Standing | None:
    """Return the running plan as a whole, for who looks at that; the NVP for who follows it."""
    if access.has(*_OF_ALL) or access.roles == {Role.STEERING_GROUP}:
        return standing(access, None, today)
    others = access.roles - {Role.PLANNER, Role.HEAD, Role.CABINET}
    return standing(access, None, today) if others else None


def _of_unit(access: Access, today: date) -> dict[str, Any]:
    """Return a directorate in one line, for who plans or heads one."""
    if not access.unit_ids:
        return {}
    own = [unit for unit in units_that_plan() if unit.pk in access.unit_ids]
    standing_then = [unit for unit in own if unit.valid_to is None or unit.valid_to >= today]
    codes = [unit.code for unit in standing_then or own]
    if not codes:  # a service below a directorate
        codes = [unit.code for unit in all_units() if unit.pk in access.unit_ids]
    return {"unit": standing(access, access.unit_ids, today), "unit_codes": codes}


def _of_cabinet(access: Access, today: date) -> dict[str, Any]:
    """Return the headline of the minister's dashboard, and what is asked and answered."""
    if not access.has(Role.CABINET) or not access.minister_ids:
        return {}
    asked = selectors.asked_of_cabinet(access, today, get_language() or "")
    own = [row for row in all_ministers() if row.pk in access.minister_ids]
    minister = own[0] if len(own) == 1 else None
    board = standing(access, access.minister_unit_ids, today)
    return {
        "board": board,
        "board_links": _board_links(own, board) if board else (),
        "minister": minister,
        "board_moves": home_texts.moves_line(roles.moves_lately(access, minister, today)),
        "requests": asked.requests[: selectors.MOST_MESSAGES],
        "requests_total": len(asked.requests),
        "answered": asked.answered[: selectors.MOST_REPORTS],
    }


def _board_links(
    ministers: Sequence[SupervisingMinister], board: Standing
) -> list[tuple[engine.Status, int, str]]:
    """Return each status with its count and the dashboard that shows those objectives."""
    page = reverse("reporting:dashboard")
    minister = {"minister": ministers[0].code} if len(ministers) == 1 else {}
    return [
        (status, count, f"{page}?{urlencode({**minister, 'status': status.value})}")
        for status, count in board.counts.items()
        if count
    ]


def _of_cycle(access: Access, today: date) -> dict[str, Any]:
    """Return what some roles run or follow, and what auditors and others read of it."""
    context: dict[str, Any] = {}
    if access.has(Role.CORPORATE, Role.RESOURCES):
        context["plans"] = roles.plan_lines(access, today)
        context["with_units"] = access.has(Role.RESOURCES)
    if access.has(Role.STEERING_GROUP):
        context["security"] = roles.security_overview(access, today)
    if access.has(Role.CORPORATE):
        context["late_units"] = selectors.late_units(access, today)
        context["reports"] = selectors.reports_making(access)
    if access.has(Role.AUDITOR):
        context["quality"] = selectors.quality_total(access, today)
        context["restated"] = selectors.restated_lately(access, today)
    if access.has(Role.AUDITOR, Role.COMMITTEE, Role.CABINET):
        context["issued"] = selectors.reports_issued(access)
    return context
