"""What the engine is given. Every class refuses contradictory input with a ValueError."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from .codes import Accumulation, SlotState, TargetKind, TrajectoryShape
from .rational import make_exact

ON_TRACK_FROM: Final = Fraction(9, 10)
AT_RISK_FROM: Final = Fraction(7, 10)


@dataclass(frozen=True, slots=True)
class Point:
    """A value expected, or measured, at the end of a day."""

    on: date
    value: Fraction

    def __post_init__(self) -> None:
        make_exact(self, "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One obligation (period and due date) with the figure that counts for it.

    The caller picks the rows recorded on or before `known_at`. `value` serves a plain number,
    `numerator` and `denominator` a ratio, `level` an ordinal, `done_on` and `forecast_on` a
    milestone. `provisional` marks a figure that is not validated yet.
    """

    period_start: date
    period_end: date
    due_on: date
    state: SlotState = SlotState.MISSING
    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    level: int | None = None
    done_on: date | None = None
    forecast_on: date | None = None
    provisional: bool = False

    def __post_init__(self) -> None:
        make_exact(self, "value", "numerator", "denominator")
        if self.period_start > self.period_end:
            raise ValueError("a period cannot end before it starts")
        if self.state is not SlotState.MEASURED and self._has_content():
            raise ValueError(f"a slot that is {self.state} cannot carry a figure")

    def _has_content(self) -> bool:
        content = (self.value, self.numerator, self.denominator, self.level)
        return any(item is not None for item in (*content, self.done_on, self.forecast_on))


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRule:
    """How one indicator is judged.

    `tolerance` is in the unit of the indicator. `range` needs `band_low`, `band_high` and
    `tolerance` (zero is a tolerance). Ordinal levels are integers, higher is better.
    """

    kind: TargetKind
    accumulation: Accumulation = Accumulation.LEVEL
    trajectory: TrajectoryShape = TrajectoryShape.LINEAR
    ratio: bool = False
    on_track_from: Fraction = ON_TRACK_FROM
    at_risk_from: Fraction = AT_RISK_FROM
    tolerance: Fraction | None = None
    band_low: Fraction | None = None
    band_high: Fraction | None = None
    grace_days: int = 0

    def __post_init__(self) -> None:
        make_exact(self, "on_track_from", "at_risk_from", "tolerance", "band_low", "band_high")
        if self.at_risk_from > self.on_track_from:
            raise ValueError("the threshold of at risk lies above that of on track")
        if self.tolerance is not None and self.tolerance < 0:
            raise ValueError("a tolerance cannot be negative")
        if self.grace_days < 0:
            raise ValueError("grace days cannot be negative")
        if self.kind is TargetKind.RANGE:
            self._check_band()

    def _check_band(self) -> None:
        if self.band_low is None or self.band_high is None or self.tolerance is None:
            raise ValueError("a range needs a band and a tolerance")
        if self.band_low > self.band_high:
            raise ValueError("the band is upside down")

    @property
    def numeric(self) -> bool:
        """True when the target is a number to rise or fall to: it has progress and a forecast."""
        return self.kind in (TargetKind.INCREASE, TargetKind.DECREASE)

    @property
    def flow_of_counts(self) -> bool:
        """True when periods are added up from zero (the sums of a ratio are not)."""
        return self.accumulation is Accumulation.FLOW and not self.ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorInput:
    """Everything one evaluation needs.

    `due_on` and `target` are the final target; a range takes its target from the band and a
    milestone is only a date. `starts_on` is the first day of the trajectory. Without it the
    trajectory starts after the baseline, and a flow with the first period after the baseline.
    Slots may come in any order and may lie after the reference date.
    """

    rule: IndicatorRule
    reference_date: date
    slots: tuple[Slot, ...] = ()
    due_on: date | None = None
    target: Fraction | None = None
    baseline: Point | None = None
    interim: tuple[Point, ...] = ()
    starts_on: date | None = None

    def __post_init__(self) -> None:
        make_exact(self, "target")
        if self.target is not None and self.due_on is None:
            raise ValueError("a target needs a due date")
        if self.rule.kind is TargetKind.ORDINAL:
            self._check_levels()
        for slot in self.slots:
            if slot.state is SlotState.MEASURED:
                _check_measured(self.rule, slot)

    def _check_levels(self) -> None:
        values = [point.value for point in (self.baseline, *self.interim) if point is not None]
        if self.target is not None:
            values.append(self.target)
        if any(value.denominator != 1 for value in values):
            raise ValueError("an ordinal level is a whole number")


def _check_measured(rule: IndicatorRule, slot: Slot) -> None:
    """Refuse a measured slot that lacks what its rule reads; a milestone may say nothing."""
    if rule.kind is TargetKind.MILESTONE:
        return
    if rule.kind is TargetKind.ORDINAL:
        _require("a level", (slot.level,))
    elif rule.ratio:
        parts = (slot.numerator, slot.denominator)
        whole = slot.value is not None and rule.accumulation is not Accumulation.FLOW
        if not (whole and parts == (None, None)):
            _require("a numerator and a denominator", parts)
    else:
        _require("a value", (slot.value,))


def _require(what: str, parts: Sequence[object]) -> None:
    if any(part is None for part in parts):
        raise ValueError(f"a measured slot of this indicator needs {what}")
