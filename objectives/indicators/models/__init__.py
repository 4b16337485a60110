"""Indicators, their targets, figures and obligations."""

from objectives.indicators.models.columns import DefinitionColumns, RecordedFact, ValueField
from objectives.indicators.models.indicators import Indicator, IndicatorDefinition
from objectives.indicators.models.measurements import Correction, Measurement, MeasurementEvent
from objectives.indicators.models.obligations import Obligation
from objectives.indicators.models.targets import Target

__all__ = [
    "Correction",
    "DefinitionColumns",
    "Indicator",
    "IndicatorDefinition",
    "Measurement",
    "MeasurementEvent",
    "Obligation",
    "RecordedFact",
    "Target",
    "ValueField",
]
