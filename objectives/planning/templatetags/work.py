"""The course of a deviation, as a line the size of a word."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ibzplan.core import marks
from objectives.indicators.templatetags.status import labelled, percentage_points
from objectives.planning.selectors.trends import TrendPoint

register = template.Library()

# Lines below each other share a scale; what lies further out is drawn at its edge.
_SPAN: Final = (Fraction(-4, 10), Fraction(2, 10))


@register.simple_tag
def deviation_line(trend: Sequence[TrendPoint], status: str) -> SafeString:
    """Show the last deviation in percentage points with its course at the ends of the quarters.

    The course in words is there for screen readers; '' when there is no figure at all.
    """
    known = [point.deviation for point in trend if point.deviation is not None]
    if not known:
        return mark_safe("")
    low, high = _SPAN
    points: list[Any] = [
        None if point.deviation is None else min(max(point.deviation, low), high) for point in trend
    ]
    svg = marks.sparkline(points, "", reference=0, end_status=str(status), span=_SPAN)
    course = ", ".join(map(percentage_points, known))
    return format_html(
        '<span class="deviation"><b>{}</b>{}</span>{}',
        percentage_points(trend[-1].deviation),
        mark_safe(svg),  # noqa: S308 (core.marks escapes its texts)
        format_html('<span class="visually-hidden"> {}</span>', labelled(_("course"), course))
        if len(known) > 1
        else "",
    )
