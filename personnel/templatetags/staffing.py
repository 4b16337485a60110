"""Numbers of people, and drawings of staffing, on pages."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ibzplan.core.marks.palette import BAND_HIGH, BAR
from ibzplan.core.marks.svg import element, percent, picture
from ibzplan.core.numbers import MINUS
from personnel.models import StaffingLine
from personnel.staffing import SeriesDay
from personnel.staffing.amounts import people_text
from personnel.staffing_texts import change_words, period_label, series_chart

register = template.Library()

_BAR_WIDTH: Final = 120
_BAR_HEIGHT: Final = 12

register.filter("flow_period", period_label)
register.filter("change_words", change_words)


@register.filter
def people(amount: int | None, measure: str) -> str:
    """Return a stored amount in FTE or persons; '' where there is none."""
    return "" if amount is None else people_text(measure, amount)


@register.filter
def people_more(amount: int | None, measure: str) -> str:
    """Return a difference with its sign; '' where there is none."""
    if amount is None:
        return ""
    sign = "+" if amount > 0 else MINUS if amount < 0 else ""
    return sign + people_text(measure, abs(amount))


@register.simple_tag
def share_bar(share: Fraction | None) -> SafeString:
    """Draw a share of the whole beside the number that says it."""
    if share is None:
        return SafeString("")
    parts = [
        element(
            "rect",
            class_=class_,
            x=0,
            y=0,
            width=percent(part),
            height=_BAR_HEIGHT,
            rx=2,
            fill=fill,
        )
        for class_, part, fill in (
            ("bullet-band-high", Fraction(1), BAND_HIGH),
            ("bullet-bar", share, BAR),
        )
    ]
    svg = picture("bullet", "", parts, width=_BAR_WIDTH, height=_BAR_HEIGHT)
    return mark_safe(svg)  # noqa: S308 (core.marks escapes its texts)


@register.simple_tag
def staffing_chart(line: StaffingLine, measure: str, days: Sequence[SeriesDay]) -> SafeString:
    """Draw who was there and who is planned, by day: for a wide screen, and for a phone."""
    wide = series_chart(line, measure, days)
    narrow = series_chart(line, measure, days, width=360, height=240)
    return format_html(
        '<div class="wide-only">{}</div><div class="phone-only">{}</div>',
        mark_safe(wide),  # noqa: S308 (core.marks escapes its texts)
        mark_safe(narrow),  # noqa: S308 (core.marks escapes its texts)
    )
