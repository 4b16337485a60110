"""The part of a snapshot that tells one indicator."""

from collections.abc import Mapping
from datetime import UTC, date
from fractions import Fraction
from itertools import chain
from typing import Any

from django.utils import timezone

from objectives.indicators import engine
from objectives.indicators.breakdowns import breakdown_key, breakdown_parts, dimensions_of
from objectives.indicators.choices import SlotState, TargetKind
from objectives.indicators.models import Indicator, Measurement, Target
from objectives.indicators.selectors import IndicatorReading
from objectives.indicators.selectors.slots import SlotReading, figure_value
from objectives.planning.selectors.readings import LinkReading
from reporting.snapshot.background import Background
from reporting.snapshot.definitions import definition_part
from reporting.snapshot.facts import ATTAINMENT_DECIMALS, FactBook, measurement_key
from reporting.snapshot.withheld import WITHHELD, is_withheld, remarks_told, steps_told

VALUE_STATES = {
    SlotState.MEASURED: "measured",
    SlotState.MISSING: "missing",
    SlotState.NOT_APPLICABLE: "notApplicable",
    SlotState.NOT_YET_DUE: "notYetDue",
}


def iso(day: date | None) -> str | None:
    """Return the date as text, or None."""
    return day.isoformat() if day else None


def _exact(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def _measurement_fact(book: FactBook, indicator: Indicator, row: Measurement) -> str | None:
    key = measurement_key(row.uuid)
    if indicator.target_kind == TargetKind.MILESTONE:
        return book.day(key, row.done_on, "done") or book.day(key, row.forecast_on, "expected")
    if indicator.target_kind == TargetKind.ORDINAL:
        return book.level(key, row.level, indicator.levels)
    parts = (
        {"numerator": str(Fraction(row.numerator)), "denominator": str(Fraction(row.denominator))}
        if row.numerator is not None and row.denominator is not None
        else {}
    )
    return book.quantity(
        key,
        figure_value(row),
        decimals=indicator.decimals,
        unit=indicator.unit_of_measure,
        **parts,
    )


def _breakdown(
    book: FactBook, indicator: Indicator, parts: Mapping[str, Measurement]
) -> list[dict[str, Any]]:
    """Return the parts of a figure that its definition knows, in the order of the definition."""
    dimensions = {row.code: row for row in dimensions_of(indicator.disaggregations)}
    known = chain.from_iterable(dimension.keys() for dimension in dimensions.values())
    places = {key: place for place, key in enumerate(known)}
    found = []
    for key, row in parts.items():
        single = [breakdown_key({code: member}) for code, member in breakdown_parts(key).items()]
        if not all(one in places for one in single):
            continue
        row.indicator = indicator
        titles = [
            {
                "dimension": dimensions[code].title.as_json(),
                "member": next(
                    one.title.as_json() for one in dimensions[code].members if one.code == member
                ),
            }
            for code, member in breakdown_parts(key).items()
        ]
        data = {"key": key, "titles": titles, "fact": _measurement_fact(book, indicator, row)}
        found.append(([places[one] for one in single], data))
    return [data for _places, data in sorted(found, key=lambda item: item[0])]


def _slot(
    book: FactBook, indicator: Indicator, slot: SlotReading, behind: Background
) -> dict[str, Any]:
    data: dict[str, Any] = {
        "periodStart": slot.period.start.isoformat(),
        "periodEnd": slot.period.end.isoformat(),
        "resolution": slot.period.resolution,
        "dueOn": slot.due_on.isoformat(),
        "valueState": WITHHELD if is_withheld(slot) else VALUE_STATES[slot.state],
        "locked": behind.is_locked(indicator.pk, slot.period),
    }
    if slot.not_applicable_reason:
        data["notApplicableReason"] = slot.not_applicable_reason
    if row := slot.measurement:
        data |= {
            "fact": _measurement_fact(book, indicator, row),
            "breakdown": _breakdown(book, indicator, behind.parts.get(row.pk, {})),
            "provisional": not getattr(row, "is_validated", False),
            "returned": bool(getattr(row, "is_returned", False)),
            "recordedAt": row.recorded_at.astimezone(UTC).isoformat(),
            "recordedByUnit": behind.unit_that_recorded(indicator, row).code,
            "validatedOn": _validated_on(row, behind),
            "narrative": row.narrative.as_json(),
        }
        if row.reason:
            data["correctionReason"] = row.reason
    return data


def _validated_on(row: Measurement, behind: Background) -> str | None:
    """Return the day of the validation that holds; None for a provisional figure."""
    at = behind.validated.get(row.pk) if getattr(row, "is_validated", False) else None
    return timezone.localdate(at).isoformat() if at else None


def _target(book: FactBook, indicator: Indicator, target: Target | None) -> dict[str, Any] | None:
    if indicator.target_kind == TargetKind.RANGE:
        return _range(book, indicator, target)
    if target is None:
        return None
    fact = _target_fact(book, indicator, target)
    return {"fact": fact, "dueOn": target.due_on.isoformat(), "reason": target.reason}


def _target_fact(book: FactBook, indicator: Indicator, target: Target) -> str | None:
    key = f"f:target:{target.uuid}"
    if indicator.target_kind == TargetKind.MILESTONE:
        return book.day(key, target.due_on, "due")
    if indicator.target_kind == TargetKind.ORDINAL:
        return book.level(key, target.level, indicator.levels)
    return _own_quantity(book, indicator, key, _exact(target.value))


def _targets(book: FactBook, reading: IndicatorReading) -> list[dict[str, Any]]:
    """Return the targets due in the plan year, and the one that it is judged by, by date."""
    final = reading.final_target
    return [
        {
            "fact": fact,
            "dueOn": row.due_on.isoformat(),
            "isFinal": row.is_final,
            "reason": row.reason,
            "setOn": timezone.localdate(row.recorded_at).isoformat(),
        }
        for row in reading.targets
        if row.due_on.year == reading.year or row is final
        if (fact := _target_fact(book, reading.indicator, row))
    ]


def _range(book: FactBook, indicator: Indicator, target: Target | None) -> dict[str, Any]:
    parts = {"low": indicator.range_low, "high": indicator.range_high}
    data: dict[str, Any] = {
        name: _own_quantity(book, indicator, f"f:{name}:{indicator.uuid}", _exact(value))
        for name, value in {**parts, "tolerance": indicator.tolerance}.items()
    }
    return {
        **data,
        "dueOn": iso(target.due_on if target else None),
        "reason": target.reason if target else "",
    }


def _own_quantity(
    book: FactBook, indicator: Indicator, key: str, value: Fraction | None
) -> str | None:
    """Add a number in the indicator's own unit and decimals."""
    return book.quantity(key, value, decimals=indicator.decimals, unit=indicator.unit_of_measure)


def _judged(book: FactBook, reading: IndicatorReading) -> dict[str, Any]:
    """Return actual and expected; levels keep their names, dates are in the slots already."""
    indicator, status = reading.indicator, reading.status
    facts = {}
    for name, value in (("actual", status.actual), ("expected", status.expected)):
        key = f"f:{name}:{indicator.uuid}"
        if indicator.target_kind == TargetKind.ORDINAL and value is not None:
            facts[name] = book.level(key, int(value), indicator.levels)
        else:
            facts[name] = _own_quantity(book, indicator, key, value)
    return {
        **facts,
        "attainment": book.quantity(
            f"f:attainment:{indicator.uuid}", status.attainment, decimals=ATTAINMENT_DECIMALS
        ),
        "measuredTo": iso(status.measured_to),
    }


def _baseline(book: FactBook, indicator: Indicator) -> dict[str, Any] | None:
    if indicator.baseline is None:
        return None
    key = f"f:baseline:{indicator.uuid}"
    value = Fraction(indicator.baseline)
    if indicator.target_kind == TargetKind.ORDINAL:
        fact = book.level(key, int(value), indicator.levels)
    else:
        fact = _own_quantity(book, indicator, key, value)
    return {"fact": fact, "on": iso(indicator.baseline_date)}


def _chart(book: FactBook, reading: IndicatorReading) -> dict[str, Any] | None:
    """Return what the trajectory chart draws, or None for what has no numbers over time."""
    indicator, data = reading.indicator, reading.data
    if data is None or indicator.target_kind in (TargetKind.MILESTONE, TargetKind.ORDINAL):
        return None
    version = reading.status.rule_version
    points = [
        {
            "on": point.on.isoformat(),
            "fact": _own_quantity(
                book, indicator, f"f:series:{indicator.uuid}:{point.on}", point.value
            ),
        }
        for point in engine.figure_series(data, rule_version=version)
    ]
    if not points:
        return None
    days = {slot.period.end for slot in reading.slots}
    days |= {data.due_on} if data.due_on else set()
    days |= {data.baseline.on} if data.baseline else set()
    expected = [(day, engine.expected_at(data, day, rule_version=version)) for day in sorted(days)]
    return {
        "points": points,
        "expected": [
            {"on": day.isoformat(), "value": str(value)}
            for day, value in expected
            if value is not None
        ],
        "periods": [
            {
                "periodStart": slot.period.start.isoformat(),
                "periodEnd": slot.period.end.isoformat(),
                "resolution": slot.period.resolution,
            }
            for slot in reading.slots
        ],
    }


def _forecast(book: FactBook, reading: IndicatorReading) -> dict[str, Any] | None:
    """Return what the year ends with if things go on like this; it changes no status."""
    fact = _own_quantity(
        book,
        reading.indicator,
        f"f:forecast:{reading.indicator.uuid}",
        reading.year_end_forecast,
    )
    return {"fact": fact, "on": reading.year_end.isoformat()} if fact else None


def indicator_part(book: FactBook, link: LinkReading, behind: Background) -> dict[str, Any]:
    """Return one indicator as its objective uses it; its figures go into the book."""
    reading = link.reading
    indicator, status = reading.indicator, reading.status
    latest = reading.latest
    return {
        "id": str(indicator.uuid),
        "code": indicator.code,
        "shortCode": link.short_code,
        "title": indicator.title.as_json(),
        "definition": indicator.definition.as_json(),
        "unitOfMeasure": indicator.unit_of_measure.as_json(),
        "decimals": indicator.decimals,
        "kind": indicator.target_kind,
        "accumulation": indicator.accumulation,
        "isRatio": indicator.is_ratio,
        "dataSource": indicator.source.as_json(),
        "owner": indicator.owner.code,
        "usedSince": link.link.known_from.astimezone(UTC).isoformat(),
        "weight": link.link.weight,
        "isKey": link.link.is_key,
        "status": status.status.value,
        "remarks": remarks_told(reading),
        "why": book.steps(str(indicator.uuid), steps_told(reading)),
        "provisional": status.provisional,
        "stale": status.stale,
        "late": status.late,
        "contradictory": bool(reading.problem),
        "baseline": _baseline(book, indicator),
        "target": _target(book, indicator, reading.final_target),
        "targets": _targets(book, reading),
        **_judged(book, reading),
        "forecast": _forecast(book, reading),
        "latest": _slot(book, indicator, latest, behind) if latest else None,
        "slots": [
            _slot(book, indicator, slot, behind)
            for slot in reading.slots
            if slot.period.end.year == reading.year
        ],
        # Of an earlier plan year, which the report before was on: what it may tell otherwise.
        "earlierSlots": [
            _slot(book, indicator, slot, behind)
            for slot in reading.slots
            if behind.may_restate(slot, reading.year)
        ],
        "chart": _chart(book, reading),
        **definition_part(book, reading, behind.versions.get(indicator.pk, ())),
    }
