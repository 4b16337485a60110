"""Marks of the security plan's pages."""

from decimal import Decimal
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ibzplan.core.marks.palette import BAR
from ibzplan.core.marks.svg import element, picture
from objectives.security.resource_texts import course_sentence, figure_chart, value_text
from objectives.security.selectors.resources import TrackedFigure

register = template.Library()

_WIDTH: Final = 9
_GAP: Final = 3
_HEIGHT: Final = 16


@register.simple_tag
def objective_count(count: int) -> SafeString:
    """Show a number of objectives: the figure, and one block each, which shows no status."""
    blocks = [
        element(
            "rect",
            class_="bullet-bar",
            x=place * (_WIDTH + _GAP),
            y=0,
            width=_WIDTH,
            height=_HEIGHT,
            rx=2,
            fill=BAR,
        )
        for place in range(count)
    ]
    width = max(1, count * (_WIDTH + _GAP) - _GAP)
    # Only numbers and constants go in, and element() escapes what it is given.
    drawing = mark_safe(picture("bullet", "", blocks, width=width, height=_HEIGHT))  # noqa: S308
    return format_html(
        '<span class="d-flex align-items-center gap-2"><b>{}</b>{}</span>', count, drawing
    )


@register.simple_tag
def figure_text(figure: TrackedFigure, value: Decimal | None) -> str:
    """Return a value of a figure with its unit, of a ratio both parts; '' without one."""
    return "" if value is None else value_text(figure, value)


@register.simple_tag
def figure_course(figure: TrackedFigure) -> SafeString:
    """Draw a figure over time for a wide screen, and for a phone; '' where nothing can be drawn."""
    wide, narrow = figure_chart(figure), figure_chart(figure, width=360, height=240)
    if not wide:
        return SafeString("")
    return format_html(
        '<div class="wide-only">{}</div><div class="phone-only">{}</div>',
        mark_safe(wide),  # noqa: S308 (core.marks escapes its texts)
        mark_safe(narrow),  # noqa: S308 (core.marks escapes its texts)
    )


register.filter("course_sentence", course_sentence)
