"""The lines of the first page in words, in the active language."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core.localised import LocalisedText
from reporting.calendar_texts import given_text, link_of, title_of, until_text
from reporting.selectors.home import DateLine

# Of a day that concerns many directorates so many are named.
MOST_UNITS: Final = 4
# A day this near is marked.
SOON_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class DateRow:
    """A day that comes near, as the page shows it."""

    day: date
    title: str
    detail: str
    until: str
    url: str
    is_soon: bool


def date_row(line: DateLine, today: date) -> DateRow:
    """Return what is due: what, of whom, how much of it is given, and in how many days."""
    days = line.item.days_until(today)
    details = [
        units_text(line.units),
        given_text(line.given, line.expected) if line.expected else "",
    ]
    return DateRow(
        day=line.item.day,
        title=title_of(line.item),
        detail="; ".join(filter(None, details)),
        until=until_text(days),
        url=link_of(line.item) if len(line.units) <= 1 else _calendar(line),
        is_soon=days <= SOON_DAYS,
    )


def _calendar(line: DateLine) -> str:
    return f"{reverse('reporting:calendar')}?year={line.item.plan.year}"


def units_text(codes: tuple[str, ...]) -> str:
    """Return 'ADCV, ADVP and 3 more'."""
    if len(codes) <= MOST_UNITS:
        return ", ".join(codes)
    more = len(codes) - MOST_UNITS
    return ngettext("%(units)s and %(n)s more", "%(units)s and %(n)s more", more) % {
        "units": ", ".join(codes[:MOST_UNITS]),
        "n": more,
    }


def named(code: str, title: LocalisedText, what: str) -> str:
    """Return '2.6.1 Masterplan: from on track to at risk'."""
    return _("%(name)s: %(what)s") % {"name": f"{code} {title}", "what": what}
