"""Reads about indicators; all take both clocks."""

from objectives.indicators.selectors.confidential import confidential_indicators
from objectives.indicators.selectors.definitions import (
    DEFINITION_COLUMNS,
    KnownDefinition,
    SeriesBreak,
    as_defined,
    defined_on,
    definition_held,
    definitions_known,
    newest_definition,
    series_breaks,
)
from objectives.indicators.selectors.readings import (
    IndicatorReading,
    indicator_readings,
)
from objectives.indicators.selectors.slots import SlotReading, figure_value
from objectives.indicators.selectors.targets import final_target, targets_known, targets_set

__all__ = [
    "DEFINITION_COLUMNS",
    "IndicatorReading",
    "KnownDefinition",
    "SeriesBreak",
    "SlotReading",
    "as_defined",
    "confidential_indicators",
    "defined_on",
    "definition_held",
    "definitions_known",
    "figure_value",
    "final_target",
    "indicator_readings",
    "newest_definition",
    "series_breaks",
    "targets_known",
    "targets_set",
]
