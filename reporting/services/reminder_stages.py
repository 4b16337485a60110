"""On which days someone is reminded of a day: before it, on it and after it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from reporting.choices import ReminderStage


@dataclass(frozen=True, slots=True)
class Stage:
    """When to remind, seen from the day itself; `name` keeps two stages of one kind apart."""

    kind: ReminderStage
    name: str
    on: date


def stages_due(day: date, today: date) -> list[Stage]:
    """Return the stages of a day that are to be told by today: the last one, and the escalation.

    Of several that were missed only the last is told. One that was missed too long ago is not.
    """
    oldest = today - timedelta(days=settings.REMINDER_CATCH_UP_DAYS)
    before = [
        Stage(ReminderStage.BEFORE, f"before_{days}", day - timedelta(days=days))
        for days in sorted(settings.REMINDER_DAYS_BEFORE, reverse=True)
    ]
    late = day + timedelta(days=settings.REMINDER_DAYS_LATE)
    escalated = day + timedelta(days=settings.ESCALATION_DAYS_LATE)
    stages = [
        *before,
        Stage(ReminderStage.ON_DAY, "on_day", day),
        Stage(ReminderStage.LATE, "late", late),
    ]
    last = [stage for stage in stages if stage.on <= today][-1:]
    escalation = Stage(ReminderStage.ESCALATION, "escalation", escalated)
    found = [*last, *([escalation] if escalated <= today else [])]
    return [stage for stage in found if stage.on >= oldest]
