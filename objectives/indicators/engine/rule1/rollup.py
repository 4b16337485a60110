"""Objectives from indicators, werven from objectives. Higher up there is no score at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from objectives.indicators.engine.codes import FIGURE_STATUSES, Remark, Status, StepCode
from objectives.indicators.engine.distribution import distribution
from objectives.indicators.engine.inputs import AT_RISK_FROM, ON_TRACK_FROM
from objectives.indicators.engine.results import (
    IndicatorStatus,
    Override,
    RollupStatus,
    WeightedIndicator,
    WeightedObjective,
)
from objectives.indicators.engine.trail import Trail

from .closing import cap
from .numeric import by_attainment
from .version import RULE_VERSION

BANDS: Final[Mapping[Status, tuple[Fraction, Fraction]]] = MappingProxyType(
    {
        Status.ACHIEVED: (Fraction(90, 100), Fraction(1)),
        Status.ON_TRACK: (Fraction(90, 100), Fraction(1)),
        Status.AT_RISK: (Fraction(70, 100), Fraction(89, 100)),
        Status.OFF_TRACK: (Fraction(0), Fraction(69, 100)),
    }
)
GRADED: Final[Mapping[Status, Fraction]] = MappingProxyType(
    {
        Status.ACHIEVED: Fraction(1),
        Status.ON_TRACK: Fraction(1),
        Status.AT_RISK: Fraction(80, 100),
        Status.OFF_TRACK: Fraction(50, 100),
    }
)


@dataclass(frozen=True, slots=True)
class Child:
    """What a parent sees of a child; `value` is None for a child without a figure."""

    status: Status
    weight: Fraction
    value: Fraction | None
    attainment: Fraction | None
    stale: bool
    provisional: bool


def rolled_value(status: Status, attainment: Fraction | None) -> Fraction | None:
    """The attainment clipped into the band of the final status; fixed where there is none."""
    if status not in FIGURE_STATUSES:
        return None
    if attainment is None:
        return GRADED[status]
    low, high = BANDS[status]
    return min(max(attainment, low), high)


def evaluate_objective(
    indicators: Sequence[WeightedIndicator], *, override: Override | None = None
) -> RollupStatus:
    """Status of an operational objective from its indicators."""
    reason = None
    if any(one.key and one.status.status is Status.OFF_TRACK for one in indicators):
        reason = Remark.CAPPED_KEY_INDICATOR
    children = [_child(one.status, one.weight) for one in indicators]
    return _roll_up(children, override=override, cap_reason=reason)


def evaluate_werf(
    objectives: Sequence[WeightedObjective], *, override: Override | None = None
) -> RollupStatus:
    """Status of a werf from the computed statuses of its objectives."""
    reason = None
    if any(one.status.status is Status.OFF_TRACK for one in objectives):
        reason = Remark.CAPPED_OFF_TRACK_OBJECTIVE
    children = [_child(one.status, one.weight) for one in objectives]
    return _roll_up(children, override=override, cap_reason=reason)


def _child(result: IndicatorStatus | RollupStatus, weight: Fraction) -> Child:
    value = rolled_value(result.status, result.attainment)
    return Child(
        status=result.status,
        weight=weight,
        value=value,
        attainment=result.attainment,
        stale=result.stale,
        provisional=result.provisional,
    )


def _roll_up(
    children: list[Child], *, override: Override | None, cap_reason: Remark | None
) -> RollupStatus:
    trail = Trail()
    _note_children(children, trail)
    due = [child for child in children if child.status is not Status.NOT_STARTED]
    due_weight = _weight(due)
    silent_weight = _weight(child for child in due if child.value is None)
    without = _status_without_mean(children, due_weight, silent_weight, trail)
    mean = _mean(due) if without is None else None
    status = without or _status_of_mean(children, mean)
    trail.note(
        StepCode.ROLL_UP,
        children=len(children),
        due_weight=due_weight,
        weight_without_figure=silent_weight,
        mean=mean,
        on_track_from=ON_TRACK_FROM if mean is not None else None,
        at_risk_from=AT_RISK_FROM if mean is not None else None,
        status=status,
    )
    if mean is not None and cap_reason is not None:
        status = cap(status, cap_reason, trail)
    return RollupStatus(
        status=status,
        rule_version=RULE_VERSION,
        attainment=mean,
        due_weight=due_weight,
        weight_without_figure=silent_weight,
        override=override,
        stale=any(child.stale for child in children),
        provisional=any(child.provisional for child in children),
        counts=distribution(child.status for child in children),
        remarks=trail.remarks,
        steps=trail.steps,
    )


def _note_children(children: list[Child], trail: Trail) -> None:
    for position, child in enumerate(children):
        trail.note(
            StepCode.CHILD,
            position=position,
            weight=child.weight,
            status=child.status,
            value=child.value,
            attainment=child.attainment if child.value is not None else None,
        )


def _status_without_mean(
    children: list[Child], due_weight: Fraction, silent_weight: Fraction, trail: Trail
) -> Status | None:
    """The status of a parent without a figure; None when a mean can be taken."""
    if not children:
        trail.remark(Remark.NOTHING_TO_ROLL_UP)
        return Status.NO_DATA
    if due_weight == 0:
        trail.remark(Remark.NONE_DUE)
        return Status.NOT_STARTED
    if 2 * silent_weight > due_weight:
        trail.remark(Remark.MOSTLY_WITHOUT_FIGURE)
        return Status.NO_DATA
    return None


def _status_of_mean(children: list[Child], mean: Fraction | None) -> Status:
    if mean is None:
        return Status.NO_DATA
    if all(child.status is Status.ACHIEVED for child in children):
        return Status.ACHIEVED
    return by_attainment(mean, ON_TRACK_FROM, AT_RISK_FROM)


def _weight(children: Iterable[Child]) -> Fraction:
    return sum((child.weight for child in children), Fraction(0))


def _mean(due: list[Child]) -> Fraction | None:
    """Weighted mean over the children with a figure; None when they weigh nothing."""
    weighed = [(child.weight, child.value) for child in due if child.value is not None]
    total = sum((weight for weight, _ in weighed), Fraction(0))
    if total == 0:
        return None
    return sum((weight * value for weight, value in weighed), Fraction(0)) / total
