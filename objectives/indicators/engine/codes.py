"""Words of the status engine: what a rule and a slot can be, and what the engine answers."""

from enum import StrEnum
from typing import Final


class TargetKind(StrEnum):
    """How a target is read."""

    INCREASE = "increase"
    DECREASE = "decrease"
    RANGE = "range"
    MILESTONE = "milestone"
    ORDINAL = "ordinal"


class Accumulation(StrEnum):
    """What the figure of one period says: a level, the flow of that period, or a running total."""

    LEVEL = "level"
    FLOW = "flow"
    TO_DATE = "to_date"


class TrajectoryShape(StrEnum):
    """How the expected value moves between two dated points."""

    LINEAR = "linear"
    STEP = "step"


class SlotState(StrEnum):
    """State of a slot; "not yet due" is a missing slot whose due date lies ahead."""

    MEASURED = "measured"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


class Status(StrEnum):
    """The six statuses, best first, then the two without a figure."""

    ACHIEVED = "achieved"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    NOT_STARTED = "not_started"
    NO_DATA = "no_data"


class Remark(StrEnum):
    """What a reader must know beside the status."""

    TARGET_MET = "target_met"
    FALL_OF_TO_DATE = "fall_of_to_date"
    CAPPED_STALE = "capped_stale"
    MARKED_LATE = "marked_late"
    WITHIN_TOLERANCE = "within_tolerance"
    STOPPED_AT_GAP = "stopped_at_gap"
    ZERO_DENOMINATOR = "zero_denominator"
    NO_BASELINE = "no_baseline"
    NO_TARGET = "no_target"
    CAPPED_KEY_INDICATOR = "capped_key_indicator"
    CAPPED_OFF_TRACK_OBJECTIVE = "capped_off_track_objective"
    MOSTLY_WITHOUT_FIGURE = "mostly_without_figure"
    NOTHING_TO_ROLL_UP = "nothing_to_roll_up"
    NONE_DUE = "none_due"


class StepCode(StrEnum):
    """One line of the explanation; the comment names the keys of `Step.values`."""

    REFERENCE = "reference"  # reference_date, slots, counted
    START = "start"  # value, basis: baseline, flow, running_total or first_target, [on]
    TARGET = "target"  # value, due_on
    ACTUAL = "actual"  # value, on, periods, accumulation, [numerator, denominator]
    GAP = "gap"  # period_end: the missing period before which the sum stops
    FALL = "fall"  # period_end, value, previous
    EXPECTED = "expected"  # value, on, shape, [from_on, from_value, to_on, to_value]: linear
    STEP_CEILING = "step_ceiling"  # value, on: the final target is expected throughout
    DISTANCE = "distance"  # value, basis: trajectory, expected_fifth or none
    ATTAINMENT = "attainment"  # value
    THRESHOLDS = "thresholds"  # on_track_from, at_risk_from, status
    TOLERANCE = "tolerance"  # tolerance, deviation, status
    TARGET_MET = "target_met"  # value, due_period, can_fall_back, status
    BAND = "band"  # low, high, tolerance, outside_by, status
    MILESTONE_DONE = "milestone_done"  # done_on, due_on, status
    MILESTONE_OPEN = "milestone_open"  # judged_on, due_on, [forecast_on], days_late, status
    LEVEL = "level"  # value, expected, below, status
    WITHOUT_FIGURE = "without_figure"  # reference_date, grace_days, [first_due_on], status
    STALE = "stale"  # period_end, due_on, grace_days
    CAP = "cap"  # reason, before, status
    # children, due_weight, weight_without_figure, status, [mean, on_track_from, at_risk_from]
    ROLL_UP = "roll_up"
    CHILD = "child"  # position (from 0), weight, status, [value, attainment]


FIGURE_STATUSES: Final = (Status.OFF_TRACK, Status.AT_RISK, Status.ON_TRACK, Status.ACHIEVED)
"""Statuses of something that has a figure, worst first: the index is the rank."""


def better_of(first: Status, second: Status) -> Status:
    """The better of two statuses that both have a figure."""
    return max(first, second, key=FIGURE_STATUSES.index)


def worse_of(first: Status, second: Status) -> Status:
    """The worse of two statuses that both have a figure (a cap)."""
    return min(first, second, key=FIGURE_STATUSES.index)
