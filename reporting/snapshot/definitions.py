"""The part of a snapshot that tells by what definition an indicator was measured."""

from collections.abc import Sequence
from datetime import UTC, date
from fractions import Fraction
from typing import Any, Final

from django.db import models

from ibzplan.core.localised import LocalisedText
from objectives.indicators.models import IndicatorDefinition
from objectives.indicators.selectors import IndicatorReading
from objectives.indicators.selectors.definitions import DEFINITION_COLUMNS
from objectives.indicators.services.definition_checks import FIRST_DAY
from reporting.snapshot.facts import FactBook

# What a ratio is multiplied by follows from its unit.
_DERIVED: Final = ("ratio_scale",)
# The shares of the way that a status asks for; other quantities are in the indicator's unit.
_THRESHOLDS: Final = ("threshold_on_track", "threshold_at_risk")
_THRESHOLD_DECIMALS: Final = 2
FIRST_NUMBER: Final = 1


def definition_part(
    book: FactBook, reading: IndicatorReading, versions: Sequence[IndicatorDefinition]
) -> dict[str, Any]:
    """Return which version holds, where the series breaks, what it cannot say, what changed.

    A version that holds from the beginning of the series has no first day. The first one never
    has, so that a snapshot says the same before and after there is a second one.
    """
    indicator, version = reading.indicator, reading.definition
    last_day = date(reading.year, 12, 31)
    return {
        "definitionVersion": {
            "number": version.number if version else FIRST_NUMBER,
            "validFrom": _first_day(version) if version else None,
        },
        "seriesBreaks": [
            {"on": one.on.isoformat(), "reason": one.reason}
            for one in reading.breaks
            if one.on <= last_day
        ],
        "definitionChanges": _changes(book, versions),
        "periodAggregation": indicator.period_aggregation,
        "unitAggregation": indicator.unit_aggregation,
        "limitations": indicator.limitations.as_json(),
        "numeratorDefinition": indicator.numerator_definition.as_json(),
        "denominatorDefinition": indicator.denominator_definition.as_json(),
    }


def _first_day(version: IndicatorDefinition) -> str | None:
    is_whole = version.number == FIRST_NUMBER or version.valid_from <= FIRST_DAY
    return None if is_whole else version.valid_from.isoformat()


def _changes(book: FactBook, versions: Sequence[IndicatorDefinition]) -> list[dict[str, Any]]:
    """Return every version after the first one, each beside the one recorded before it."""
    by_number = {version.number: version for version in versions}
    return [
        {
            "number": version.number,
            "validFrom": _first_day(version),
            "recordedAt": version.recorded_at.astimezone(UTC).isoformat(),
            "isSeriesBreak": version.is_series_break,
            "reason": version.reason,
            "fields": _fields(book, by_number.get(version.number - 1), version),
        }
        for version in versions
        if version.number > FIRST_NUMBER
    ]


def _fields(
    book: FactBook, before: IndicatorDefinition | None, after: IndicatorDefinition
) -> list[dict[str, Any]]:
    """Return what differs, in the order of the sheet; long lists are named only."""
    if before is None:
        return []
    return [
        {
            "field": camel(name),
            "before": _said(book, before, name),
            "after": _said(book, after, name),
        }
        for name in DEFINITION_COLUMNS
        if name not in _DERIVED and getattr(before, name) != getattr(after, name)
    ]


def camel(name: str) -> str:
    """Return the name of a column as a snapshot writes it: 'unitOfMeasure'."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _said(book: FactBook, version: IndicatorDefinition, name: str) -> dict[str, Any] | None:
    """Return what a version says of a column: a text, a code of a choice, a date or a figure."""
    column = IndicatorDefinition._meta.get_field(name)
    value = getattr(version, name)
    if isinstance(value, LocalisedText):
        return {"text": value.as_json()}
    if isinstance(column, models.JSONField) or value is None or value == "":
        return None
    if isinstance(value, bool):
        return {"code": "yes" if value else "no"}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    key = f"f:definition:{version.uuid}:{name}"
    if isinstance(column, models.DecimalField):
        is_share = name in _THRESHOLDS
        return {
            "fact": book.quantity(
                key,
                Fraction(value),
                decimals=_THRESHOLD_DECIMALS if is_share else version.decimals,
                unit=None if is_share else version.unit_of_measure,
            )
        }
    if isinstance(value, int):
        return {"fact": book.count(key, value)}
    return {"code": str(value)}
