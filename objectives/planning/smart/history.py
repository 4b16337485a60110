"""A target against the history of its own series."""

from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Final, NamedTuple

from objectives.indicators.engine import TargetKind

from .inputs import SmartIndicator

# So many earlier figures are needed before they say what the series can do.
MINIMUM_FIGURES: Final = 3


class Jump(NamedTuple):
    """A target further from the last figure than the series ever went in as many months."""

    target: Fraction
    last: Fraction
    last_on: date
    months: int
    most: Fraction


def jump(indicator: SmartIndicator) -> Jump | None:
    """The jump that the target asks for; None when it asks for none, or nothing can be said.

    Compared are the way from the last figure before the target's date to the target, and the
    longest way in the same direction between two earlier figures at most as many calendar months
    apart. Without such a pair nothing can be said.
    """
    due = indicator.target_on
    if not indicator.numeric or due is None:
        return None
    past = sorted((day, value) for day, value in indicator.history.items() if day < due)
    if len(past) < MINIMUM_FIGURES:
        return None
    last_on, last = past[-1]
    target = _nearest_target(indicator, last)
    months = _months(last_on, due)
    if target is None or target == last:
        return None
    ways = [
        late - early
        for (early_on, early), (late_on, late) in combinations(past, 2)
        if _months(early_on, late_on) <= months
    ]
    upward = target > last
    if not ways:
        return None
    most = max(max(ways), Fraction(0)) if upward else min(min(ways), Fraction(0))
    if abs(target - last) <= abs(most):
        return None
    return Jump(target, last, last_on, months, abs(most))


def _nearest_target(indicator: SmartIndicator, last: Fraction) -> Fraction | None:
    """The value to reach; of a range the nearer bound, which is the figure itself inside it.

    A target that the last figure has passed already, on the good side, asks for nothing.
    """
    low, high = indicator.low, indicator.high
    if indicator.kind is TargetKind.RANGE:
        if low is not None and last < low:
            return low
        return high if high is not None and last > high else None
    if indicator.target is None:
        return None
    rising = indicator.kind is TargetKind.INCREASE
    return indicator.target if (indicator.target > last) is rising else None


def _months(early: date, late: date) -> int:
    return 12 * (late.year - early.year) + late.month - early.month
