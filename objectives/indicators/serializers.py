"""How the API shows indicators and figures. Quantities are in the indicator's unit of measure."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypedDict
from uuid import UUID

from ibzplan.core.api.links import Links
from ibzplan.core.api.shapes import Localised, Reference, localised, reference
from ibzplan.core.filtersets import camel
from ibzplan.core.localised import LocalisedText
from objectives.indicators.breakdowns import Dimension, dimensions_of
from objectives.indicators.models import Indicator, Measurement, Target
from objectives.indicators.selectors import KnownDefinition

ReviewState = Literal["provisional", "validated", "returned"]


class BreakdownMember(TypedDict):
    """One value of a dimension."""

    code: str
    title: Localised | None


class Disaggregation(TypedDict):
    """A way to split the figures; with `addsUp` its members together are the whole."""

    code: str
    title: Localised | None
    addsUp: bool
    members: list[BreakdownMember]


class Break(TypedDict):
    """Figures of before that day cannot be compared with those from it on."""

    on: date
    reason: str | None


class IndicatorItem(TypedDict):
    """An indicator with the definition that holds on `referenceDate`, as known at `asOf`.

    `definitionVersion` is recorded at `definedAt` and speaks of figures from `validFrom` on.
    `latestDefinitionVersion` is the last one recorded, which may speak of a later year.
    `compiler` and `approver` are functions. `seriesBreaks` are all that are known, oldest first.
    """

    id: UUID
    code: str
    href: str
    definitionVersion: int
    latestDefinitionVersion: int
    validFrom: date
    definedAt: datetime
    definitionReason: str | None
    title: Localised | None
    indicatorType: str
    definition: Localised | None
    inclusions: Localised | None
    exclusions: Localised | None
    rationale: Localised | None
    misuseRisk: Localised | None
    limitations: Localised | None
    unitOfMeasure: Localised | None
    decimals: int
    numeratorDefinition: Localised | None
    denominatorDefinition: Localised | None
    dataSource: Localised | None
    method: Localised | None
    targetKind: str
    accumulation: str
    periodAggregation: str
    unitAggregation: str
    disaggregations: list[Disaggregation]
    trajectory: str
    ratio: bool
    ratioScale: int | None
    frequency: str
    daysUntilDue: int
    graceDays: int
    levels: list[Localised] | None
    rangeLow: Decimal | None
    rangeHigh: Decimal | None
    possibleLow: Decimal | None
    possibleHigh: Decimal | None
    tolerance: Decimal | None
    thresholdOnTrack: Decimal | None
    thresholdAtRisk: Decimal | None
    baseline: Decimal | None
    baselineDate: date | None
    compiler: str | None
    approver: str | None
    seriesBreaks: list[Break]
    derivedFrom: Reference | None
    unit: Reference
    confidential: bool
    fictional: bool


class TargetItem(TypedDict):
    """What is to be reached on a date; it counts from the plan of `planYear` on."""

    id: UUID
    href: str
    indicator: Reference
    planYear: int
    dueOn: date
    value: Decimal | None
    level: int | None
    final: bool
    recordedAt: datetime
    reason: str | None
    fictional: bool


class MeasurementItem(TypedDict):
    """One figure of an indicator for a period and a breakdown (`region=bru;sex=f`, or the whole).

    `valueState` is missing for a part of a breakdown that was taken away. `provisional` is true
    until the last review validates the figure; a part follows the whole. `locked`: a report was
    issued on this period; a correction of it is `approved` by a second person. `confirmedChecks`
    are the quality warnings that whoever recorded the figure looked at.
    """

    id: UUID
    href: str
    indicator: Reference
    period: str
    periodStart: date
    periodEnd: date
    breakdown: str | None
    valueState: Literal["measured", "missing"]
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    level: int | None
    doneOn: date | None
    forecastOn: date | None
    provisional: bool
    validation: ReviewState
    returnReason: str | None
    locked: bool
    approved: bool
    confirmedChecks: list[str]
    recordedAt: datetime
    reason: str | None
    narrative: Localised | None
    fictional: bool


@dataclass(frozen=True, slots=True)
class Review:
    """What the head last said of a figure; with the reason of a return, for who may read it."""

    state: ReviewState
    reason: str = ""


def indicator_item(known: KnownDefinition, links: Links, *, latest_version: int) -> IndicatorItem:
    """Needs the version that holds; the indicator's `owner`, and `derived_from` or None."""
    indicator, version = known.indicator, known.version
    if version is None:
        raise ValueError(f"{indicator.code} has no definition")
    owner, origin = indicator.owner, indicator.derived_from
    return {
        "id": indicator.uuid,
        "code": indicator.code,
        "href": links.to("indicators", indicator.uuid),
        "definitionVersion": version.number,
        "latestDefinitionVersion": latest_version,
        "validFrom": version.valid_from,
        "definedAt": version.recorded_at,
        "definitionReason": version.reason or None,
        "title": localised(indicator.title),
        "indicatorType": camel(indicator.indicator_type),
        "definition": localised(indicator.definition),
        "inclusions": localised(indicator.inclusions),
        "exclusions": localised(indicator.exclusions),
        "rationale": localised(indicator.rationale),
        "misuseRisk": localised(indicator.misuse_risk),
        "limitations": localised(indicator.limitations),
        "unitOfMeasure": localised(indicator.unit_of_measure),
        "decimals": indicator.decimals,
        "numeratorDefinition": localised(indicator.numerator_definition),
        "denominatorDefinition": localised(indicator.denominator_definition),
        "dataSource": localised(indicator.source),
        "method": localised(indicator.method),
        "targetKind": camel(indicator.target_kind),
        "accumulation": camel(indicator.accumulation),
        "periodAggregation": camel(indicator.period_aggregation),
        "unitAggregation": camel(indicator.unit_aggregation),
        "disaggregations": _disaggregations(indicator),
        "trajectory": camel(indicator.trajectory),
        "ratio": indicator.is_ratio,
        "ratioScale": indicator.ratio_scale if indicator.is_ratio else None,
        "frequency": indicator.frequency,
        "daysUntilDue": indicator.days_until_due,
        "graceDays": indicator.grace_days,
        "levels": _levels(indicator),
        "rangeLow": indicator.range_low,
        "rangeHigh": indicator.range_high,
        "possibleLow": indicator.possible_low,
        "possibleHigh": indicator.possible_high,
        "tolerance": indicator.tolerance,
        "thresholdOnTrack": indicator.threshold_on_track,
        "thresholdAtRisk": indicator.threshold_at_risk,
        "baseline": indicator.baseline,
        "baselineDate": indicator.baseline_date,
        "compiler": indicator.compiler or None,
        "approver": indicator.approver or None,
        "seriesBreaks": [{"on": one.on, "reason": one.reason or None} for one in known.breaks],
        "derivedFrom": (
            reference(links, "indicators", origin.uuid, origin.code) if origin else None
        ),
        "unit": reference(links, "organisationUnits", owner.uuid, owner.code),
        "confidential": indicator.is_confidential,
        "fictional": indicator.is_demo,
    }


def _disaggregations(indicator: Indicator) -> list[Disaggregation]:
    return [_disaggregation(one) for one in dimensions_of(indicator.disaggregations)]


def _disaggregation(dimension: Dimension) -> Disaggregation:
    return {
        "code": dimension.code,
        "title": localised(dimension.title),
        "addsUp": dimension.adds_up,
        "members": [
            {"code": member.code, "title": localised(member.title)} for member in dimension.members
        ],
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
        "planYear": target.plan_year,
        "dueOn": target.due_on,
        "value": target.value,
        "level": target.level,
        "final": target.is_final,
        "recordedAt": target.recorded_at,
        "reason": target.reason or None,
        "fictional": target.is_demo,
    }


def measurement_item(
    measurement: Measurement, links: Links, *, review: Review, locked: bool
) -> MeasurementItem:
    """Needs `indicator`; `review` and `locked` as they were known then."""
    indicator = measurement.indicator
    return {
        "id": measurement.uuid,
        "href": links.to("measurements", measurement.uuid),
        "indicator": reference(links, "indicators", indicator.uuid, indicator.code),
        "period": str(measurement.period),
        "periodStart": measurement.period_start,
        "periodEnd": measurement.period_end,
        "breakdown": measurement.breakdown_key or None,
        "valueState": "missing" if _is_taken_away(measurement) else "measured",
        "value": measurement.value,
        "numerator": measurement.numerator,
        "denominator": measurement.denominator,
        "level": measurement.level,
        "doneOn": measurement.done_on,
        "forecastOn": measurement.forecast_on,
        "provisional": review.state != "validated",
        "validation": review.state,
        "returnReason": review.reason or None,
        "locked": locked,
        "approved": measurement.approved_by_id is not None,
        "confirmedChecks": [camel(check) for check in measurement.confirmed_checks],
        "recordedAt": measurement.recorded_at,
        "reason": measurement.reason or None,
        "narrative": localised(measurement.narrative),
        "fictional": measurement.is_demo,
    }


def _is_taken_away(row: Measurement) -> bool:
    """Tell whether a row says that a part of the breakdown has no figure any more."""
    return bool(row.breakdown_key) and not row.has_number
