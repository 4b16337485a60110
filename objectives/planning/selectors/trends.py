"""How far a werf or an objective was from its plan at the end of each quarter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from ibzplan.core.clocks import Clocks
from objectives.planning.selectors.readings import ObjectiveReading, progress_of

QUARTER_ENDS: Final = ((3, 31), (6, 30), (9, 30), (12, 31))


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """Actual minus expected progress on a day, as a share; None when there was none."""

    on: date
    deviation: Fraction | None


def trend_moments(year: int, clocks: Clocks) -> list[Clocks]:
    """Return the ends of the quarters of a plan year that lie before the reference date, and the
    clocks given as the last; all as known at their `known_at`.
    """
    ends = [date(year, month, day) for month, day in QUARTER_ENDS]
    before = [end for end in ends if end < clocks.reference_date]
    return [
        *(replace(clocks, reference_date=end, pinned_reference=True) for end in before),
        clocks,
    ]


def deviation_trend(
    readings_by_moment: Iterable[tuple[Clocks, Sequence[ObjectiveReading]]],
) -> tuple[TrendPoint, ...]:
    """Return a point for each moment, over the readings of it, as WerfReading.deviation does."""
    return tuple(
        TrendPoint(clocks.reference_date, _deviation(readings))
        for clocks, readings in readings_by_moment
    )


def _deviation(readings: Sequence[ObjectiveReading]) -> Fraction | None:
    progress = progress_of(readings)
    return progress.deviation if progress else None
