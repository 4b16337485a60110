"""Marks and words for what hangs below an objective, and for its history."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ibzplan.core import marks
from ibzplan.core.models import HistoryEntry
from objectives.planning.choices import MilestoneState
from objectives.planning.history_words import changed_text

if TYPE_CHECKING:
    from objectives.planning.views.parts import RiskLine

register = template.Library()

# The status whose shape and colour a milestone is shown with; the word says which one it is.
_MILESTONES: Final[Mapping[MilestoneState, str]] = {
    MilestoneState.DONE: "achieved",
    MilestoneState.DONE_LATE: "achieved",
    MilestoneState.DUE: "not_started",
    MilestoneState.FORECAST_LATER: "at_risk",
    MilestoneState.LATE: "off_track",
}


@register.simple_tag
def milestone_mark(state: MilestoneState) -> SafeString:
    """Show how a milestone stands as mark and word."""
    return _marked(_MILESTONES[state], str(state.label))


@register.simple_tag
def risk_mark(line: "RiskLine") -> SafeString:
    """Show the score of a risk as mark, number and word: '12, notable'."""
    return _marked(line.mark, f"{line.risk.score}, {line.score}")


@register.filter
def changed_words(entry: HistoryEntry) -> str:
    """Return what a history entry changed: 'name, last day'."""
    return changed_text(entry)


def _marked(status: str, words: str) -> SafeString:
    mark = mark_safe(marks.status_mark(status, ""))  # noqa: S308 (core.marks escapes its texts)
    return format_html('<span class="st st-{}">{}{}</span>', status, mark, words)
