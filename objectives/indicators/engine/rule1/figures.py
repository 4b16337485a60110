"""Which slots count, and the figures they give."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import takewhile

from objectives.indicators.engine.codes import Accumulation, Remark, SlotState, StepCode, TargetKind
from objectives.indicators.engine.inputs import IndicatorInput, Slot
from objectives.indicators.engine.trail import Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The actual value at the end of a period: for a flow the sum (or pooled ratio) so far."""

    on: date
    value: Fraction
    periods: int = 1
    provisional: bool = False
    numerator: Fraction | None = None
    denominator: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures in order of time. `reach` is the end of the last period that was reported and used,
    `gap` the first missing period that stops a flow, `undefined` a period with denominator zero,
    `falls_itself` a flow with a negative period.
    """

    series: tuple[Figure, ...] = ()
    reach: date | None = None
    gap: date | None = None
    undefined: bool = False
    falls_itself: bool = False

    @property
    def latest(self) -> Figure | None:
        return self.series[-1] if self.series else None


def trajectory_slots(indicator: IndicatorInput) -> tuple[Slot, ...]:
    """Slots that belong to the trajectory, in order of time.

    Periods that ended before the trajectory starts (up to the date of the baseline) are history.
    Only a flow ends with its due period: what flows in later belongs to another target.
    """
    slots = [slot for slot in indicator.slots if _after_start(indicator, slot)]
    if indicator.rule.accumulation is Accumulation.FLOW and indicator.due_on is not None:
        slots = [slot for slot in slots if slot.period_start <= indicator.due_on]
    return tuple(sorted(slots, key=lambda slot: (slot.period_end, slot.period_start, slot.due_on)))


def _after_start(indicator: IndicatorInput, slot: Slot) -> bool:
    if indicator.rule.kind is TargetKind.MILESTONE:
        return True
    if indicator.starts_on is not None:
        return slot.period_end >= indicator.starts_on
    baseline, due_on = indicator.baseline, indicator.due_on
    if baseline is None or (due_on is not None and baseline.on >= due_on):
        return True
    return slot.period_end > baseline.on


def applicable_slots(indicator: IndicatorInput) -> tuple[Slot, ...]:
    """Slots of the trajectory without those that are not applicable."""
    slots = trajectory_slots(indicator)
    return tuple(slot for slot in slots if slot.state is not SlotState.NOT_APPLICABLE)


def counted_slots(indicator: IndicatorInput) -> tuple[Slot, ...]:
    """Applicable slots whose period ended on or before the reference date."""
    slots = applicable_slots(indicator)
    return tuple(slot for slot in slots if slot.period_end <= indicator.reference_date)


def read_figures(indicator: IndicatorInput) -> Figures:
    """Figures of a rising, falling, range or ordinal indicator at its reference date."""
    slots = counted_slots(indicator)
    if indicator.rule.kind is TargetKind.ORDINAL:
        return _levels(slots)
    if indicator.rule.accumulation is Accumulation.FLOW:
        return _flow(slots, ratio=indicator.rule.ratio)
    return _latest_values(slots, ratio=indicator.rule.ratio)


def _levels(slots: tuple[Slot, ...]) -> Figures:
    series = tuple(
        Figure(on=slot.period_end, value=Fraction(slot.level), provisional=slot.provisional)
        for slot in slots
        if slot.level is not None
    )
    return Figures(series=series, reach=series[-1].on if series else None)


def _latest_values(slots: tuple[Slot, ...], *, ratio: bool) -> Figures:
    measured = [slot for slot in slots if slot.state is SlotState.MEASURED]
    figures = [_pooled([slot]) if ratio else _summed([slot]) for slot in measured]
    return Figures(
        series=tuple(figure for figure in figures if figure is not None),
        reach=measured[-1].period_end if measured else None,
        undefined=None in figures,
    )


def _flow(slots: tuple[Slot, ...], *, ratio: bool) -> Figures:
    """Sums so far (sum over sum for a ratio) up to the first missing period."""
    run = list(takewhile(lambda slot: slot.state is SlotState.MEASURED, slots))
    heads = [run[:length] for length in range(1, len(run) + 1)]
    figures = [_pooled(head) if ratio else _summed(head) for head in heads]
    return Figures(
        series=tuple(figure for figure in figures if figure is not None),
        reach=run[-1].period_end if run else None,
        gap=slots[len(run)].period_end if len(run) < len(slots) else None,
        undefined=None in figures,
        falls_itself=any(slot.value is not None and slot.value < 0 for slot in run),
    )


def _summed(slots: Sequence[Slot]) -> Figure:
    """The sum of the periods; the input refuses a measured slot without a value."""
    return Figure(
        on=slots[-1].period_end,
        value=_total(slot.value for slot in slots),
        periods=len(slots),
        provisional=any(slot.provisional for slot in slots),
    )


def _pooled(slots: Sequence[Slot]) -> Figure | None:
    """Sum over sum; None when the denominators add up to zero.

    A single period may come as a quotient, without its parts.
    """
    if len(slots) == 1 and slots[0].denominator is None:
        return _summed(slots)
    numerator = _total(slot.numerator for slot in slots)
    denominator = _total(slot.denominator for slot in slots)
    if denominator == 0:
        return None
    return Figure(
        on=slots[-1].period_end,
        value=numerator / denominator,
        periods=len(slots),
        provisional=any(slot.provisional for slot in slots),
        numerator=numerator,
        denominator=denominator,
    )


def _total(values: Iterable[Fraction | None]) -> Fraction:
    return sum((value for value in values if value is not None), Fraction(0))


def at_due_period(indicator: IndicatorInput, figure: Figure) -> bool:
    """True when `figure` is that of the period in which the target falls due, or a later one.

    When the last periods are not applicable, the due period is the last applicable one, once the
    due date has come.
    """
    due_on = indicator.due_on
    if due_on is None:
        return False
    if figure.on >= due_on:
        return True
    return indicator.reference_date >= due_on and not any(
        slot.period_end > figure.on and slot.period_start <= due_on
        for slot in applicable_slots(indicator)
    )


def explain_figures(indicator: IndicatorInput, figures: Figures, trail: Trail) -> None:
    """Note which slots counted, what they add up to and what stopped the sum."""
    counted = len(counted_slots(indicator))
    trail.note(
        StepCode.REFERENCE,
        reference_date=indicator.reference_date,
        slots=len(indicator.slots),
        counted=counted,
    )
    if figures.gap is not None:
        trail.note(StepCode.GAP, period_end=figures.gap)
        if any(_measured_after(slot, figures.gap) for slot in counted_slots(indicator)):
            trail.remark(Remark.STOPPED_AT_GAP)
    if figures.undefined:
        trail.remark(Remark.ZERO_DENOMINATOR)
    latest = figures.latest
    if latest is not None:
        trail.note(
            StepCode.ACTUAL,
            value=latest.value,
            on=latest.on,
            periods=latest.periods,
            accumulation=indicator.rule.accumulation,
            numerator=latest.numerator,
            denominator=latest.denominator,
        )
    if indicator.rule.accumulation is Accumulation.TO_DATE:
        _flag_falls(indicator, figures, trail)


def _measured_after(slot: Slot, gap: date) -> bool:
    return slot.state is SlotState.MEASURED and slot.period_end > gap


def _flag_falls(indicator: IndicatorInput, figures: Figures, trail: Trail) -> None:
    """A running total cannot fall; where it does, a figure is wrong or was corrected."""
    if indicator.rule.kind is TargetKind.ORDINAL:
        return
    previous = indicator.baseline.value if indicator.baseline is not None else None
    for figure in figures.series:
        if previous is not None and figure.value < previous:
            trail.note(StepCode.FALL, period_end=figure.on, value=figure.value, previous=previous)
            trail.remark(Remark.FALL_OF_TO_DATE)
        previous = figure.value
