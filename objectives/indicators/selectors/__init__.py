"""Reads about indicators; all take both clocks."""

from objectives.indicators.selectors.definitions import (
    DEFINITION_COLUMNS,
    KnownDefinition,
    SeriesBreak,
    as_defined,
    definition_held,
    definitions_known,
    series_breaks,
)
from objectives.indicators.selectors.readings import (
    IndicatorReading,
    SlotReading,
    indicator_readings,
)

__all__ = [
    "DEFINITION_COLUMNS",
    "IndicatorReading",
    "KnownDefinition",
    "SeriesBreak",
    "SlotReading",
    "as_defined",
    "definition_held",
    "definitions_known",
    "indicator_readings",
    "series_breaks",
]
