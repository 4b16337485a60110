"""Where the indicator starts and what is expected of it on a day."""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from objectives.indicators.engine.codes import Accumulation, TargetKind, TrajectoryShape
from objectives.indicators.engine.inputs import IndicatorInput

from .figures import trajectory_slots


class Node(NamedTuple):
    """A point of the trajectory; the day is an ordinal, so that no arithmetic can overflow."""

    day: int
    value: Fraction


class Start(NamedTuple):
    """Where the trajectory starts. `given` is False when nobody entered a baseline."""

    value: Fraction
    day: int | None
    given: bool


def start_of(indicator: IndicatorInput) -> Start | None:
    """The baseline; zero for a flow of counts, and for a running total without a baseline.

    None when there is neither a start nor a target.
    """
    rule, baseline = indicator.rule, indicator.baseline
    if rule.kind is not TargetKind.ORDINAL:
        if rule.flow_of_counts:
            return Start(Fraction(0), _day_before(indicator), given=True)
        if baseline is None and rule.accumulation is Accumulation.TO_DATE and not rule.ratio:
            return Start(Fraction(0), _day_before(indicator), given=False)
    if baseline is not None:
        return Start(baseline.value, baseline.on.toordinal(), given=True)
    later = _later_nodes(indicator, after=0)
    return Start(later[0].value, None, given=False) if later else None


def _day_before(indicator: IndicatorInput) -> int | None:
    """The day before the first one: zero at its end, so a quarter is 90 days of 365, not 89."""
    if indicator.starts_on is not None:
        return indicator.starts_on.toordinal() - 1
    firsts = [slot.period_start for slot in trajectory_slots(indicator)]
    if firsts:
        return min(firsts).toordinal() - 1
    return indicator.baseline.on.toordinal() if indicator.baseline is not None else None


def _later_nodes(indicator: IndicatorInput, *, after: int) -> list[Node]:
    """Interim targets between the start and the due date, then the final target."""
    if indicator.due_on is None or indicator.target is None:
        return []
    due = indicator.due_on.toordinal()
    by_day = {point.on.toordinal(): point.value for point in indicator.interim}
    nodes = [Node(day, value) for day, value in sorted(by_day.items()) if after < day < due]
    return [*nodes, Node(due, indicator.target)]


def is_step_ceiling(indicator: IndicatorInput) -> bool:
    """A step that falls due at the end but binds from the first day: a decreasing flow, or a
    running total that must stay below its target.
    """
    rule = indicator.rule
    if rule.kind is not TargetKind.DECREASE or rule.trajectory is not TrajectoryShape.STEP:
        return False
    return rule.accumulation is Accumulation.FLOW or is_running_ceiling(indicator)


def is_running_ceiling(indicator: IndicatorInput) -> bool:
    """A total that grows towards a ceiling: being below it early is not yet meeting it."""
    rule, start = indicator.rule, start_of(indicator)
    return (
        rule.kind is TargetKind.DECREASE
        and rule.accumulation is not Accumulation.LEVEL
        and not rule.ratio
        and start is not None
        and indicator.target is not None
        and start.value <= indicator.target
    )


def expected_at(indicator: IndicatorInput, on: date) -> Fraction | None:
    """The value expected at the end of day `on`; None without a target.

    Before the first point the value of the first point holds, after the due date the target.
    An ordinal always moves in steps.
    """
    start = start_of(indicator)
    if start is None or indicator.target is None:
        return None
    if is_step_ceiling(indicator):
        return indicator.target
    return _read(_nodes(indicator, start), on.toordinal(), step=_moves_in_steps(indicator))


def leg_at(indicator: IndicatorInput, on: date) -> tuple[Node, Node] | None:
    """The two points between which the expected value of a day lies on a straight line.

    None where it needs no working out: on a point, before the first, after the last, in steps.
    """
    start = start_of(indicator)
    if start is None or indicator.target is None or _moves_in_steps(indicator):
        return None
    day = on.toordinal()
    for left, right in pairwise(_nodes(indicator, start)):
        if left.day < day < right.day:
            return left, right
    return None


def _nodes(indicator: IndicatorInput, start: Start) -> list[Node]:
    """The points of the trajectory in order of time."""
    nodes = _later_nodes(indicator, after=start.day or 0)
    if start.day is not None and start.day < nodes[-1].day:
        nodes.insert(0, Node(start.day, start.value))
    return nodes


def _moves_in_steps(indicator: IndicatorInput) -> bool:
    rule = indicator.rule
    return rule.trajectory is TrajectoryShape.STEP or rule.kind is TargetKind.ORDINAL


def _read(nodes: list[Node], day: int, *, step: bool) -> Fraction:
    before = [node for node in nodes if node.day <= day]
    after = [node for node in nodes if node.day > day]
    if not before:
        return after[0].value
    if step or not after:
        return before[-1].value
    left, right = before[-1], after[0]
    share = Fraction(day - left.day, right.day - left.day)
    return left.value + share * (right.value - left.value)
