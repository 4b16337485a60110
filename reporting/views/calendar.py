"""The calendar of the plan cycle."""

import re
from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.dates import WEEKDAYS_ABBR
from django.views.decorators.http import require_safe

from ibzplan.core.clocks import FIRST_YEAR, LAST_YEAR, year_in
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.plan_page import sees_plan
from objectives.planning.selectors.plan_years import all_plans
from personnel.access import Access, access_of
from personnel.models import OrganisationUnit
from personnel.structure import units_that_plan
from reporting import calendar_texts as texts
from reporting.choices import CalendarKind
from reporting.free_days import free_day_name, holiday_name
from reporting.selectors.calendar import calendar_items, next_items
from reporting.selectors.calendar_item import CalendarFilter, CalendarItem
from reporting.services.calendar import (
    enters_deadlines,
)

ROWS_PER_PAGE: Final = 100
OPEN, ALL = "open", "all"
_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One dated thing in the words of the page."""

    item: CalendarItem
    title: str
    detail: str
    who: str
    state: str
    url: str
    free_day: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class GridEntry:
    """The things of one day that share a title: those of several units stand together."""

    title: str
    detail: str
    url: str
    is_late: bool
    is_done: bool


@dataclass(frozen=True, slots=True)
class GridDay:
    """One day of the month grid."""

    day: date
    is_in_month: bool
    is_today: bool
    is_free: bool
    holiday: str
    entries: tuple[GridEntry, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what it says wrongly is left out."""

    year: int | None
    filter: CalendarFilter
    month: date
    day: date | None
    shows_all: bool

    @property
    def is_filtered(self) -> bool:
        """Tell whether something is left out but what is done."""
        return bool(self.year or self.filter.unit or self.filter.kind or self.day)


@require_safe
def calendar_page(request: HttpRequest) -> HttpResponse:
    """Show the dates of the plan cycle: what is next, a month, and all of them in a list."""
    access = access_of(request.user)
    today = timezone.localdate()
    units = units_that_plan()
    plans = sorted(all_plans(), key=lambda plan: plan.year)
    asked = _asked(request, units, today, access)
    items = calendar_items(
        plans=_plans_asked(plans, asked.year, today), access=access, filter_=asked.filter
    )
    page = Paginator(_listed(items, asked), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "reporting/calendar.html",
        {
            "asked": asked,
            "today": today,
            "next": texts.next_sentence(next_items(items, today), today),
            "late": sum(item.is_late(today) for item in items),
            "weekdays": [str(WEEKDAYS_ABBR[number]) for number in range(7)],
            "weeks": _weeks(items, asked.month, today, access),
            "month_before": (asked.month - timedelta(days=1)).strftime("%Y-%m"),
            "month_after": (asked.month + timedelta(days=31)).strftime("%Y-%m"),
            "rows": [_shown(item, today, access) for item in page.object_list],
            "page": page,
            "units": units,
            "years": [plan.year for plan in plans],
            "kinds": CalendarKind.choices,
            "may_enter": enters_deadlines(access),
            "plans_to_fill": plans[-2:] if enters_deadlines(access) else [],
            "unvoted": [
                plan.year
                for plan in plans
                if plan.budget_voted_on is None
                and plan.year >= today.year
                and sees_plan(access, plan)
            ],
            "demo_mark": any(item.plan.is_demo for item in items),
        },
    )


def _asked(
    request: HttpRequest, units: Sequence[OrganisationUnit], today: date, access: Access
) -> Asked:
    """Read the address; who plans for one directorate sees that one until asked otherwise."""
    own = [unit for unit in units if access.plans_for(unit.pk)]
    first = own[0].code if len(own) == 1 and not access.is_superuser else ""
    code = request.GET.get("unit", first)
    unit = next((unit for unit in units if unit.code == code), None)
    kind = request.GET.get("kind", "")
    day = _day(request.GET.get("day", ""))
    match = _MONTH.fullmatch(request.GET.get("month", ""))
    month = date(int(match[1]), int(match[2]), 1) if match else (day or today).replace(day=1)
    return Asked(
        year=year_in(request.GET.get("year", "")),
        filter=CalendarFilter(unit, kind if kind in CalendarKind.values else ""),
        month=month,
        day=day,
        shows_all=request.GET.get("show") == ALL or day is not None,
    )


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _plans_asked(
    plans: Sequence[OperationalPlan], year: int | None, today: date
) -> list[OperationalPlan]:
    """Return the plans of a year, or without one those of last year and later."""
    if year is not None:
        return [plan for plan in plans if plan.year == year]
    return [plan for plan in plans if plan.year >= today.year - 1]


def _listed(items: Sequence[CalendarItem], asked: Asked) -> list[CalendarItem]:
    if asked.day is not None:
        return [item for item in items if item.day == asked.day]
    return [item for item in items if asked.shows_all or item.asks_someone]


def _shown(item: CalendarItem, today: date, access: Access) -> ShownItem:
    return ShownItem(
        item,
        texts.title_of(item),
        texts.detail_of(item),
        texts.who_of(item),
        texts.state_of(item, today),
        texts.link_of(item, access),
        free_day_name(item.day),
        item.is_late(today),
    )


def _weeks(
    items: Sequence[CalendarItem], month: date, today: date, access: Access
) -> list[list[GridDay]]:
    by_day = {day: list(found) for day, found in groupby(items, key=lambda item: item.day)}
    return [
        [
            GridDay(
                day=day,
                is_in_month=day.month == month.month,
                is_today=day == today,
                is_free=bool(free_day_name(day)),
                holiday=holiday_name(day),
                entries=tuple(_entries(by_day.get(day, []), today, access)),
            )
            for day in week
        ]
        for week in Calendar().monthdatescalendar(month.year, month.month)
    ]


def _entries(items: Sequence[CalendarItem], today: date, access: Access) -> list[GridEntry]:
    """Put together what has one title; several units lead to the list of that day."""
    together: dict[str, list[CalendarItem]] = {}
    for item in items:
        together.setdefault(texts.title_of(item), []).append(item)
    entries = []
    for title, found in together.items():
        expected = sum(item.expected for item in found)
        given = sum(item.given for item in found)
        is_one = len(found) == 1
        entries.append(
            GridEntry(
                title=title,
                detail=texts.given_text(given, expected) if expected else "",
                url=texts.link_of(found[0], access) if is_one else texts.day_link(found[0]),
                is_late=any(item.is_late(today) for item in found),
                is_done=all(item.is_done for item in found),
            )
        )
    return entries
