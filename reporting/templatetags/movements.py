"""What the page of two moments says of an objective."""

from fractions import Fraction

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from ibzplan.core.localised import joined
from objectives.planning.selectors import ObjectiveReading
from reporting.movement_texts import movement_phrase
from reporting.selectors.comparing import deviation_of

register = template.Library()

# Stands for the number while the words around it are escaped.
_PLACE = "\N{REPLACEMENT CHARACTER}"


@register.simple_tag
def moved(kind: str, n: int) -> SafeString:
    """Return '2 worsened', with the number marked as a count of the page."""
    shown = format_html('<span data-count="moved" data-kind="{}">{}</span>', kind, n)
    return format_html(escape(movement_phrase(kind, n, _PLACE)).replace(_PLACE, "{}"), shown)


@register.filter
def moved_text(kind: str, n: int) -> str:
    """Return '2 worsened'."""
    return movement_phrase(kind, n)


@register.filter
def with_detail(title: str, detail: str) -> str:
    """Return what changed with the rest behind it."""
    return joined([title, detail])


@register.filter
def deviation(reading: ObjectiveReading | None) -> Fraction | None:
    """Return realised minus expected progress of an objective; None without a figure."""
    return deviation_of(reading or None)
