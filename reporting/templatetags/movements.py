"""What the page of two moments says of an objective."""

from fractions import Fraction

from django import template

from objectives.planning.selectors import ObjectiveReading
from reporting.selectors.comparing import deviation_of

register = template.Library()


@register.filter
def deviation(reading: ObjectiveReading | None) -> Fraction | None:
    """Return realised minus expected progress of an objective; None without a figure."""
    return deviation_of(reading or None)
