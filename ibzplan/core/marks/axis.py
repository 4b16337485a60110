"""Round values for an axis."""

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from ibzplan.core.marks.svg import Number, exact

_ROUND_STEPS: Final = (Fraction(1), Fraction(2), Fraction(5), Fraction(10))


def _round_step(rough: Fraction) -> Fraction:
    """The smallest of 1, 2, 5, 10 times a power of ten that is not below ``rough``."""
    # log10 of the two integers, because a huge fraction does not fit in a float.
    exponent = math.floor(math.log10(rough.numerator) - math.log10(rough.denominator))
    power = Fraction(10) ** exponent
    return next((step * power for step in _ROUND_STEPS if step * power >= rough), 20 * power)


def axis_steps(values: Iterable[Number | None], *, steps: int = 5) -> tuple[Fraction, ...]:
    """Evenly spaced round values from at or below the least to at or above the greatest value.

    About ``steps`` intervals; the caller formats them as tick labels. Without values: 0 and 1. With
    one value, or equal ones: a value below and one above as well.
    """
    known = [value for value in map(exact, values) if value is not None]
    if not known:
        return (Fraction(0), Fraction(1))
    low, high = min(known), max(known)
    step = _round_step((high - low) / steps if high > low else abs(low) / 10 or Fraction(1))
    if low == high:
        low, high = low - step, high + step
    first, last = math.floor(low / step), math.ceil(high / step)
    return tuple(step * index for index in range(first, last + 1))
