"""Slots: without a figure, stale, provisional; and the input that is refused."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from objectives.indicators.engine import (
    Accumulation,
    IndicatorInput,
    IndicatorRule,
    Override,
    Point,
    Remark,
    Slot,
    SlotState,
    Status,
    TargetKind,
    WeightedIndicator,
    evaluate_indicator,
)
from tests.objectives.indicators.engine.engine_builders import (
    NA,
    T1,
    T2,
    T3,
    T4,
    indicator,
    interim,
    judged,
    levels,
    on_eve,
    quarter,
    quarters,
)

UP, FLOW, TO_DATE = TargetKind.INCREASE, Accumulation.FLOW, Accumulation.TO_DATE
RISING: dict[str, Any] = {"baseline": on_eve(0), "interim": interim(25, 50, 75), "target": 100}
STALE = (Remark.CAPPED_STALE,)
NARROW: dict[str, Any] = {"band_low": 0, "band_high": 9, "tolerance": 0}


class Case(NamedTuple):
    name: str
    given: IndicatorInput
    status: Status
    stale: bool = False
    remarks: tuple[Remark, ...] = ()


def rising(*entries: Any, at: date, **fields: Any) -> IndicatorInput:
    return indicator(UP, quarters(*entries), at, **{**RISING, **fields})


CASES = [
    # Without a figure. T1 is due on 15 April.
    Case("nothing ended yet", rising(at=date(2026, 2, 1)), Status.NOT_STARTED),
    Case("ended, not yet due", rising(at=T1), Status.NOT_STARTED),
    Case("on the due date", rising(at=date(2026, 4, 15)), Status.NOT_STARTED),
    Case("the day after", rising(at=date(2026, 4, 16)), Status.NO_DATA),
    Case("last day of grace", rising(at=date(2026, 4, 25), grace_days=10), Status.NOT_STARTED),
    Case("grace is over", rising(at=date(2026, 4, 26), grace_days=10), Status.NO_DATA),
    Case("no slots at all", indicator(UP, (), T4, **RISING), Status.NOT_STARTED),
    Case("nothing is applicable", rising(NA, NA, NA, NA, at=T4), Status.NOT_STARTED),
    Case("first quarter not applicable", rising(NA, at=T2), Status.NOT_STARTED),
    Case("a figure of the future does not count", rising(None, 50, at=T1), Status.NOT_STARTED),
    Case(
        "a flow that misses its first period",
        rising(None, 90, at=T2, accumulation=FLOW),
        Status.NO_DATA, False, (Remark.STOPPED_AT_GAP,),
    ),
    Case(
        "a range without a figure",
        indicator(TargetKind.RANGE, quarters(), T2, **NARROW),
        Status.NO_DATA,
    ),
    Case(
        "an ordinal without a figure",
        indicator(TargetKind.ORDINAL, levels(), T2, target=3, baseline=on_eve(1)),
        Status.NO_DATA,
    ),
    Case(
        "a figure without a target",
        rising(50, at=T2, target=None),
        Status.NO_DATA, False, (Remark.NO_TARGET,),
    ),
    # Stale. T2 is due on 15 July.
    Case("T2 missing, not yet due", rising(25, at=date(2026, 7, 15)), Status.ON_TRACK),
    Case("T2 missing and due", rising(25, at=date(2026, 7, 16)), Status.AT_RISK, True, STALE),
    Case(
        "T2 in its days of grace",
        rising(25, at=date(2026, 7, 16), grace_days=1),
        Status.ON_TRACK,
    ),
    Case("T2 not applicable", rising(25, NA, at=date(2026, 7, 16)), Status.ON_TRACK),
    Case("stale does not lift off track", rising(0, at=date(2026, 7, 16)), Status.OFF_TRACK, True),
    Case("stale leaves at risk as it is", rising(20, at=date(2026, 7, 16)), Status.AT_RISK, True),
    Case("T1 missing, T2 reported", rising(None, 50, at=date(2026, 7, 16)), Status.ON_TRACK),
    Case(
        "T1 due and missing, T2 reported early",
        rising(None, 50, at=date(2026, 7, 1)),
        Status.ON_TRACK,
    ),
    Case("reported far ahead of its due date", rising(25, 50, at=T2), Status.ON_TRACK),
    Case(
        "a flow does not count what comes after the gap",
        rising(25, None, 100, at=T4, accumulation=FLOW),
        Status.AT_RISK, True, (Remark.STOPPED_AT_GAP, Remark.CAPPED_STALE),
    ),
    Case(
        "achieved and cannot fall back: not capped",
        rising(100, at=T4, accumulation=FLOW),
        Status.ACHIEVED, True, (Remark.TARGET_MET,),
    ),
    Case(
        "achieved running total: not capped",
        rising(100, at=T4, accumulation=TO_DATE),
        Status.ACHIEVED, True, (Remark.TARGET_MET,),
    ),
    Case(
        "target met early by a level: capped",
        rising(100, at=T4),
        Status.AT_RISK, True, (Remark.TARGET_MET, Remark.CAPPED_STALE),
    ),
    Case(
        "achieved level, next figure missing: capped",
        rising(0, 50, at=T4, due_on=T2, target=50, interim=()),
        Status.AT_RISK, True, (Remark.TARGET_MET, Remark.CAPPED_STALE),
    ),
    Case(
        "a range gone stale",
        indicator(TargetKind.RANGE, quarters(5), date(2026, 7, 16), **NARROW),
        Status.AT_RISK, True, STALE,
    ),
    Case(
        "an ordinal gone stale",
        indicator(TargetKind.ORDINAL, levels(2), date(2026, 7, 16), target=3, baseline=on_eve(1)),
        Status.AT_RISK, True, STALE,
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_slots(case: Case) -> None:
    result = evaluate_indicator(case.given)
    assert result.status is case.status
    assert result.stale is case.stale
    assert result.remarks == case.remarks


def test_a_figure_without_a_target_is_still_shown() -> None:
    assert evaluate_indicator(rising(50, at=T2, target=None)).actual == 50


def test_nothing_missing_is_ever_read_as_zero() -> None:
    result = evaluate_indicator(rising(at=T2))
    assert result.actual is None
    assert result.expected is None
    assert not result.has_figure


@pytest.mark.parametrize(
    ("entries", "accumulation", "provisional"),
    [
        (({"value": Fraction(1), "provisional": True}, 2), Accumulation.LEVEL, False),
        ((1, {"value": Fraction(2), "provisional": True}), Accumulation.LEVEL, True),
        (({"value": Fraction(1), "provisional": True}, 2), FLOW, True),
        ((1, 2), FLOW, False),
    ],
)
def test_provisional_follows_the_figures_that_count(
    entries: tuple[Any, ...], accumulation: Accumulation, *, provisional: bool
) -> None:
    result = evaluate_indicator(rising(*entries, at=T2, accumulation=accumulation))
    assert result.provisional is provisional
    assert result.status is not Status.NO_DATA


def test_the_order_of_slots_does_not_matter() -> None:
    given = rising(20, 25, 30, at=T3, accumulation=FLOW)
    turned = rising(20, 25, 30, at=T3, accumulation=FLOW)
    object.__setattr__(turned, "slots", tuple(reversed(turned.slots)))
    assert evaluate_indicator(turned) == evaluate_indicator(given)


def test_whole_numbers_and_decimals_become_exact() -> None:
    point = Point(T1, Decimal("0.10"))  # type: ignore[arg-type]
    assert point.value == Fraction(1, 10)
    assert isinstance(quarter(1, state=SlotState.MEASURED, value=3).value, Fraction)


CONTRADICTIONS: dict[str, Callable[[], object]] = {
    "a range without a band": lambda: IndicatorRule(kind=TargetKind.RANGE, tolerance=Fraction(1)),
    "a range without a tolerance": lambda: IndicatorRule(
        kind=TargetKind.RANGE, band_low=Fraction(1), band_high=Fraction(2)
    ),
    "a band upside down": lambda: IndicatorRule(
        kind=TargetKind.RANGE,
        band_low=Fraction(2),
        band_high=Fraction(1),
        tolerance=Fraction(0),
    ),
    "thresholds upside down": lambda: IndicatorRule(kind=UP, on_track_from=Fraction(1, 2)),
    "a negative tolerance": lambda: IndicatorRule(kind=UP, tolerance=Fraction(-1)),
    "negative grace": lambda: IndicatorRule(kind=UP, grace_days=-1),
    "a period that ends before it starts": lambda: Slot(period_start=T2, period_end=T1, due_on=T2),
    "a missing slot with a figure": lambda: quarter(1, value=Fraction(0)),
    "a slot not applicable with a date": lambda: quarter(
        1, state=SlotState.NOT_APPLICABLE, done_on=T1
    ),
    "a measured slot without a value": lambda: rising({}, at=T1),
    "a ratio without its parts": lambda: rising(1, at=T1, ratio=True, accumulation=FLOW),
    "half a ratio": lambda: rising({"numerator": 1}, at=T1, ratio=True),
    "an ordinal without a level": lambda: indicator(TargetKind.ORDINAL, quarters(1), target=3),
    "half a level": lambda: indicator(TargetKind.ORDINAL, target="1.5"),
    "a target without a due date": lambda: rising(at=T1, due_on=None),
    "a float": lambda: Point(T1, 0.1),  # type: ignore[arg-type]
    "not a number": lambda: Point(T1, Decimal("NaN")),  # type: ignore[arg-type]
    "infinity": lambda: Point(T1, Decimal("Infinity")),  # type: ignore[arg-type]
    "a negative weight": lambda: WeightedIndicator(judged(Status.ON_TRACK, 1), Fraction(-1)),
    "an override without a reason": lambda: Override(Status.ON_TRACK, "  "),
    "an unknown rule version": lambda: evaluate_indicator(rising(at=T1), rule_version=0),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_contradictory_input_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        CONTRADICTIONS[name]()
