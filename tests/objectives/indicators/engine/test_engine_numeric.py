"""Rising and falling targets: cases worked out by hand.

Most cases use interim targets, so that the expected value can be read off: from 0 over 25, 50, 75
to 100 (or the other way down). D is then max(|expected - start|, 25).
"""

from dataclasses import replace
from fractions import Fraction

import pytest

from objectives.indicators.engine import (
    Accumulation,
    Point,
    Remark,
    Status,
    TargetKind,
    TrajectoryShape,
    evaluate_indicator,
)
from tests.objectives.indicators.engine.engine_builders import (
    MET,
    NA,
    T1,
    T2,
    T3,
    T4,
    NumericCase,
    falling,
    indicator,
    interim,
    on_eve,
    quarters,
    rising,
)

UP, DOWN = TargetKind.INCREASE, TargetKind.DECREASE
FLOW, TO_DATE = Accumulation.FLOW, Accumulation.TO_DATE
STEP = TrajectoryShape.STEP
ACHIEVED, ON_TRACK, AT_RISK, OFF_TRACK = (
    Status.ACHIEVED,
    Status.ON_TRACK,
    Status.AT_RISK,
    Status.OFF_TRACK,
)
CASES = [
    # Level, rising. T2: expected 50, D = 50.
    NumericCase("level as expected", rising(T2, 25, 50), ON_TRACK, "1", "50", "50"),
    NumericCase("level at the edge of on track", rising(T2, 0, 45), ON_TRACK, "9/10", "45", "50"),
    NumericCase(
        "level just under on track",
        rising(T2, 0, "44.99"),
        AT_RISK, "0.8998", "44.99", "50",
    ),
    NumericCase("level at the edge of at risk", rising(T2, 0, 35), AT_RISK, "7/10", "35", "50"),
    NumericCase(
        "level just under at risk",
        rising(T2, 0, "34.9"),
        OFF_TRACK, "0.698", "34.9", "50",
    ),
    NumericCase("level ahead is not capped", rising(T2, 0, 90), ON_TRACK, "9/5", "90", "50"),
    NumericCase("level below its start", rising(T2, 0, -25), OFF_TRACK, "-1/2", "-25", "50"),
    NumericCase("zero is a figure", rising(T1, 0), OFF_TRACK, "0", "0", "25"),
    # Linear by days: 365 to go in 365 days, so 90, 181, 273. D at T1 = max(90, 365/4).
    NumericCase(
        "linear counts days",
        indicator(UP, quarters(0, 181), T2, baseline=on_eve(0), target=365),
        ON_TRACK, "1", "181", "181",
    ),
    NumericCase(
        "a quarter of the way is the least distance",
        indicator(UP, quarters("71.75"), T1, baseline=on_eve(0), target=365),
        AT_RISK, "4/5", "71.75", "90",
    ),
    NumericCase(
        "linear through an interim target of T2",
        # From 0 (day 0) to 181 (day 181), so 90 on day 90. D = max(90, 200/4).
        indicator(UP, quarters(81), T1, baseline=on_eve(0), interim=interim(90, 181), target=200),
        ON_TRACK, "9/10", "81", "90",
    ),
    NumericCase(
        "an interim target after the due date is not a target any more",
        indicator(
            UP, quarters(90), T1,
            baseline=on_eve(0), interim=(Point(T3, Fraction(999)),), target=181, due_on=T2,
        ),
        ON_TRACK, "1", "90", "90",
    ),
    NumericCase(
        "after the due date the target holds, whatever interim target follows",
        rising(T3, 25, 50, 60, due_on=T2, target=50),
        ACHIEVED, "6/5", "60", "50", MET,
    ),
    # Level, falling: mirrors.
    NumericCase("falling as expected", falling(T1, 75), ON_TRACK, "1", "75", "75"),
    NumericCase("falling too slowly", falling(T2, 75, 60), AT_RISK, "4/5", "60", "50"),
    NumericCase("falling not at all", falling(T2, 75, 100), OFF_TRACK, "0", "100", "50"),
    NumericCase(
        "falling below zero",
        # From 20 to -20; expected at T2 = 0, D = 20; 4 above it costs 4/20.
        indicator(
            DOWN, quarters(10, 4), T2,
            baseline=on_eve(20), interim=interim(10, 0, -10), target=-20,
        ),
        AT_RISK, "4/5", "4", "0",
    ),
    NumericCase(
        "rising among negatives",
        # From -100 to -60; expected at T2 = -80, D = 20.
        indicator(
            UP, quarters(-90, -82), T2,
            baseline=on_eve(-100), interim=interim(-90, -80, -70), target=-60,
        ),
        ON_TRACK, "9/10", "-82", "-80",
    ),
    NumericCase(
        "target zero from baseline zero, figure zero",
        indicator(DOWN, quarters(0), T1, baseline=on_eve(0), target=0),
        ON_TRACK, "1", "0", "0", MET,
    ),
    NumericCase(
        "target zero from baseline zero, one too many",
        indicator(DOWN, quarters(1), T1, baseline=on_eve(0), target=0),
        OFF_TRACK, "0", "1", "0",
    ),
    # Target = baseline: D = |expected| / 5.
    NumericCase(
        "hold the level, slightly under",
        indicator(UP, quarters(98), T1, baseline=on_eve(100), target=100),
        ON_TRACK, "9/10", "98", "100",
    ),
    NumericCase(
        "hold the level, well under",
        indicator(UP, quarters(95), T1, baseline=on_eve(100), target=100),
        AT_RISK, "3/4", "95", "100",
    ),
    NumericCase(
        "hold a negative level",
        indicator(UP, quarters(-95), T1, baseline=on_eve(-100), target=-100),
        ON_TRACK, "5/4", "-95", "-100", MET,
    ),
    NumericCase(
        "stay under a norm, without a baseline",
        # Expected 10 throughout, D = 2.
        indicator(DOWN, quarters(11), T1, target=10),
        OFF_TRACK, "1/2", "11", "10", (Remark.NO_BASELINE,),
    ),
    # Step on a level: nothing moves before the due date; D is a quarter of the way.
    NumericCase(
        "step expects the baseline until the due date",
        indicator(UP, quarters(40, 40), T2, baseline=on_eve(40), target=80, trajectory=STEP),
        ON_TRACK, "1", "40", "40",
    ),
    NumericCase(
        "step takes the latest interim target",
        # At T3 the interim of T2 holds: 50; D = max(50, 25).
        indicator(
            UP, quarters(0, 50, 45), T3,
            baseline=on_eve(0), interim=interim(25, 50), target=100, trajectory=STEP,
        ),
        ON_TRACK, "9/10", "45", "50",
    ),
    NumericCase(
        "step expects the target on the due date itself",
        indicator(UP, quarters(0, 0, 0, 70), T4, baseline=on_eve(0), target=100, trajectory=STEP),
        AT_RISK, "7/10", "70", "100",
    ),
    # The final target.
    NumericCase(
        "achieved at the due period",
        rising(T4, 0, 0, 0, 100),
        ACHIEVED, "1", "100", "100", MET,
    ),
    NumericCase(
        "at the due period nearly there",
        rising(T4, 0, 0, 0, 99),
        ON_TRACK, "99/100", "99", "100",
    ),
    NumericCase(
        "a level that meets its target early can fall back",
        rising(T2, 0, 100),
        ON_TRACK, "2", "100", "50", MET,
    ),
    NumericCase(
        "a level that fell back after meeting its target",
        rising(T2, 100, 40),
        AT_RISK, "4/5", "40", "50",
    ),
    NumericCase(
        "target met early is on track even where more was expected by now",
        # Peak of 150 expected at T1, 100 at the end: a = 1 - 50/150.
        indicator(UP, quarters(100), T1, baseline=on_eve(0), interim=interim(150), target=100),
        ON_TRACK, "2/3", "100", "150", MET,
    ),
    NumericCase(
        "due in the middle of a quarter: that quarter is the due period",
        rising(T3, 0, 0, 100, due_on=T3.replace(day=10)),
        ACHIEVED, "1", "100", "100", MET,
    ),
    NumericCase(
        "last quarter not applicable: the one before it is the due period",
        # Expected at the end of T3: 75.
        rising(T4, 0, 0, 100, NA),
        ACHIEVED, "4/3", "100", "75", MET,
    ),
    NumericCase(
        "achieved when falling to zero",
        falling(T4, 0, 0, 0, 0),
        ACHIEVED, "1", "0", "0", MET,
    ),
    # To date.
    NumericCase(
        "a running total cannot fall back",
        rising(T2, 0, 100, accumulation=TO_DATE),
        ACHIEVED, "2", "100", "50", MET,
    ),
    NumericCase(
        "a running total that falls is flagged",
        rising(T2, 60, 50, accumulation=TO_DATE),
        ON_TRACK, "1", "50", "50", (Remark.FALL_OF_TO_DATE,),
    ),
    NumericCase(
        "a running total below its baseline is flagged",
        # From 100 to 200, expected 125 at T1, D = 25.
        indicator(
            UP, quarters(99), T1,
            accumulation=TO_DATE, baseline=on_eve(100), interim=interim(125), target=200,
        ),
        OFF_TRACK, "-1/25", "99", "125", (Remark.FALL_OF_TO_DATE,),
    ),
    NumericCase(
        "a running total without a baseline starts at zero",
        indicator(UP, quarters(90), T1, accumulation=TO_DATE, target=365),
        ON_TRACK, "1", "90", "90", (Remark.NO_BASELINE,),
    ),
    NumericCase(
        "a running total under its ceiling has not met it yet",
        # Linear: 90 of 365 expected, D = 91.25, 27.375 above costs 0.3.
        indicator(
            DOWN, quarters("117.375"), T1,
            accumulation=TO_DATE, baseline=on_eve(0), target=365,
        ),
        AT_RISK, "7/10", "117.375", "90",
    ),
    # Thresholds and tolerance of the indicator itself.
    NumericCase(
        "own thresholds, milder",
        rising(T2, 0, 40, on_track_from=Fraction(8, 10)),
        ON_TRACK, "4/5", "40", "50",
    ),
    NumericCase(
        "own thresholds, stricter",
        rising(T2, 0, 47, on_track_from=Fraction(99, 100), at_risk_from=Fraction(95, 100)),
        OFF_TRACK, "47/50", "47", "50",
    ),
    NumericCase(
        "within tolerance",
        rising(T2, 0, 35, tolerance=Fraction(15)),
        ON_TRACK, "7/10", "35", "50", (Remark.WITHIN_TOLERANCE,),
    ),
    NumericCase(
        "just outside tolerance",
        rising(T2, 0, 35, tolerance=Fraction("14.99")),
        AT_RISK, "7/10", "35", "50",
    ),
    NumericCase(
        "tolerance does not make a target met",
        rising(T4, 0, 0, 0, 95, tolerance=Fraction(10)),
        ON_TRACK, "19/20", "95", "100",
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


def test_progress_is_the_share_of_the_way_from_start_to_target() -> None:
    given = indicator(
        DOWN, quarters(75, 60), T2, baseline=on_eve(100), interim=interim(75, 50), target=20
    )
    progress = evaluate_indicator(given).progress
    assert progress is not None
    assert progress.actual == Fraction(40, 80)
    assert progress.expected == Fraction(50, 80)


def test_no_progress_where_there_is_no_way_to_go() -> None:
    assert (
        evaluate_indicator(indicator(UP, quarters(5), baseline=on_eve(4), target=4)).progress
        is None
    )
    assert evaluate_indicator(indicator(UP, quarters(5), target=9)).progress is None


def test_periods_up_to_the_baseline_are_history() -> None:
    """A figure of T1 does not count for a trajectory that starts at the end of T1."""
    late_start = indicator(
        UP, quarters(10), T2, baseline=on_eve(0), target=100, starts_on=T1.replace(month=4, day=1)
    )
    assert evaluate_indicator(late_start).status is Status.NOT_STARTED
    assert evaluate_indicator(late_start).actual is None
    on_eve_of_t2 = replace(late_start, starts_on=None, baseline=Point(T1, Fraction(0)))
    assert evaluate_indicator(on_eve_of_t2).actual is None


def test_a_period_that_reaches_into_the_trajectory_counts() -> None:
    given = indicator(UP, quarters(10), T2, baseline=on_eve(0), target=100, starts_on=T1)
    assert evaluate_indicator(given).actual == 10
