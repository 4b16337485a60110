"""Milestones: a date to keep."""

from datetime import date
from typing import Final

from objectives.indicators.engine.codes import Remark, Status, StepCode
from objectives.indicators.engine.inputs import IndicatorInput, Slot
from objectives.indicators.engine.results import IndicatorStatus
from objectives.indicators.engine.trail import Trail

from .closing import cap_when_stale, latest_due_slot, status_without_figure
from .figures import counted_slots
from .version import RULE_VERSION

AT_RISK_WITHIN_DAYS: Final = 30


def judge_milestone(indicator: IndicatorInput) -> IndicatorStatus:
    """Done: `achieved`. Not done: judged at the later of the reference date and the forecast."""
    trail = Trail()
    slots = counted_slots(indicator)
    trail.note(
        StepCode.REFERENCE,
        reference_date=indicator.reference_date,
        slots=len(indicator.slots),
        counted=len(slots),
    )
    done = _last_done(indicator, slots)
    if done is not None and done.done_on is not None:
        return _done(indicator, done, done.done_on, trail)
    if indicator.due_on is None:
        trail.remark(Remark.NO_TARGET)
        status = status_without_figure(indicator, trail)
        return IndicatorStatus(
            status=status,
            rule_version=RULE_VERSION,
            remarks=trail.remarks,
            steps=trail.steps,
        )
    return _open(indicator, indicator.due_on, slots, trail)


def _last_done(indicator: IndicatorInput, slots: tuple[Slot, ...]) -> Slot | None:
    """The latest report that it is done. A day after the reference date is only a forecast."""
    done = [slot for slot in slots if slot.done_on and slot.done_on <= indicator.reference_date]
    return done[-1] if done else None


def _done(indicator: IndicatorInput, slot: Slot, done_on: date, trail: Trail) -> IndicatorStatus:
    late = indicator.due_on is not None and done_on > indicator.due_on
    trail.note(
        StepCode.MILESTONE_DONE,
        done_on=done_on,
        due_on=indicator.due_on,
        status=Status.ACHIEVED,
    )
    if late:
        trail.remark(Remark.MARKED_LATE)
    return IndicatorStatus(
        status=Status.ACHIEVED,
        rule_version=RULE_VERSION,
        measured_to=slot.period_end,
        provisional=slot.provisional,
        late=late,
        remarks=trail.remarks,
        steps=trail.steps,
    )


def _open(
    indicator: IndicatorInput, due_on: date, slots: tuple[Slot, ...], trail: Trail
) -> IndicatorStatus:
    reported = [slot for slot in slots if _forecast(slot) is not None]
    latest = reported[-1] if reported else None
    forecast_on = _forecast(latest) if latest is not None else None
    judged_on = max(indicator.reference_date, forecast_on or indicator.reference_date)
    days_late = max((judged_on - due_on).days, 0)
    status = Status.ON_TRACK if days_late == 0 else Status.AT_RISK
    if days_late > AT_RISK_WITHIN_DAYS:
        status = Status.OFF_TRACK
    trail.note(
        StepCode.MILESTONE_OPEN,
        judged_on=judged_on,
        due_on=due_on,
        forecast_on=forecast_on,
        days_late=days_late,
        status=status,
    )
    due_slot = latest_due_slot(indicator)
    stale = due_slot is not None and (latest is None or latest.period_end < due_slot.period_end)
    return IndicatorStatus(
        status=cap_when_stale(indicator, status, trail, stale=stale, secure=False),
        rule_version=RULE_VERSION,
        measured_to=latest.period_end if latest is not None else None,
        stale=stale,
        provisional=latest is not None and latest.provisional,
        remarks=trail.remarks,
        steps=trail.steps,
    )


def _forecast(slot: Slot) -> date | None:
    return slot.forecast_on or slot.done_on
