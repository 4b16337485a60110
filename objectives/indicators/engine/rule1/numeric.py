"""Rising and falling targets."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from objectives.indicators.engine.codes import (
    Accumulation,
    Remark,
    Status,
    StepCode,
    TargetKind,
    better_of,
)
from objectives.indicators.engine.inputs import IndicatorInput
from objectives.indicators.engine.results import IndicatorStatus, Progress
from objectives.indicators.engine.trail import Trail

from .closing import cap_when_stale, is_stale, status_without_figure
from .figures import Figure, Figures, at_due_period, explain_figures, read_figures
from .trajectory import expected_at, is_running_ceiling, is_step_ceiling, leg_at, start_of
from .version import RULE_VERSION


class Case(NamedTuple):
    """The numbers one judgement turns on."""

    sign: int
    start: Fraction
    target: Fraction
    expected: Fraction
    actual: Fraction


def judge_numeric(indicator: IndicatorInput) -> IndicatorStatus:
    """Status of an `increase` or `decrease` indicator."""
    trail = Trail()
    figures = read_figures(indicator)
    explain_figures(indicator, figures, trail)
    latest = figures.latest
    case = _case(indicator, latest, trail)
    if latest is None or case is None:
        return _without_case(indicator, latest, trail)
    attainment = attain(case, trail)
    status = _by_thresholds(indicator, case, attainment, trail)
    secure = _cannot_fall_back(indicator, figures)
    status = _by_final_target(indicator, case, latest, status, trail, secure=secure)
    stale = is_stale(indicator, figures)
    return IndicatorStatus(
        status=cap_when_stale(indicator, status, trail, stale=stale, secure=secure),
        rule_version=RULE_VERSION,
        attainment=attainment,
        actual=case.actual,
        expected=case.expected,
        measured_to=latest.on,
        progress=_progress(indicator, case),
        stale=stale,
        provisional=latest.provisional,
        remarks=trail.remarks,
        steps=trail.steps,
    )


def _case(indicator: IndicatorInput, latest: Figure | None, trail: Trail) -> Case | None:
    """The numbers of the judgement, noted; None without a figure or a target."""
    start, target = start_of(indicator), indicator.target
    if start is None or target is None:
        trail.remark(Remark.NO_TARGET)
        return None
    if not start.given:
        trail.remark(Remark.NO_BASELINE)
    trail.note(StepCode.TARGET, value=target, due_on=indicator.due_on)
    expected = expected_at(indicator, latest.on) if latest is not None else None
    if latest is None or expected is None:
        return None
    trail.note(StepCode.START, value=start.value, basis=_basis(indicator), on=_day(start.day))
    if is_step_ceiling(indicator):
        trail.note(StepCode.STEP_CEILING, value=expected, on=latest.on)
    else:
        _note_expected(indicator, latest.on, expected, trail)
    sign = 1 if indicator.rule.kind is TargetKind.INCREASE else -1
    return Case(sign, start.value, target, expected, latest.value)


def _basis(indicator: IndicatorInput) -> str:
    """Why the trajectory starts where it does: the cases of `start_of`."""
    rule, baseline = indicator.rule, indicator.baseline
    if rule.flow_of_counts:
        return "flow"
    if baseline is not None:
        return "baseline"
    is_total = rule.accumulation is Accumulation.TO_DATE and not rule.ratio
    return "running_total" if is_total else "first_target"


def _note_expected(indicator: IndicatorInput, on: date, expected: Fraction, trail: Trail) -> None:
    """Note the expected value, and the two points that it was read between."""
    left, right = leg_at(indicator, on) or (None, None)
    trail.note(
        StepCode.EXPECTED,
        value=expected,
        on=on,
        shape=indicator.rule.trajectory,
        from_on=_day(left.day) if left else None,
        from_value=left.value if left else None,
        to_on=_day(right.day) if right else None,
        to_value=right.value if right else None,
    )


def _day(ordinal: int | None) -> date | None:
    """The date of an ordinal; None for none, and for the day before the first date there is."""
    return date.fromordinal(ordinal) if ordinal is not None and ordinal > 0 else None


def _without_case(
    indicator: IndicatorInput, latest: Figure | None, trail: Trail
) -> IndicatorStatus:
    status = status_without_figure(indicator, trail)
    return IndicatorStatus(
        status=status,
        rule_version=RULE_VERSION,
        actual=latest.value if latest is not None else None,
        measured_to=latest.on if latest is not None else None,
        provisional=latest is not None and latest.provisional,
        remarks=trail.remarks,
        steps=trail.steps,
    )


def attain(case: Case, trail: Trail) -> Fraction:
    """a = 1 + s (actual - expected) / D, not capped."""
    distance = max(abs(case.expected - case.start), abs(case.target - case.start) / 4)
    basis = "trajectory"
    if distance == 0:
        distance, basis = abs(case.expected) / 5, "expected_fifth"
    ahead = case.sign * (case.actual - case.expected)
    if distance == 0:
        basis = "none"
        attainment = Fraction(int(ahead >= 0))
    else:
        attainment = 1 + ahead / distance
    trail.note(StepCode.DISTANCE, value=distance, basis=basis)
    trail.note(StepCode.ATTAINMENT, value=attainment)
    return attainment


def by_attainment(attainment: Fraction, on_track_from: Fraction, at_risk_from: Fraction) -> Status:
    """The status that thresholds give."""
    if attainment >= on_track_from:
        return Status.ON_TRACK
    return Status.AT_RISK if attainment >= at_risk_from else Status.OFF_TRACK


def _by_thresholds(
    indicator: IndicatorInput, case: Case, attainment: Fraction, trail: Trail
) -> Status:
    rule = indicator.rule
    status = by_attainment(attainment, rule.on_track_from, rule.at_risk_from)
    trail.note(
        StepCode.THRESHOLDS,
        on_track_from=rule.on_track_from,
        at_risk_from=rule.at_risk_from,
        status=status,
    )
    deviation = abs(case.actual - case.expected)
    if rule.tolerance is None or deviation > rule.tolerance:
        return status
    within = better_of(status, Status.ON_TRACK)
    trail.note(StepCode.TOLERANCE, tolerance=rule.tolerance, deviation=deviation, status=within)
    if within is not status:
        trail.remark(Remark.WITHIN_TOLERANCE)
    return within


def _by_final_target(
    indicator: IndicatorInput,
    case: Case,
    latest: Figure,
    status: Status,
    trail: Trail,
    *,
    secure: bool,
) -> Status:
    """`achieved` at the due period, or before it when it cannot fall back; else `on_track`."""
    at_due = at_due_period(indicator, latest)
    if case.sign * (case.actual - case.target) < 0:
        return status
    if not at_due and is_running_ceiling(indicator):
        return status
    met = Status.ACHIEVED if at_due or secure else Status.ON_TRACK
    trail.note(
        StepCode.TARGET_MET,
        value=case.target,
        due_period=at_due,
        can_fall_back=not secure,
        status=met,
    )
    trail.remark(Remark.TARGET_MET)
    return met


def _cannot_fall_back(indicator: IndicatorInput, figures: Figures) -> bool:
    """A rising running total, or a rising sum of counts none of which is negative.

    A ratio can always fall back, also one over the year to date: its denominator still grows.
    """
    rule = indicator.rule
    if rule.kind is not TargetKind.INCREASE or rule.ratio:
        return False
    if rule.accumulation is Accumulation.TO_DATE:
        return True
    return rule.flow_of_counts and not figures.falls_itself


def _progress(indicator: IndicatorInput, case: Case) -> Progress | None:
    start = start_of(indicator)
    way = case.target - case.start
    no_way = way == 0 or start is None or (start.day is None and not start.given)
    if no_way:
        return None
    return Progress((case.actual - case.start) / way, (case.expected - case.start) / way)
