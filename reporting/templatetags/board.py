"""Counts that filter, and the course of a deviation, on the dashboard."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ibzplan.core import marks
from objectives.indicators import engine
from objectives.indicators.choices import Status
from objectives.indicators.templatetags.status import labelled, percentage_points, status_count
from objectives.planning.selectors.trends import TrendPoint
from reporting.choices import StatusGroup
from reporting.dashboard_address import address_of
from reporting.selectors.board import BoardRow

register = template.Library()

# Lines below each other share a scale; what lies further out is drawn at its edge.
_SPAN: Final = (Fraction(-4, 10), Fraction(2, 10))
_WORDS: Final = {**dict(StatusGroup.choices), **dict(Status.choices)}


def _status_link(
    context: template.Context, status: str, content: str, count: int, objective: str
) -> SafeString:
    """Return a link to this page with that status alone; without it when it is asked for now."""
    filter_, clocks = context["filter"], context["clocks"]
    is_current = filter_.status == status
    wanted = replace(filter_, status="" if is_current else status)
    return format_html(
        '<a href="{}#{}" data-count="objectives" data-status="{}"{}{}>{}</a>',
        address_of(wanted, clocks),
        f"sd-{objective}" if objective else "werven-h",
        status,
        format_html(' data-objective="{}"', objective) if objective else "",
        mark_safe(' aria-current="true"') if is_current else "",
        content,
    )


@register.simple_tag(takes_context=True)
def count_link(
    context: template.Context, status: str, count: int, objective: str = ""
) -> SafeString:
    """Show a count, strong, as a link to what it counts; its status is said to screen readers."""
    word = format_html('<span class="visually-hidden"> {}</span>', str(_WORDS[status]).lower())
    content = format_html("<strong>{}</strong>{}", count, word)
    return _status_link(context, status, content, count, objective)


@register.simple_tag(takes_context=True)
def mark_link(
    context: template.Context, status: str, count: int, objective: str = ""
) -> SafeString:
    """Show the mark of a status with a count beside it, as a link to what it counts."""
    content = status_count(status, count)
    return _status_link(context, status, content, count, objective)


@register.simple_tag(takes_context=True)
def facet_link(context: template.Context, status: str, count: int) -> SafeString:
    """Show a status as mark and word with its count, as a link to what it counts."""
    content = format_html(
        '<span class="st st-{}">{}{} <b>{}</b></span>',
        status,
        mark_safe(marks.status_mark(status, "")),  # noqa: S308 (core.marks escapes its texts)
        Status(status).label,
        count,
    )
    return _status_link(context, status, content, count, "")


@register.filter
def status_word(status: str) -> str:
    """Return the word for a status as it stands in a sentence."""
    return str(Status(status).label).lower()


@register.simple_tag
def deviation_course(row: BoardRow) -> SafeString:
    """Show the deviation in percentage points with its course at the ends of the quarters."""
    points = [point.deviation for point in row.trend]
    course = ", ".join(filter(None, map(percentage_points, points)))
    status = row.reading.status.status
    return format_html(
        '<span class="deviation"><b>{}</b>{}</span>{}',
        percentage_points(row.reading.deviation),
        mark_safe(_spark(row.trend, status)),  # noqa: S308 (core.marks escapes its texts)
        format_html('<span class="visually-hidden"> {}</span>', labelled(_("course"), course))
        if len(points) > 1 and course
        else "",
    )


def _spark(trend: Iterable[TrendPoint], status: engine.Status) -> str:
    low, high = _SPAN
    points: list[Any] = [
        None if point.deviation is None else min(max(point.deviation, low), high) for point in trend
    ]
    if not any(point is not None for point in points):
        return ""
    return marks.sparkline(points, "", reference=0, end_status=status.value, span=_SPAN)
