"""What is due next, as the lines of the dashboard's list of deadlines."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from objectives.indicators.templatetags.status import labelled
from personnel.access import Access
from reporting.calendar_texts import link_of, title_of, until_text
from reporting.selectors.board import Board

LISTED_DAYS: Final = 6
_SOON_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """One line; `figures` counts the figures that are due, None where none are."""

    day: date
    title: str
    detail: str
    when: str
    is_soon: bool
    url: str
    figures: int | None = None


def deadline_lines(page: Board, access: Access) -> list[DeadlineLine]:
    """Return the first days from the reference date on, the nearest first."""
    reference = page.dashboard.clocks.reference_date
    lines = [
        DeadlineLine(
            item.day,
            title_of(item),
            item.unit.code if item.unit else "",
            *_when(item.day, reference),
            link_of(item, access),
        )
        for item in page.coming
    ]
    for due in page.dashboard.next_due:
        if due.due_on >= reference:
            lines.append(
                DeadlineLine(
                    due.due_on,
                    _("Figures due"),
                    labelled(_figures(due.count), ", ".join(due.units)),
                    *_when(due.due_on, reference),
                    "",
                    due.count,
                )
            )
    return sorted(lines, key=lambda line: (line.day, line.title))[:LISTED_DAYS]


def _when(day: date, reference: date) -> tuple[str, bool]:
    days = (day - reference).days
    return until_text(days), days <= _SOON_DAYS


def _figures(count: int) -> str:
    return ngettext("%(n)s figure", "%(n)s figures", count) % {"n": count}
