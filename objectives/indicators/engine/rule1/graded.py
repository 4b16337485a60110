"""Ranges and ordinals: graded by where the figure stands, without an attainment."""

from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from objectives.indicators.engine.codes import Remark, Status, StepCode, TargetKind, TrajectoryShape
from objectives.indicators.engine.inputs import IndicatorInput
from objectives.indicators.engine.results import IndicatorStatus
from objectives.indicators.engine.trail import Trail

from .closing import cap_when_stale, is_stale, status_without_figure
from .figures import Figure, Figures, at_due_period, explain_figures, read_figures
from .trajectory import expected_at, start_of
from .version import RULE_VERSION


class Band(NamedTuple):
    low: Fraction
    high: Fraction


def judge_range(indicator: IndicatorInput) -> IndicatorStatus:
    """Inside the band `on_track`, outside by at most the tolerance `at_risk`, else `off_track`."""
    trail = Trail()
    figures = read_figures(indicator)
    explain_figures(indicator, figures, trail)
    latest = figures.latest
    if latest is None:
        return _finish(indicator, figures, status_without_figure(indicator, trail), trail)
    band = band_at(indicator, latest)
    outside_by = max(band.low - latest.value, latest.value - band.high, Fraction(0))
    tolerance = indicator.rule.tolerance or Fraction(0)
    if outside_by == 0:
        at_due = at_due_period(indicator, latest)
        status = Status.ACHIEVED if at_due else Status.ON_TRACK
    else:
        status = Status.AT_RISK if outside_by <= tolerance else Status.OFF_TRACK
    trail.note(
        StepCode.BAND,
        low=band.low,
        high=band.high,
        tolerance=tolerance,
        outside_by=outside_by,
        status=status,
    )
    return _finish(indicator, figures, status, trail)


def band_at(indicator: IndicatorInput, figure: Figure) -> Band:
    """The band; for a flow of counts the part of it that can be expected so far.

    A sum that must end between 8 and 12 cannot lie there after one quarter. A linear trajectory
    scales the band by the days passed; a step lets the sum be anything up to the upper edge.
    """
    low = indicator.rule.band_low or Fraction(0)
    high = indicator.rule.band_high or Fraction(0)
    if not indicator.rule.flow_of_counts or at_due_period(indicator, figure):
        return Band(low, high)
    share = _share_of_trajectory(indicator, figure)
    if share is None:
        return Band(low, high)
    if indicator.rule.trajectory is TrajectoryShape.STEP:
        return Band(min(low, Fraction(0)), max(high, Fraction(0)))
    return Band(low * share, high * share)


def _share_of_trajectory(indicator: IndicatorInput, figure: Figure) -> Fraction | None:
    """Days passed over days in all; None when there is no due date."""
    if indicator.due_on is None:
        return None
    rule = replace(indicator.rule, kind=TargetKind.INCREASE)
    unit = replace(indicator, rule=rule, target=Fraction(1), interim=())
    return expected_at(unit, figure.on)


def judge_ordinal(indicator: IndicatorInput) -> IndicatorStatus:
    """At or above the expected level `on_track`, one below `at_risk`, more `off_track`."""
    trail = Trail()
    figures = read_figures(indicator)
    explain_figures(indicator, figures, trail)
    latest, target, start = figures.latest, indicator.target, start_of(indicator)
    if target is None or start is None:
        trail.remark(Remark.NO_TARGET)
    elif not start.given:
        trail.remark(Remark.NO_BASELINE)
    expected = expected_at(indicator, latest.on) if latest is not None else None
    if latest is None or target is None or expected is None:
        return _finish(indicator, figures, status_without_figure(indicator, trail), trail)
    below = max(expected - latest.value, Fraction(0))
    status = Status.ON_TRACK if below == 0 else Status.AT_RISK
    if below > 1:
        status = Status.OFF_TRACK
    trail.note(StepCode.LEVEL, value=latest.value, expected=expected, below=below, status=status)
    if latest.value >= target:
        status = _final_level_met(indicator, latest, target, trail)
    return _finish(indicator, figures, status, trail, expected=expected)


def _final_level_met(
    indicator: IndicatorInput, latest: Figure, target: Fraction, trail: Trail
) -> Status:
    at_due = at_due_period(indicator, latest)
    status = Status.ACHIEVED if at_due else Status.ON_TRACK
    trail.note(
        StepCode.TARGET_MET, value=target, due_period=at_due, can_fall_back=True, status=status
    )
    trail.remark(Remark.TARGET_MET)
    return status


def _finish(
    indicator: IndicatorInput,
    figures: Figures,
    status: Status,
    trail: Trail,
    *,
    expected: Fraction | None = None,
) -> IndicatorStatus:
    judged = status not in (Status.NOT_STARTED, Status.NO_DATA)
    stale = judged and is_stale(indicator, figures)
    latest = figures.latest
    return IndicatorStatus(
        status=cap_when_stale(indicator, status, trail, stale=stale, secure=False),
        rule_version=RULE_VERSION,
        actual=latest.value if latest is not None else None,
        expected=expected,
        measured_to=latest.on if latest is not None else None,
        stale=stale,
        provisional=latest is not None and latest.provisional,
        remarks=trail.remarks,
        steps=trail.steps,
    )
