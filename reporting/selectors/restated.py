"""Restated figures: shown at an earlier moment and another one since (design.md section 7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from objectives.indicators.formatting import figure_text, slot_text
from objectives.indicators.models import Indicator
from objectives.indicators.periods import Period
from objectives.indicators.selectors import IndicatorReading
from objectives.planning.selectors import ObjectiveReading


@dataclass(frozen=True, slots=True)
class RestatedFigure:
    """Reported X, now Y, because Z; `now` says in words that there is no figure any more."""

    indicator: Indicator
    year: int
    period: Period
    was: str
    now: str
    changed_at: datetime | None
    reason: str


def restated_between(before: IndicatorReading, after: IndicatorReading) -> Iterator[RestatedFigure]:
    """Give the figures of periods that were measured then and say something else now.

    A figure that was validated since, or recorded again as it was, is no other figure. Nor is one
    that the later reference date does not speak of.
    """
    now = {slot.period: slot for slot in after.slots}
    for slot in before.slots:
        other = now.get(slot.period)
        if slot.measurement is None or other is None or not _speaks_of(after, slot.period):
            continue
        figure = other.measurement
        if figure is not None and figure.pk == slot.measurement.pk:
            continue
        was, is_now = (
            figure_text(before.indicator, slot.measurement),
            slot_text(after.indicator, other),
        )
        if was != is_now:
            yield RestatedFigure(
                indicator=after.indicator,
                year=after.year,
                period=slot.period,
                was=was,
                now=is_now,
                changed_at=figure.recorded_at if figure else None,
                reason=figure.reason if figure else "",
            )


def restated_figures(
    before: Sequence[ObjectiveReading], after: Sequence[ObjectiveReading]
) -> tuple[RestatedFigure, ...]:
    """Return the restated figures of the indicators of both moments, each once."""
    then = _by_indicator(before)
    found: list[RestatedFigure] = []
    for key, reading in _by_indicator(after).items():
        if key in then:
            found.extend(restated_between(then[key], reading))
    return tuple(found)


def _speaks_of(reading: IndicatorReading, period: Period) -> bool:
    return reading.data is None or period.end <= reading.data.reference_date


def _by_indicator(readings: Sequence[ObjectiveReading]) -> dict[tuple[int, int], IndicatorReading]:
    return {
        (link.reading.indicator.pk, link.reading.year): link.reading
        for reading in readings
        for link in reading.indicators
    }
