"""Writes about indicators, targets and figures."""

from objectives.indicators.services.indicators import (
    IndicatorSheet,
    indicator_create,
    obligations_sync,
    target_set,
)
from objectives.indicators.services.measurements import (
    Figure,
    measurement_record,
    measurement_validate,
)

__all__ = [
    "Figure",
    "IndicatorSheet",
    "indicator_create",
    "measurement_record",
    "measurement_validate",
    "obligations_sync",
    "target_set",
]
