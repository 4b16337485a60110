"""How an objective goes: small drawings of its indicators and of its deviation from the plan."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ibzplan.core import marks
from objectives.indicators.charts import trajectory_chart
from objectives.indicators.selectors import IndicatorReading
from objectives.indicators.templatetags.status import percentage_points
from objectives.planning.selectors.trends import TrendPoint

register = template.Library()

# Wide enough for its words, small enough that three stand beside each other.
_WIDTH: Final = 300
_HEIGHT: Final = 130


@register.simple_tag
def small_trajectory(reading: IndicatorReading) -> SafeString:
    """Draw an indicator's figures against its trajectory, small; '' without figures to draw."""
    if reading.latest is None:
        return SafeString("")
    chart = trajectory_chart(reading, width=_WIDTH, height=_HEIGHT)
    return mark_safe(chart)  # noqa: S308 (core.marks escapes its texts)


@register.simple_tag
def deviation_line(points: Sequence[TrendPoint], status: str) -> SafeString:
    """Draw the deviation at the end of each quarter and today, with its numbers in words."""
    known = [point for point in points if point.deviation is not None]
    if not known:
        return format_html('<p class="muted">{}</p>', _("No figure yet"))
    chart = marks.sparkline(
        [point.deviation for point in points],
        "",
        reference=0,
        end_status=str(status),
        width=150,
        height=36,
    )
    told = format_html_join(
        "",
        "<li><span>{}</span> {}</li>",
        ((_day(point.on, points[0].on.year), _points(point)) for point in points),
    )
    drawing = mark_safe(chart)  # noqa: S308 (core.marks escapes its texts)
    return format_html('{}<ul class="trend-points">{}</ul>', drawing, told)


def _day(on: date, year: int) -> str:
    """Return '30 jun', with the year when that is another one."""
    return date_format(on, "j N" if on.year == year else "j N Y")


def _points(point: TrendPoint) -> str:
    """Return '+3 percentage points'."""
    if point.deviation is None:
        return "\N{EN DASH}"
    return _("%(number)s pp") % {"number": percentage_points(point.deviation)}
