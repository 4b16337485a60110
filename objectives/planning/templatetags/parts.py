"""Marks and words for what hangs below an objective, and for its history."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ibzplan.core import marks
from ibzplan.core.models import HistoryEntry
from objectives.planning.choices import MilestoneState
from objectives.planning.history_words import changed_text
from objectives.planning.selectors.parts import ActivityParts
from objectives.planning.timelines import MILESTONE_STATUS, NARROW, timeline_chart

if TYPE_CHECKING:
    from objectives.planning.views.parts import RiskLine

register = template.Library()


@register.simple_tag
def milestone_mark(state: MilestoneState) -> SafeString:
    """Show how a milestone stands as mark and word."""
    return _marked(MILESTONE_STATUS[state], str(state.label))


@register.simple_tag
def risk_mark(line: "RiskLine") -> SafeString:
    """Show the score of a risk as mark, number and word: '12, notable'."""
    return _marked(line.mark, f"{line.risk.score}, {line.score}")


@register.simple_tag
def timeline(activities: Sequence[ActivityParts], year: int, day: date) -> SafeString:
    """Draw activities and milestones over a plan year, once for a wide screen and for paper.

    And once for a phone: the page shows one of the two. '' without activities.
    """
    wide = timeline_chart(activities, year=year, day=day)
    narrow = timeline_chart(activities, year=year, day=day, width=NARROW)
    if not wide:
        return SafeString("")
    return format_html(
        '<div class="wide-only">{}</div><div class="phone-only">{}</div>',
        mark_safe(wide),  # noqa: S308 (core.marks escapes its texts)
        mark_safe(narrow),  # noqa: S308
    )


@register.filter
def changed_words(entry: HistoryEntry) -> str:
    """Return what a history entry changed: 'name, last day'."""
    return changed_text(entry)


def _marked(status: str, words: str) -> SafeString:
    mark = mark_safe(marks.status_mark(status, ""))  # noqa: S308 (core.marks escapes its texts)
    return format_html('<span class="st st-{}">{}{}</span>', status, mark, words)
