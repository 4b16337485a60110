"""What every kind of indicator shares: no figure, a stale figure, a cap."""

from objectives.indicators.engine.codes import Remark, Status, StepCode, worse_of
from objectives.indicators.engine.inputs import IndicatorInput, Slot
from objectives.indicators.engine.trail import Trail

from .figures import Figures, applicable_slots, counted_slots


def is_overdue(indicator: IndicatorInput, slot: Slot) -> bool:
    """True after the due date plus the days of grace (the last of them is still in time)."""
    last_day = slot.due_on.toordinal() + indicator.rule.grace_days
    return indicator.reference_date.toordinal() > last_day


def latest_due_slot(indicator: IndicatorInput) -> Slot | None:
    """The last ended, applicable period whose due date and grace have passed."""
    due = [slot for slot in counted_slots(indicator) if is_overdue(indicator, slot)]
    return due[-1] if due else None


def status_without_figure(indicator: IndicatorInput, trail: Trail) -> Status:
    """`not_started` until the first due date plus grace, then `no_data`."""
    slots = applicable_slots(indicator)
    first = min(slots, key=lambda slot: slot.due_on, default=None)
    waiting = first is None or not is_overdue(indicator, first)
    status = Status.NOT_STARTED if waiting else Status.NO_DATA
    trail.note(
        StepCode.WITHOUT_FIGURE,
        reference_date=indicator.reference_date,
        grace_days=indicator.rule.grace_days,
        first_due_on=first.due_on if first is not None else None,
        status=status,
    )
    return status


def is_stale(indicator: IndicatorInput, figures: Figures) -> bool:
    """True when what was reported does not reach the latest due period.

    For a flow that includes a gap: the periods reported after it do not count.
    """
    slot = latest_due_slot(indicator)
    return slot is not None and (figures.reach is None or figures.reach < slot.period_end)


def cap_when_stale(
    indicator: IndicatorInput, status: Status, trail: Trail, *, stale: bool, secure: bool
) -> Status:
    """At most `at_risk` when stale, unless `secure`: achieved in a way that cannot fall back."""
    if not stale:
        return status
    slot = latest_due_slot(indicator)
    if slot is not None:
        trail.note(
            StepCode.STALE,
            period_end=slot.period_end,
            due_on=slot.due_on,
            grace_days=indicator.rule.grace_days,
        )
    if secure and status is Status.ACHIEVED:
        return status
    return cap(status, Remark.CAPPED_STALE, trail)


def cap(status: Status, reason: Remark, trail: Trail) -> Status:
    """At most `at_risk`, noted only where it changes the status."""
    capped = worse_of(status, Status.AT_RISK)
    if capped is not status:
        trail.note(StepCode.CAP, reason=reason, before=status, status=capped)
        trail.remark(reason)
    return capped
