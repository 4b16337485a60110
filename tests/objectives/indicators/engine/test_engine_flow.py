"""Flows, ceilings and pooled ratios: cases worked out by hand, as in test_engine_numeric."""

from fractions import Fraction

import pytest

from objectives.indicators.engine import (
    Accumulation,
    Remark,
    Status,
    TargetKind,
    TrajectoryShape,
    evaluate_indicator,
)
from tests.objectives.indicators.engine.engine_builders import (
    CEILING,
    MET,
    NA,
    T1,
    T2,
    T3,
    T4,
    NumericCase,
    ceiling,
    indicator,
    interim,
    on_eve,
    quarters,
    rising,
)

UP, DOWN = TargetKind.INCREASE, TargetKind.DECREASE
FLOW = Accumulation.FLOW
STEP = TrajectoryShape.STEP
ACHIEVED, ON_TRACK, AT_RISK, OFF_TRACK = (
    Status.ACHIEVED,
    Status.ON_TRACK,
    Status.AT_RISK,
    Status.OFF_TRACK,
)
CASES = [
    # Flow of counts: starts at 0 whatever the baseline says.
    NumericCase(
        "flow adds its periods",
        rising(T2, 20, 25, accumulation=FLOW),
        ON_TRACK, "9/10", "45", "50",
    ),
    NumericCase(
        "flow ignores the value of its baseline",
        indicator(UP, quarters(90), T1, accumulation=FLOW, baseline=on_eve(300), target=365),
        ON_TRACK, "1", "90", "90",
    ),
    NumericCase(
        "flow meets its target early and cannot fall back",
        rising(T2, 50, 60, accumulation=FLOW),
        ACHIEVED, "11/5", "110", "50", MET,
    ),
    NumericCase(
        "flow with an empty period cannot fall back",
        rising(T2, 0, 100, accumulation=FLOW),
        ACHIEVED, "2", "100", "50", MET,
    ),
    NumericCase(
        "flow due in the middle of a quarter counts that quarter",
        rising(T3, 20, 20, 60, accumulation=FLOW, due_on=T3.replace(day=10)),
        ACHIEVED, "1", "100", "100", MET,
    ),
    NumericCase(
        "a ceiling of zero that holds so far has not been kept yet",
        indicator(DOWN, quarters(0), T1, accumulation=FLOW, target=0),
        ON_TRACK, "1", "0", "0",
    ),
    NumericCase(
        "flow with a negative period can fall back",
        rising(T2, 120, -10, accumulation=FLOW),
        ON_TRACK, "11/5", "110", "50", MET,
    ),
    NumericCase(
        "flow stops before a missing period, and so does what is expected",
        rising(T3, 25, None, 100, accumulation=FLOW, grace_days=999),
        ON_TRACK, "1", "25", "25", (Remark.STOPPED_AT_GAP,),
    ),
    NumericCase(
        "flow skips a period that is not applicable",
        rising(T3, 25, NA, 50, accumulation=FLOW),
        ON_TRACK, "1", "75", "75",
    ),
    NumericCase(
        "step flow rising: nothing expected before the due date",
        # Expected 0, D = 25.
        indicator(UP, quarters(10), T1, accumulation=FLOW, trajectory=STEP, target=100),
        ON_TRACK, "7/5", "10", "0",
    ),
    # Ceilings.
    NumericCase("step ceiling far below", ceiling(T1, 30), ON_TRACK, "17/10", "30", "100"),
    NumericCase(
        "step ceiling reached before the end",
        ceiling(T2, 60, 40),
        ON_TRACK, "1", "100", "100",
    ),
    NumericCase("step ceiling a fifth over", ceiling(T2, 60, 60), AT_RISK, "4/5", "120", "100"),
    NumericCase(
        "step ceiling does not look at interim targets",
        ceiling(T1, 60, interim=interim(25, 50, 75)),
        ON_TRACK, "7/5", "60", "100",
    ),
    NumericCase(
        "step ceiling kept at the due period",
        ceiling(T4, 20, 20, 20, 20),
        ACHIEVED, "6/5", "80", "100", MET,
    ),
    NumericCase(
        "step ceiling of zero, one event",
        indicator(DOWN, quarters(1), T1, **{**CEILING, "target": 0}),
        OFF_TRACK, "0", "1", "0",
    ),
    NumericCase(
        "linear ceiling used up too fast",
        # Expected 90, D = 91.25; 181.25 is one whole D over: a = 0, although 181.25 <= 365.
        indicator(DOWN, quarters("181.25"), T1, accumulation=FLOW, target=365),
        OFF_TRACK, "0", "181.25", "90",
    ),
    # Ratios: sum over sum.
    NumericCase(
        "ratios of a flow are pooled",
        # 1/1 and 50/99: the mean of the ratios would be 0.75, pooled it is 51/100.
        indicator(
            UP, quarters((1, 1), (50, 99)), T2, accumulation=FLOW, ratio=True,
            baseline=on_eve("0.31"), target=Fraction(51, 100), trajectory=STEP, due_on=T2,
        ),
        ACHIEVED, "1", "51/100", "51/100", MET,
    ),
    NumericCase(
        "a flow of ratios starts at its baseline",
        # Step: the baseline 1/2 is expected, D = (9/10 - 1/2) / 4 = 1/10.
        indicator(
            UP, quarters((48, 100)), T1, accumulation=FLOW, ratio=True,
            baseline=on_eve("0.5"), target=Fraction(9, 10), trajectory=STEP,
        ),
        AT_RISK, "4/5", "12/25", "1/2",
    ),
    NumericCase(
        "a step ceiling on a flow of ratios expects its target throughout",
        # Expected 1/10 from the first day, D = 1/5 - 1/10 = 1/10; 2/100 over costs 0.2.
        indicator(
            DOWN, quarters((12, 100)), T1, accumulation=FLOW, ratio=True,
            baseline=on_eve("0.2"), target=Fraction(1, 10), trajectory=STEP,
        ),
        AT_RISK, "4/5", "3/25", "1/10",
    ),
    NumericCase(
        "a flow of ratios can fall back",
        indicator(
            UP, quarters((95, 100)), T1, accumulation=FLOW, ratio=True,
            baseline=on_eve("0.5"), target=Fraction(9, 10), trajectory=STEP,
        ),
        ON_TRACK, "11/2", "19/20", "1/2", MET,
    ),
    NumericCase(
        "a level ratio takes the latest period alone",
        indicator(
            UP, quarters((0, 100), (45, 90)), T2, ratio=True,
            baseline=on_eve("0.5"), target=Fraction(9, 10), trajectory=STEP,
        ),
        ON_TRACK, "1", "1/2", "1/2",
    ),
    NumericCase(
        "a ratio over nothing is no figure: the one before it counts",
        indicator(
            UP, quarters((1, 2), (0, 0)), T2, ratio=True,
            baseline=on_eve("0.5"), target=Fraction(9, 10), trajectory=STEP,
        ),
        ON_TRACK, "1", "1/2", "1/2", (Remark.ZERO_DENOMINATOR,),
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_worked_case(case: NumericCase) -> None:
    result = evaluate_indicator(case.given)
    assert result.status is case.status
    assert result.attainment == Fraction(case.attainment)
    assert result.actual == Fraction(case.actual)
    assert result.expected == Fraction(case.expected)
    assert result.remarks == case.remarks
    assert not result.stale


def test_a_flow_ends_with_its_due_period() -> None:
    given = indicator(UP, quarters(10, 10, 70, 10), T4, accumulation=FLOW, target=100, due_on=T2)
    result = evaluate_indicator(given)
    assert result.actual == 20
    assert result.measured_to == T2
    assert not result.stale


def test_a_flow_without_a_baseline_starts_before_its_first_period() -> None:
    """T1 not applicable does not shorten the trajectory: 181 of 365 days at the end of T2."""
    given = indicator(UP, quarters(NA, 181), T2, accumulation=FLOW, target=365)
    assert evaluate_indicator(given).expected == 181
