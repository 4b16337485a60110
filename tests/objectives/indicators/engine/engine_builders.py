"""Short ways to write down an indicator in a test: one year, four quarters.

Quarters of 2026 end on day 90, 181, 273 and 365 after 31 December 2025; their figures are due on
the 15th of the next month.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, NamedTuple

from objectives.indicators.engine import (
    Accumulation,
    IndicatorInput,
    IndicatorRule,
    IndicatorStatus,
    Point,
    Remark,
    Slot,
    SlotState,
    Status,
    TargetKind,
    TrajectoryShape,
)

EVE: Final = date(2025, 12, 31)
T1: Final = date(2026, 3, 31)
T2: Final = date(2026, 6, 30)
T3: Final = date(2026, 9, 30)
T4: Final = date(2026, 12, 31)
QUARTER_ENDS: Final = (T1, T2, T3, T4)
QUARTER_STARTS: Final = (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1))
NA: Final = "n/a"
RULE_FIELDS: Final = frozenset(IndicatorRule.__dataclass_fields__) - {"kind"}

Entry = int | str | Fraction | tuple[int, int] | dict[str, Any] | None


def quarter(number: int, **fields: Any) -> Slot:
    """The slot of quarter 1 to 4."""
    end = QUARTER_ENDS[number - 1]
    return Slot(
        period_start=QUARTER_STARTS[number - 1],
        period_end=end,
        due_on=end + timedelta(days=15),
        **fields,
    )


def quarters(*entries: Entry) -> tuple[Slot, ...]:
    """Slots from T1 on. A number is a figure, a pair is numerator and denominator, a dict gives the
    fields, None is missing, NA is not applicable. What is not listed is missing.
    """
    padded: list[Entry] = [*entries, *[None] * (4 - len(entries))]
    return tuple(quarter(number, **_fields(entry)) for number, entry in enumerate(padded, 1))


def _fields(entry: Entry) -> dict[str, Any]:
    if entry is None:
        return {}
    if entry == NA:
        return {"state": SlotState.NOT_APPLICABLE}
    if isinstance(entry, dict):
        return {"state": SlotState.MEASURED, **entry}
    if isinstance(entry, tuple):
        numerator, denominator = (Fraction(part) for part in entry)
        return {"state": SlotState.MEASURED, "numerator": numerator, "denominator": denominator}
    return {"state": SlotState.MEASURED, "value": Fraction(entry)}


def levels(*numbers: int | None) -> tuple[Slot, ...]:
    """Slots of an ordinal indicator."""
    return quarters(*[None if number is None else {"level": number} for number in numbers])


def on_eve(value: int | str | Fraction) -> Point:
    """A baseline at the end of the year before."""
    return Point(EVE, Fraction(value))


def interim(*values: int) -> tuple[Point, ...]:
    """Interim targets at the ends of T1, T2, T3."""
    return tuple(
        Point(end, Fraction(value)) for end, value in zip(QUARTER_ENDS, values, strict=False)
    )


def indicator(
    kind: TargetKind = TargetKind.INCREASE,
    slots: Sequence[Slot] = (),
    at: date = T1,
    **fields: Any,
) -> IndicatorInput:
    """An indicator due at the end of 2026; fields of the rule and of the input may be mixed."""
    rule = {name: value for name, value in fields.items() if name in RULE_FIELDS}
    rest = {name: value for name, value in fields.items() if name not in RULE_FIELDS}
    if rest.get("target") is not None:
        rest["target"] = Fraction(rest["target"])
    return IndicatorInput(
        rule=IndicatorRule(kind=kind, **rule),
        reference_date=at,
        slots=tuple(slots),
        **{"due_on": T4, **rest},
    )


def judged(
    status: Status, attainment: int | str | Fraction | None = None, **fields: Any
) -> IndicatorStatus:
    """The result of an indicator, as a roll-up receives it."""
    return IndicatorStatus(
        status=status,
        rule_version=1,
        attainment=None if attainment is None else Fraction(attainment),
        **fields,
    )


RISING: dict[str, Any] = {"baseline": on_eve(0), "interim": interim(25, 50, 75), "target": 100}
FALLING: dict[str, Any] = {"baseline": on_eve(100), "interim": interim(75, 50, 25), "target": 0}
CEILING: dict[str, Any] = {
    "accumulation": Accumulation.FLOW,
    "trajectory": TrajectoryShape.STEP,
    "target": 100,
}
MET = (Remark.TARGET_MET,)


def rising(at: date, *figures: Any, **fields: Any) -> IndicatorInput:
    """From 0 over 25, 50, 75 to 100."""
    return indicator(TargetKind.INCREASE, quarters(*figures), at, **{**RISING, **fields})


def falling(at: date, *figures: Any) -> IndicatorInput:
    """From 100 over 75, 50, 25 to 0."""
    return indicator(TargetKind.DECREASE, quarters(*figures), at, **FALLING)


def ceiling(at: date, *figures: Any, **fields: Any) -> IndicatorInput:
    """No more than 100 in all, expected throughout."""
    return indicator(TargetKind.DECREASE, quarters(*figures), at, **{**CEILING, **fields})


class NumericCase(NamedTuple):
    """A row of a table; the numbers are text, to be read as fractions or decimals."""

    name: str
    given: IndicatorInput
    status: Status
    attainment: str
    actual: str
    expected: str
    remarks: tuple[Remark, ...] = ()
