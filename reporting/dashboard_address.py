"""Addresses of the dashboard: the one of this view, and those of other days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.clocks import Clocks
from objectives.indicators.formatting import period_text
from objectives.indicators.periods import parse_period
from reporting.choices import CompareMode
from reporting.selectors import DashboardFilter
from reporting.selectors.board import Board

_QUARTERS: Final = ("T1", "T2", "T3", "T4")


@dataclass(frozen=True, slots=True)
class QuickDay:
    """A day that readers come back to, with the address of the page on it."""

    label: str
    title: str
    address: str
    is_current: bool


def address_of(filter_: DashboardFilter, clocks: Clocks, *, is_pinned: bool = False) -> str:
    """Return the query string under which everyone with the same rights sees the same page.

    Every filter stands in it, the minister too, whom a cabinet needs not name. `is_pinned` holds
    both clocks still; without, those that the address left open keep running.
    """
    parts = {
        "year": str(filter_.plan.year),
        "minister": filter_.minister.code if filter_.minister else "",
        **({"unit": filter_.unit.code} if filter_.unit else {}),
        **({"status": filter_.status} if filter_.status else {}),
    }
    if is_pinned:
        clocks = replace(clocks, pinned_reference=True, pinned_known=True)
    return f"?{urlencode(parts)}{clocks.query.replace('?', '&')}"


def compare_address(filter_: DashboardFilter, clocks: Clocks) -> str:
    """Return the address of the comparison with the last report, with the same filters."""
    parts = {
        "mode": CompareMode.LAST.value,
        "year": str(filter_.plan.year),
        "minister": filter_.minister.code if filter_.minister else "",
        **({"unit": filter_.unit.code} if filter_.unit else {}),
        **({"status": filter_.status} if filter_.status else {}),
        **({"until": clocks.reference_date.isoformat()} if clocks.pinned_reference else {}),
        **({"until_known": clocks.known_at.isoformat()} if clocks.pinned_known else {}),
    }
    return f"{reverse('reporting:compare')}?{urlencode(parts)}"


def quick_days(page: Board, today: date) -> Sequence[QuickDay]:
    """Return the ends of the quarters that are over, the day of the last report, and today.

    On a past day, also that day as it was known then.
    """
    shown = page.dashboard
    filter_, clocks = shown.filter, shown.clocks
    days = []
    for quarter in _QUARTERS:
        period = parse_period(f"{filter_.plan.year}-{quarter}")
        if period.end < today:
            days.append((period_text(period), _present_of(period.end, clocks)))
    if page.last is not None and page.last.report is not None:
        days.append((_("Last report"), page.last.clocks))
    days.append((_("Today"), Clocks(today, clocks.known_at)))
    shown_day = clocks.reference_date
    if clocks.pinned_known or shown_day < today:
        days.append((_("As it was known then"), _as_known_then(shown_day)))
    return [
        QuickDay(
            label,
            date_format(there.reference_date, "DATE_FORMAT"),
            address_of(filter_, there),
            _is_same(there, clocks),
        )
        for label, there in days
    ]


def _present_of(day: date, clocks: Clocks) -> Clocks:
    """Return a reference date as it is known now."""
    return Clocks(day, clocks.known_at, pinned_reference=True)


def _as_known_then(day: date) -> Clocks:
    end = timezone.make_aware(datetime.combine(day, time.max))
    return Clocks(day, end.astimezone(UTC), pinned_reference=True, pinned_known=True)


def _is_same(one: Clocks, other: Clocks) -> bool:
    if one.reference_date != other.reference_date or one.pinned_known != other.pinned_known:
        return False
    return not one.pinned_known or one.known_at == other.known_at
