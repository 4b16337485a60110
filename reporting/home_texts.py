"""The lines of the first page in words, in the active language."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText, joined
from personnel.access import Access
from reporting.calendar_texts import given_text, link_of, title_of, until_text
from reporting.choices import MovementKind
from reporting.dashboard_address import compare_address
from reporting.selectors.home import DateLine
from reporting.selectors.home_roles import Moves
from reporting.since_texts import changed_text, unreported_text

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


def date_row(line: DateLine, today: date, access: Access) -> DateRow:
    """Return what is due: what, of whom, how much of it is given, and in how many days."""
    days = line.item.days_until(today)
    details = [
        units_text(line.units),
        given_text(line.given, line.expected) if line.expected else "",
    ]
    return DateRow(
        day=line.item.day,
        title=title_of(line.item),
        detail=joined(details),
        until=until_text(days),
        url=link_of(line.item, access) if len(line.units) <= 1 else _calendar(line),
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


@dataclass(frozen=True, slots=True)
class MovesLine:
    """What moved since when, with the page that says what and why."""

    title: str
    unreported: str
    counts: tuple[tuple[MovementKind, int], ...]
    url: str


def moves_line(moves: Moves | None) -> MovesLine | None:
    """Return how many got better and worse, and what else moved; None without a moment."""
    if moves is None:
        return None
    always = (MovementKind.WORSENED, MovementKind.IMPROVED)
    return MovesLine(
        title=changed_text(moves.since),
        unreported=unreported_text(moves.since),
        counts=tuple((kind, n) for kind, n in moves.counts.items() if n or kind in always),
        url=compare_address(moves.filter, Clocks.now()),
    )


def named(code: str, title: LocalisedText, what: str) -> str:
    """Return '2.6.1 Masterplan: from on track to at risk'."""
    return _("%(name)s: %(what)s") % {"name": f"{code} {title}", "what": what}
