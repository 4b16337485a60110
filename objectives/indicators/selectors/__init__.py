"""Reads about indicators; all take both clocks."""

from objectives.indicators.selectors.readings import (
    IndicatorReading,
    SlotReading,
    indicator_readings,
)

__all__ = ["IndicatorReading", "SlotReading", "indicator_readings"]
