"""How the API shows indicators and figures. Quantities are in the indicator's unit of measure."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypedDict
from uuid import UUID

from ibzplan.core.api.links import Links
from ibzplan.core.api.shapes import Localised, Reference, localised, reference
from ibzplan.core.filtersets import camel
from ibzplan.core.localised import LocalisedText
from objectives.indicators.models import Indicator, Measurement, Target


class IndicatorItem(TypedDict):
    """An indicator."""

    id: UUID
    code: str
    href: str
    title: Localised | None
    definition: Localised | None
    unitOfMeasure: Localised | None
    decimals: int
    dataSource: Localised | None
    method: Localised | None
    targetKind: str
    accumulation: str
    trajectory: str
    ratio: bool
    ratioScale: int | None
    frequency: str
    daysUntilDue: int
    graceDays: int
    levels: list[Localised] | None
    rangeLow: Decimal | None
    rangeHigh: Decimal | None
    tolerance: Decimal | None
    thresholdOnTrack: Decimal | None
    thresholdAtRisk: Decimal | None
    baseline: Decimal | None
    baselineDate: date | None
    unit: Reference
    confidential: bool
    fictional: bool


class TargetItem(TypedDict):
    """What is to be reached on a date."""

    id: UUID
    href: str
    indicator: Reference
    dueOn: date
    value: Decimal | None
    level: int | None
    final: bool
    recordedAt: datetime
    reason: str | None
    fictional: bool


class MeasurementItem(TypedDict):
    """One figure of an indicator for a period and a breakdown."""

    id: UUID
    href: str
    indicator: Reference
    period: str
    periodStart: date
    periodEnd: date
    breakdown: str | None
    valueState: Literal["measured"]
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    level: int | None
    doneOn: date | None
    forecastOn: date | None
    provisional: bool
    recordedAt: datetime
    reason: str | None
    narrative: Localised | None
    fictional: bool


def indicator_item(indicator: Indicator, links: Links) -> IndicatorItem:
    """Needs `owner`."""
    owner = indicator.owner
    return {
        "id": indicator.uuid,
        "code": indicator.code,
        "href": links.to("indicators", indicator.uuid),
        "title": localised(indicator.title),
        "definition": localised(indicator.definition),
        "unitOfMeasure": localised(indicator.unit_of_measure),
        "decimals": indicator.decimals,
        "dataSource": localised(indicator.source),
        "method": localised(indicator.method),
        "targetKind": camel(indicator.target_kind),
        "accumulation": camel(indicator.accumulation),
        "trajectory": camel(indicator.trajectory),
        "ratio": indicator.is_ratio,
        "ratioScale": indicator.ratio_scale if indicator.is_ratio else None,
        "frequency": indicator.frequency,
        "daysUntilDue": indicator.days_until_due,
        "graceDays": indicator.grace_days,
        "levels": _levels(indicator),
        "rangeLow": indicator.range_low,
        "rangeHigh": indicator.range_high,
        "tolerance": indicator.tolerance,
        "thresholdOnTrack": indicator.threshold_on_track,
        "thresholdAtRisk": indicator.threshold_at_risk,
        "baseline": indicator.baseline,
        "baselineDate": indicator.baseline_date,
        "unit": reference(links, "organisationUnits", owner.uuid, owner.code),
        "confidential": indicator.is_confidential,
        "fictional": indicator.is_demo,
    }


def _levels(indicator: Indicator) -> list[Localised] | None:
    """Return the levels of an ordinal indicator; a measured level counts from 0 in this list."""
    texts = [localised(LocalisedText.from_json(level)) for level in indicator.levels]
    return [text or {} for text in texts] or None


def target_item(target: Target, links: Links) -> TargetItem:
    """Needs `indicator`."""
    indicator = target.indicator
    return {
        "id": target.uuid,
        "href": links.to("targets", target.uuid),
        "indicator": reference(links, "indicators", indicator.uuid, indicator.code),
        "dueOn": target.due_on,
        "value": target.value,
        "level": target.level,
        "final": target.is_final,
        "recordedAt": target.recorded_at,
        "reason": target.reason or None,
        "fictional": target.is_demo,
    }


def measurement_item(measurement: Measurement, links: Links, *, validated: bool) -> MeasurementItem:
    """Needs `indicator`; `validated` as it was known then."""
    indicator = measurement.indicator
    return {
        "id": measurement.uuid,
        "href": links.to("measurements", measurement.uuid),
        "indicator": reference(links, "indicators", indicator.uuid, indicator.code),
        "period": str(measurement.period),
        "periodStart": measurement.period_start,
        "periodEnd": measurement.period_end,
        "breakdown": measurement.breakdown_key or None,
        "valueState": "measured",
        "value": measurement.value,
        "numerator": measurement.numerator,
        "denominator": measurement.denominator,
        "level": measurement.level,
        "doneOn": measurement.done_on,
        "forecastOn": measurement.forecast_on,
        "provisional": not validated,
        "recordedAt": measurement.recorded_at,
        "reason": measurement.reason or None,
        "narrative": localised(measurement.narrative),
        "fictional": measurement.is_demo,
    }
