"""A head's own judgement beside the computed status (design.md section 5)."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import history_record, next_instant
from objectives.indicators.choices import Status
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective, StatusOverride
from personnel.access import Access, access_of
from personnel.models import User

# A head judges what is being done; "not started" and "no data" are facts, not judgements.
JUDGEMENTS: Final = (Status.ACHIEVED, Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK)


def may_judge(objective: OperationalObjective, access: Access) -> bool:
    """Tell whether this user puts a judgement beside the computed status."""
    return access.heads(objective.unit_id) and objective.state == PlanState.APPROVED


def first_day(objective: OperationalObjective) -> date:
    """Return the first reference date that a judgement on the objective can speak of."""
    return date(objective.plan.year, 1, 1)


def _check_right(actor: User, objective: OperationalObjective) -> None:
    if not access_of(actor).heads(objective.unit_id):
        raise NotAllowed(
            "head_only", _("Only the head of the directorate judges beside the computed status.")
        )
    if objective.state != PlanState.APPROVED:
        raise DomainError(
            "not_in_force",
            _("Only an approved objective that is not closed has a status to judge."),
            "status",
        )


def _check_day(objective: OperationalObjective, day: date) -> None:
    if day > timezone.localdate():
        raise DomainError(
            "judgement_in_future", _("A judgement cannot begin in the future."), "holds_from"
        )
    if day < first_day(objective):
        raise DomainError(
            "judgement_before_plan",
            _("%(date)s lies before the plan year. Give %(first)s or a later day.")
            % {
                "date": date_format(day, "SHORT_DATE_FORMAT"),
                "first": date_format(first_day(objective), "SHORT_DATE_FORMAT"),
            },
            "holds_from",
        )


def _default_day(
    objective: OperationalObjective, rows: Sequence[StatusOverride], status: str
) -> date:
    if status or not rows:
        return timezone.localdate()
    return (_last_held(rows, first_day(objective)) or rows[-1]).holds_from


def _check_current(before: StatusOverride | None, expected_current: str | None) -> None:
    """Refuse to go on when another judgement counts than the one that the user saw."""
    if expected_current is not None and expected_current != (str(before.uuid) if before else ""):
        raise DomainError(
            "judgement_changed",
            _("Someone judged this objective meanwhile. Look at that first, then save again."),
        )


def judgement_to_withdraw(objective: OperationalObjective) -> StatusOverride | None:
    """Return the judgement that can be taken back: the last one that still holds on some day."""
    rows = list(objective.overrides.order_by("recorded_at", "pk"))
    return _last_held(rows, first_day(objective))


def _last_held(rows: Sequence[StatusOverride], day: date) -> StatusOverride | None:
    """Return the judgement recorded last that holds on `day` or later; `rows` by recording.

    On each day counts the row recorded last among those that speak of it.
    """
    days = {day, *(row.holds_from for row in rows if row.holds_from > day)}
    counting = [
        max((n for n, row in enumerate(rows) if row.holds_from <= one), default=-1) for one in days
    ]
    held = [n for n in counting if n >= 0 and rows[n].status]
    return rows[max(held)] if held else None


@transaction.atomic
def status_override(
    *,
    actor: User,
    objective: OperationalObjective,
    status: str,
    reason: str,
    holds_from: date | None = None,
    expected_current: str | None = None,
) -> StatusOverride:
    """Put a status beside the computed one, with its reason; '' takes the earlier one back.

    It speaks of reference dates from `holds_from` on: by default a judgement from today, taking
    back from the day on which the judgement taken back began. `expected_current` is the
    UUID of the judgement recorded last that the user saw ('' for none); saying the same twice
    writes it once. Raises NotAllowed for anyone but the head, DomainError with the field.
    """
    _check_right(actor, objective)
    if status and status not in JUDGEMENTS:
        raise DomainError("status_unknown", _("Choose one of the statuses."), "status")
    text = reason.strip()
    if not text:
        raise DomainError(
            "reason_required", _("Give the reason: it stands beside your judgement."), "reason"
        )
    if holds_from is not None:
        _check_day(objective, holds_from)
    at = next_instant()  # takes the lock, so that what follows cannot be overtaken
    objective.refresh_from_db(fields=["state"])
    _check_right(actor, objective)
    rows = list(objective.overrides.order_by("recorded_at", "pk"))
    before = rows[-1] if rows else None
    day = holds_from or _default_day(objective, rows, status)
    _check_day(objective, day)
    if before is not None and (before.status, before.holds_from, before.reason) == (
        status,
        day,
        text,
    ):
        return before  # the button was pressed twice
    _check_current(before, expected_current)
    if not status and _last_held(rows, day) is None:
        raise DomainError("nothing_to_withdraw", _("There is no judgement to take back."))
    row = StatusOverride.objects.create(
        objective=objective,
        status=status,
        holds_from=day,
        reason=text,
        recorded_by=actor,
        recorded_at=at,
        is_demo=objective.is_demo,
    )
    history_record(
        actor=actor,
        target=objective,
        action="overridden" if status else "override_withdrawn",
        changes={"override": (before.status if before else "", status)},
        reason=text,
        at=at,
    )
    return row
