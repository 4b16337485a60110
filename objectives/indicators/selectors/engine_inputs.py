"""What the status engine is given: exact numbers, and nothing of Django."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from objectives.indicators import engine
from objectives.indicators.choices import Accumulation, SlotState, TargetKind
from objectives.indicators.models import Indicator, Target
from objectives.indicators.selectors.slots import SlotReading
from objectives.indicators.selectors.targets import final_target


def _engine_slot(slot: SlotReading, ratio_scale: int) -> engine.Slot:
    row = slot.measurement
    state = (
        engine.SlotState.MISSING
        if slot.state in (SlotState.MISSING, SlotState.NOT_YET_DUE)
        else engine.SlotState(slot.state.value)
    )
    if row is None:
        return engine.Slot(
            period_start=slot.period.start,
            period_end=slot.period.end,
            due_on=slot.due_on,
            state=state,
        )
    return engine.Slot(
        period_start=slot.period.start,
        period_end=slot.period.end,
        due_on=slot.due_on,
        state=state,
        value=fraction_of(row.value),
        # The scale goes with the numerator: pooled ratios stay sum over sum.
        numerator=None if row.numerator is None else ratio_scale * Fraction(row.numerator),
        denominator=fraction_of(row.denominator),
        level=row.level,
        done_on=row.done_on,
        forecast_on=row.forecast_on,
        provisional=not getattr(row, "is_validated", False),
    )


def fraction_of(value: Decimal | None) -> Fraction | None:
    """Return a stored quantity exactly."""
    return None if value is None else Fraction(value)


def _rule(indicator: Indicator) -> engine.IndicatorRule:
    thresholds = {}
    if indicator.threshold_on_track is not None:
        thresholds["on_track_from"] = Fraction(indicator.threshold_on_track)
    if indicator.threshold_at_risk is not None:
        thresholds["at_risk_from"] = Fraction(indicator.threshold_at_risk)
    return engine.IndicatorRule(
        kind=engine.TargetKind(indicator.target_kind),
        accumulation=engine.Accumulation(indicator.accumulation),
        trajectory=engine.TrajectoryShape(indicator.trajectory),
        ratio=indicator.is_ratio,
        tolerance=fraction_of(indicator.tolerance),
        band_low=fraction_of(indicator.range_low),
        band_high=fraction_of(indicator.range_high),
        grace_days=indicator.grace_days,
        **thresholds,
    )


def _point(target: Target) -> engine.Point | None:
    value = target.value if target.level is None else target.level
    return None if value is None else engine.Point(target.due_on, Fraction(value))


def engine_input(
    indicator: Indicator,
    *,
    slots: Sequence[SlotReading],
    targets: Sequence[Target],
    year: int,
    reference_date: date,
) -> engine.IndicatorInput:
    """Return what the status engine needs for one plan year.

    A flow starts at 0 on 1 January; anything else runs on from its baseline, through the
    targets of earlier years. Raises ValueError for a definition that contradicts itself.
    """
    first_day = date(year, 1, 1)
    is_flow = indicator.accumulation == Accumulation.FLOW
    final = final_target(targets, year)
    interim = [
        point
        for target in targets
        if final is not None
        and target.pk != final.pk
        and target.due_on < final.due_on
        and (not is_flow or target.due_on >= first_day)
        and (point := _point(target)) is not None
    ]
    final_point = _point(final) if final else None
    baseline = (
        engine.Point(indicator.baseline_date, Fraction(indicator.baseline))
        if indicator.baseline is not None and indicator.baseline_date is not None
        else None
    )
    return engine.IndicatorInput(
        rule=_rule(indicator),
        reference_date=reference_date,
        slots=tuple(
            _engine_slot(slot, indicator.ratio_scale)
            for slot in slots
            if slot.period.end.year <= year and (not is_flow or slot.period.end >= first_day)
        ),
        due_on=final.due_on if final else None,
        target=(
            final_point.value
            if final_point and indicator.target_kind not in (TargetKind.MILESTONE, TargetKind.RANGE)
            else None
        ),
        baseline=baseline,
        interim=tuple(interim),
        starts_on=first_day if is_flow else None,
    )
