"""Ranges, milestones and ordinals: cases worked out by hand."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from objectives.indicators.engine import (
    Accumulation,
    IndicatorInput,
    Point,
    Remark,
    Slot,
    Status,
    TargetKind,
    TrajectoryShape,
    evaluate_indicator,
)
from tests.objectives.indicators.engine.engine_builders import (
    T1,
    T2,
    T3,
    T4,
    indicator,
    levels,
    on_eve,
    quarters,
)

ACHIEVED, ON_TRACK, AT_RISK, OFF_TRACK = (
    Status.ACHIEVED,
    Status.ON_TRACK,
    Status.AT_RISK,
    Status.OFF_TRACK,
)
BAND: dict[str, Any] = {
    "band_low": Fraction(90),
    "band_high": Fraction(110),
    "tolerance": Fraction(5),
}


def in_band(*figures: int, at: date = T1, **fields: Any) -> IndicatorInput:
    return indicator(TargetKind.RANGE, quarters(*figures), at, **{**BAND, **fields})


class Case(NamedTuple):
    name: str
    given: IndicatorInput
    status: Status
    remarks: tuple[Remark, ...] = ()


FLOW_BAND: dict[str, Any] = {
    # Scaled at T2 by 181/365: [90.5, 181].
    "accumulation": Accumulation.FLOW,
    "band_low": Fraction(365, 2),
    "band_high": Fraction(365),
}
RANGES = [
    Case("inside", in_band(100), ON_TRACK),
    Case("on the lower edge", in_band(90), ON_TRACK),
    Case("on the upper edge", in_band(110), ON_TRACK),
    Case("below by the tolerance", in_band(85), AT_RISK),
    Case("above by the tolerance", in_band(115), AT_RISK),
    Case("below by more", in_band(84), OFF_TRACK),
    Case("above by more", in_band(116), OFF_TRACK),
    Case("latest level counts", in_band(0, 100, at=T2), ON_TRACK),
    Case("inside at the due period", in_band(0, 0, 0, 95, at=T4), ACHIEVED),
    Case("outside at the due period", in_band(100, 100, 100, 89, at=T4), AT_RISK),
    Case("no tolerance at all is a tolerance", in_band(89, tolerance=Fraction(0)), OFF_TRACK),
    Case("without a due date never achieved", in_band(1, 1, 1, 99, at=T4, due_on=None), ON_TRACK),
    Case("half a sum against half a band", in_band(50, 41, at=T2, **FLOW_BAND), ON_TRACK),
    Case("half a sum too high", in_band(150, 37, at=T2, **FLOW_BAND), OFF_TRACK),
    Case(
        "a step band waits for the lower edge",
        in_band(3, at=T1, trajectory=TrajectoryShape.STEP, **FLOW_BAND),
        ON_TRACK,
    ),
    Case("whole sum in the band", in_band(50, 50, 50, 50, at=T4, **FLOW_BAND), ACHIEVED),
]


@pytest.mark.parametrize("case", RANGES, ids=lambda case: case.name)
def test_range(case: Case) -> None:
    result = evaluate_indicator(case.given)
    assert result.status is case.status
    assert result.attainment is None
    assert result.progress is None


LADDER: dict[str, Any] = {
    "baseline": on_eve(1),
    "interim": (Point(T2, Fraction(3)),),
    "target": 4,
}


def on_ladder(*numbers: int | None, at: date, **fields: Any) -> IndicatorInput:
    return indicator(TargetKind.ORDINAL, levels(*numbers), at, **{**LADDER, **fields})


MET = (Remark.TARGET_MET,)
ORDINALS = [
    Case("at the baseline before anything else is expected", on_ladder(1, at=T1), ON_TRACK),
    Case("one below the baseline", on_ladder(0, at=T1), AT_RISK),
    Case("at the expected level", on_ladder(1, 3, at=T2), ON_TRACK),
    Case("one below", on_ladder(1, 2, at=T2), AT_RISK),
    Case("two below", on_ladder(1, 1, at=T2), OFF_TRACK),
    Case("levels never move gradually", on_ladder(1, 3, 3, at=T3), ON_TRACK),
    Case("final level early", on_ladder(1, 4, at=T2), ON_TRACK, MET),
    Case("final level at the due period", on_ladder(1, 2, 3, 4, at=T4), ACHIEVED, MET),
    Case("above the final level", on_ladder(1, 2, 3, 5, at=T4), ACHIEVED, MET),
    Case("one below the final level", on_ladder(1, 2, 3, 3, at=T4), AT_RISK),
    Case("level zero is a level", on_ladder(1, 0, at=T2), OFF_TRACK),
    Case(
        "without a baseline the first expected level holds from the start",
        on_ladder(2, at=T1, baseline=None),
        AT_RISK,
        (Remark.NO_BASELINE,),
    ),
]


@pytest.mark.parametrize("case", ORDINALS, ids=lambda case: case.name)
def test_ordinal(case: Case) -> None:
    result = evaluate_indicator(case.given)
    assert result.status is case.status
    assert result.remarks == case.remarks
    assert result.attainment is None


DUE = date(2026, 9, 15)


def milestone(slots: tuple[Slot, ...], at: date, **fields: Any) -> IndicatorInput:
    return indicator(TargetKind.MILESTONE, slots, at, **{"due_on": DUE, **fields})


def forecasts(*days: date | None) -> tuple[Slot, ...]:
    return quarters(*[None if day is None else {"forecast_on": day} for day in days])


def days_after_due(days: int) -> date:
    return DUE + timedelta(days=days)


STALE = (Remark.CAPPED_STALE,)
LATE = (Remark.MARKED_LATE,)
MILESTONES = [
    Case("nothing reported, nothing due", milestone(quarters(), T1), ON_TRACK),
    Case("forecast in time", milestone(forecasts(DUE), T1), ON_TRACK),
    Case("forecast a day late", milestone(forecasts(days_after_due(1)), T1), AT_RISK),
    Case("forecast 30 days late", milestone(forecasts(days_after_due(30)), T1), AT_RISK),
    Case("forecast 31 days late", milestone(forecasts(days_after_due(31)), T1), OFF_TRACK),
    Case("latest forecast counts", milestone(forecasts(days_after_due(90), DUE), T2), ON_TRACK),
    Case(
        "a forecast of a period that has not ended does not count",
        milestone(forecasts(DUE, days_after_due(90)), T1),
        ON_TRACK,
    ),
    Case("the reference date has passed the forecast", milestone(forecasts(T1, T1), DUE), ON_TRACK),
    Case(
        "the reference date is a day late",
        milestone(forecasts(T1, T1), days_after_due(1)),
        AT_RISK,
    ),
    Case("the reference date is long past", milestone(forecasts(T1, T1, T1), T4), OFF_TRACK),
    Case(
        "no forecast for the latest due period",
        milestone(forecasts(DUE), date(2026, 8, 1)),
        AT_RISK, STALE,
    ),
    Case(
        "in time until the due date of the report",
        milestone(forecasts(DUE), date(2026, 7, 15)),
        ON_TRACK,
    ),
    Case("days of grace", milestone(forecasts(DUE), date(2026, 7, 20), grace_days=5), ON_TRACK),
    Case(
        "days of grace over",
        milestone(forecasts(DUE), date(2026, 7, 21), grace_days=5),
        AT_RISK, STALE,
    ),
    Case(
        "stale does not lift off track",
        milestone(forecasts(days_after_due(99)), date(2026, 8, 1)),
        OFF_TRACK,
    ),
    Case("a report without a forecast", milestone(quarters({}), date(2026, 5, 1)), AT_RISK, STALE),
    Case("done in time", milestone(quarters({"done_on": T1}), T1), ACHIEVED),
    Case("done on the day", milestone(quarters(None, None, {"done_on": DUE}), T3), ACHIEVED),
    Case(
        "done late",
        milestone(quarters(None, None, {"done_on": days_after_due(1)}), T3),
        ACHIEVED, LATE,
    ),
    Case("done, and nothing reported since", milestone(quarters({"done_on": T1}), T4), ACHIEVED),
    Case(
        "done on a day that has yet to come is a forecast",
        milestone(quarters({"done_on": days_after_due(20)}), T1),
        AT_RISK,
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", MILESTONES, ids=lambda case: case.name)
def test_milestone(case: Case) -> None:
    result = evaluate_indicator(case.given)
    assert result.status is case.status
    assert result.remarks == case.remarks
    assert result.late is (Remark.MARKED_LATE in case.remarks)


def test_a_milestone_without_a_date_waits_for_one() -> None:
    given = milestone(forecasts(T2), T1, due_on=None)
    assert evaluate_indicator(given).status is Status.NOT_STARTED
    assert evaluate_indicator(given).remarks == (Remark.NO_TARGET,)
