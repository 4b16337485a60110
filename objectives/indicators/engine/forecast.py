"""The forecast of the year-end value: shown, never part of a status."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Final

from .inputs import IndicatorInput, Point
from .registry import CURRENT_RULE_VERSION, figure_series

MINIMUM_POINTS: Final = 3


def theil_sen(points: Sequence[Point], on: date) -> Fraction | None:
    """The value on `on` by the Theil-Sen line: median slope, then median intercept.

    None with fewer than three different days; of two points on one day the last counts.
    """
    by_day = {point.on.toordinal(): point.value for point in points}
    if len(by_day) < MINIMUM_POINTS:
        return None
    days = sorted(by_day.items())
    slopes = [(late[1] - early[1]) / (late[0] - early[0]) for early, late in combinations(days, 2)]
    slope = _median(slopes)
    intercept = _median([value - slope * day for day, value in days])
    return intercept + slope * on.toordinal()


def forecast_indicator(
    indicator: IndicatorInput,
    on: date | None = None,
    *,
    since: date | None = None,
    rule_version: int = CURRENT_RULE_VERSION,
) -> Fraction | None:
    """Forecast on a day, by default the due date; None for what is not numeric, or without three
    figures. A day that the figures have already passed gives the line, not the figure.

    `since` is the day of the latest series break: only figures of periods that end after it count,
    because what was measured otherwise says nothing about the slope. A flow stays a sum from the
    start of its trajectory; only its slope is that after the break.
    """
    day = on if on is not None else indicator.due_on
    if day is None or not indicator.rule.numeric:
        return None
    series = figure_series(indicator, rule_version=rule_version)
    return theil_sen([point for point in series if since is None or point.on > since], day)


def _median(values: list[Fraction]) -> Fraction:
    """The middle value; of an even number the exact mean of the two in the middle."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
