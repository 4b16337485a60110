"""Dated things as an iCalendar file (RFC 5545): all-day events with an alarm the day before."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from ibzplan import __version__
from reporting.calendar_texts import detail_of, link_of, title_of, who_of
from reporting.free_days import free_day_name
from reporting.selectors.calendar_item import CalendarItem

_SPACE: Final = uuid.UUID("5f0d1d0e-6b6a-4c55-9a34-6f3a9d5b1c70")
# Eight in the morning of the day before: an all-day event begins at midnight.
_ALARM: Final = timedelta(hours=-16)
_REFRESH: Final = timedelta(hours=6)
# A revision is the number of seconds since then: later changes have higher numbers.
_FIRST_REVISION: Final = datetime(2025, 1, 1, tzinfo=UTC)


def feed_text(items: Iterable[CalendarItem], *, site: str) -> bytes:
    """Return the feed in the active language; `site` begins every link.

    The same items give the same bytes: nothing in it says when it was read.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//ibzplan//{__version__}//{(get_language() or 'nl').upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Plan cycle ibzplan"))
    calendar.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    for item in items:
        calendar.add_component(_event(item, site))
    return bytes(calendar.to_ical())


def event_uid(item: CalendarItem) -> str:
    """Return the identifier under which calendar programs know the same thing again."""
    return f"{uuid.uuid5(_SPACE, item.key)}@ibzplan"


def _event(item: CalendarItem, site: str) -> Event:
    title = title_of(item)
    if item.unit is not None:
        title = f"{item.unit.code}: {title}"
    if item.is_done:
        title = _("%(title)s (done)") % {"title": title}
    changed = item.changed_at.astimezone(UTC).replace(microsecond=0)
    event = Event()
    event.add("uid", event_uid(item))
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", max(0, int((changed - _FIRST_REVISION).total_seconds())))
    event.add("dtstart", item.day)
    event.add("dtend", item.day + timedelta(days=1))
    event.add("summary", title)
    event.add("description", "\n".join(_lines(item)))
    event.add("url", f"{site}{link_of(item)}")
    event.add("categories", [str(item.kind.label)])
    event.add("transp", "TRANSPARENT")
    if item.asks_someone:
        event.add_component(_alarm(title))
    return event


def _lines(item: CalendarItem) -> list[str]:
    who, free = who_of(item), free_day_name(item.day)
    lines = [
        detail_of(item),
        _("Who acts: %(who)s") % {"who": who} if who else "",
        _("No working day: %(name)s") % {"name": free} if free else "",
    ]
    return [line for line in lines if line]


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", _ALARM)
    return alarm
