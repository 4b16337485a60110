"""Writing indicators: one below a draft objective, and another version of its definition."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, TypedDict

from ibzplan.core.api.bodies import Limits, Named
from ibzplan.core.api.references import References
from ibzplan.core.api.writing import Made, Write, Writes
from ibzplan.core.filtersets import camel
from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import (
    Accumulation,
    Aggregation,
    Frequency,
    IndicatorType,
    TargetKind,
    Trajectory,
)
from objectives.indicators.models import Indicator
from objectives.indicators.services import IndicatorSheet, sheet_of
from objectives.planning.models import OperationalObjective
from objectives.planning.services import indicator_add, indicator_redefine
from objectives.planning.services.indicators import MAX_WEIGHT
from objectives.planning.writes.common import (
    STATE_CODES,
    Function,
    Level,
    LongText,
    Name,
    Reason,
    ShortName,
    edited,
    reached,
    stored_name,
    target_faults,
)
from objectives.planning.writes.definition_lists import (
    DimensionBody,
    dimensions_read,
    levels_read,
)
from personnel.access import access_of

# Members of the API that the sheet knows under another name.
_OTHER_NAMES: Final = {
    "dataSource": "source",
    "ratio": "is_ratio",
    "confidential": "is_confidential",
}
_DAYS: Final = Limits(low=0, high=366)
_THRESHOLD: Final = Limits("A share of what was expected by then: 0.9.")


class _Needs(TypedDict):
    operationalObjective: Named
    title: Name
    unitOfMeasure: ShortName
    targetKind: TargetKind
    dataSource: Name


class _InterimNeeds(TypedDict):
    dueOn: date


class InterimBody(_InterimNeeds, total=False):
    """What is to be reached on a day on the way to the target."""

    value: Decimal
    level: Level


class NewTarget(TypedDict, total=False):
    """What is to be reached in the end: a value or, of an ordinal indicator, a level.

    It is due on the last day of the plan year unless `dueOn` says otherwise.
    """

    dueOn: date
    value: Decimal
    level: Level
    interim: Annotated[list[InterimBody], Limits(most_items=24)]


class _Sheet(TypedDict, total=False):
    indicatorType: IndicatorType
    decimals: Annotated[int, Limits(low=0, high=4)]
    ratio: bool
    accumulation: Accumulation
    periodAggregation: Aggregation
    unitAggregation: Aggregation
    trajectory: Trajectory
    frequency: Frequency
    daysUntilDue: Annotated[int, _DAYS]
    graceDays: Annotated[int, _DAYS]
    levels: Annotated[list[Name], Limits(most_items=100)]
    disaggregations: Annotated[list[DimensionBody], Limits(most_items=20)]
    confidential: bool


class NewIndicator(_Needs, _Sheet, total=False):
    """An indicator below a draft objective, with its target and its weight there.

    The objective is named by its id, or by its code where no other year has that code.
    """

    definition: LongText
    inclusions: LongText
    exclusions: LongText
    rationale: LongText
    misuseRisk: LongText
    limitations: LongText
    numeratorDefinition: LongText
    denominatorDefinition: LongText
    method: LongText
    rangeLow: Decimal
    rangeHigh: Decimal
    possibleLow: Decimal
    possibleHigh: Decimal
    tolerance: Decimal
    thresholdOnTrack: Annotated[Decimal, _THRESHOLD]
    thresholdAtRisk: Annotated[Decimal, _THRESHOLD]
    baseline: Decimal
    baselineDate: date
    compiler: Function
    approver: Function
    target: NewTarget
    weight: Annotated[int, Limits(low=1, high=MAX_WEIGHT)]
    key: bool
    derivedFrom: Named


class IndicatorChange(_Sheet, total=False):
    """Another version of the definition; what is left out stays as the newest version says it.

    `reason` is needed once others saw the indicator or a figure was recorded. `validFrom` is the
    first day of the figures that the version speaks of, by default that of the version it
    replaces. `seriesBreak` marks that figures of before that day cannot be compared with those
    from it on; false takes the break of that day back.
    """

    title: Name
    unitOfMeasure: ShortName | None
    targetKind: TargetKind
    dataSource: Name | None
    definition: LongText | None
    inclusions: LongText | None
    exclusions: LongText | None
    rationale: LongText | None
    misuseRisk: LongText | None
    limitations: LongText | None
    numeratorDefinition: LongText | None
    denominatorDefinition: LongText | None
    method: LongText | None
    rangeLow: Decimal | None
    rangeHigh: Decimal | None
    possibleLow: Decimal | None
    possibleHigh: Decimal | None
    tolerance: Decimal | None
    thresholdOnTrack: Annotated[Decimal, _THRESHOLD] | None
    thresholdAtRisk: Annotated[Decimal, _THRESHOLD] | None
    baseline: Decimal | None
    baselineDate: date | None
    compiler: Function | None
    approver: Function | None
    reason: Reason
    validFrom: date
    seriesBreak: bool


class IndicatorWrites(Writes):
    """Indicators."""

    create_type = NewIndicator
    update_type = IndicatorChange
    example = {
        "operationalObjective": "2.6.1",
        "title": {"nl": "Bezetting", "fr": "Occupation"},
        "unitOfMeasure": {"nl": "%", "fr": "%"},
        "targetKind": "increase",
        "dataSource": {"nl": "Logboek", "fr": "Journal"},
        "decimals": 1,
        "baseline": 88,
        "baselineDate": "2025-12-31",
        "target": {"value": 95},
    }
    change_example = {"dataSource": {"nl": "Register", "fr": "Registre"}, "reason": "Other source"}
    conflicts = STATE_CODES

    def create(self, write: Write, body: Mapping[str, Any]) -> Made:
        """Make an indicator below an objective."""
        names, access = References(body), access_of(write.actor)
        objective = names.one(
            "operationalObjective",
            OperationalObjective.objects.visible_to(access).select_related("plan", "unit"),
        )
        origin = names.one("derivedFrom", Indicator.objects.visible_to(access))
        target = body.get("target", {})
        kind = body["targetKind"]
        names.issues += target_faults(kind, target, "target.")
        for place, one in enumerate(target.get("interim", ())):
            names.issues += target_faults(kind, one, f"target.interim[{place}].", needed=True)
        names.refuse()
        assert objective is not None  # noqa: S101 (every body names one)
        indicator = indicator_add(
            actor=write.actor,
            objective=objective,
            sheet=IndicatorSheet(**_sheet_values(body, None)),
            target=target.get("value"),
            target_level=target.get("level"),
            target_due_on=target.get("dueOn"),
            interim=_interim(target),
            weight=body.get("weight", 1),
            is_key=body.get("key", False),
            derived_from=origin,
        )
        return Made(indicator.uuid)

    def update(self, write: Write, row: Indicator, changes: Mapping[str, Any]) -> None:
        """Append a version of the definition."""
        stored = Indicator.objects.select_related("owner").get(pk=row.pk)
        before = sheet_of(stored)
        indicator_redefine(
            actor=write.actor,
            indicator=stored,
            sheet=replace(before, **_sheet_values(changes, before)),
            reason=changes.get("reason", ""),
            valid_from=changes.get("validFrom"),
            is_series_break=changes.get("seriesBreak"),
            expected_version=stored.version,
        )

    def member_of(self, name: str, body: Mapping[str, Any]) -> str:
        """Return the member of the body that a field of the services is."""
        if name.startswith("interim_"):
            _word, number, part = name.split("_", 2)
            return f"target.interim[{int(number) - 1}].{camel(part)}"
        others = {stored: member for member, stored in _OTHER_NAMES.items()}
        others |= {
            "target": "target.value",
            "target_due_on": "target.dueOn",
            "is_series_break": "seriesBreak",
        }
        return others.get(name, camel(name))


def _sheet_values(body: Mapping[str, Any], before: IndicatorSheet | None) -> dict[str, Any]:
    """Return the fields of the sheet that a body names; `before` is what they change, if any."""
    values: dict[str, Any] = {}
    fields = IndicatorSheet.__dataclass_fields__
    for member, given in body.items():
        name = stored_name(member, _OTHER_NAMES)
        if name not in fields:
            continue
        stored = getattr(before, name, None)
        if isinstance(stored, LocalisedText):
            values[name] = edited(stored, given)
        elif name == "levels":
            values[name] = levels_read(given, before.levels if before else ())
        elif name == "disaggregations":
            values[name] = dimensions_read(given, before.disaggregations if before else ())
        else:
            values[name] = _cleared(name) if given is None else given
    if "baseline" in values and values["baseline"] is None:
        values["baseline_date"] = None
    return values


def _cleared(name: str) -> Any:
    return "" if name in ("compiler", "approver") else None


def _interim(target: Mapping[str, Any]) -> list[tuple[date, Decimal]]:
    """Return the days and what is to be reached, as the services take it."""
    return [
        (one["dueOn"], reached(one.get("value"), one.get("level")))
        for one in target.get("interim", ())
    ]
