"""What of the credits was committed and paid: recorded, and corrected by recording again."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from budget.models import CreditExecution, CreditLine
from budget.selectors.execution import execution_of_day
from budget.services.amounts import check_cents
from budget.services.rights import must_keep_credits
from ibzplan.core.clocks import check_year
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.services import next_instant
from personnel.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionSheet:
    """What was used since 1 January, up to a day, in cents."""

    on: date
    committed_cents: int
    paid_cents: int


@transaction.atomic
def execution_record(
    *,
    actor: User,
    line: CreditLine,
    sheet: ExecutionSheet,
    reason: str = "",
    corrects: UUID | None = None,
) -> CreditExecution:
    """Record what a line had used by a day; the year is that of the day.

    Where the line has a figure of that day, this one is a correction: `corrects` names the row
    that the writer saw, and the reason is required. Recording the same figures again (a form sent
    twice) returns the row that is there.
    Raises NotAllowed, DomainError with the field, or EditConflict when another row counts.
    """
    must_keep_credits(actor)
    at = next_instant()
    _check(sheet)
    current = execution_of_day(line, sheet.on)
    if current is not None:
        if _says(current, sheet):
            return current
        _check_correction(current, corrects, reason)
    elif corrects is not None:
        raise DomainError(
            "nothing_to_correct",
            _("There is no figure of %(day)s to correct: leave the day as it was.")
            % {"day": date_format(sheet.on, "SHORT_DATE_FORMAT")},
            "on",
        )
    row = CreditExecution(
        line=line,
        year=sheet.on.year,
        on=sheet.on,
        committed_cents=sheet.committed_cents,
        paid_cents=sheet.paid_cents,
        recorded_at=at,
        recorded_by=actor,
        reason=reason.strip(),
        is_demo=line.is_demo,
    )
    row.save(force_insert=True)
    return row


def _says(row: CreditExecution, sheet: ExecutionSheet) -> bool:
    return (row.committed_cents, row.paid_cents) == (sheet.committed_cents, sheet.paid_cents)


def _check_correction(current: CreditExecution, corrects: UUID | None, reason: str) -> None:
    day = date_format(current.on, "SHORT_DATE_FORMAT")
    if corrects != current.uuid:
        raise EditConflict(
            _("There is a figure of %(day)s already. To correct it, say why and save again.")
            % {"day": day},
            {
                "committed": current.committed_cents,
                "paid": current.paid_cents,
                "corrects": current.uuid,
            },
        )
    if not reason.strip():
        raise DomainError(
            "reason_required",
            _("Say why the figure of %(day)s becomes another one.") % {"day": day},
            "reason",
        )


def _check(sheet: ExecutionSheet) -> None:
    check_year(sheet.on, "on")
    if sheet.on > timezone.localdate():
        raise DomainError(
            "in_the_future",
            _("%(day)s is still to come: what is used up to then is not known yet.")
            % {"day": date_format(sheet.on, "SHORT_DATE_FORMAT")},
            "on",
        )
    check_cents(sheet.committed_cents, "committed")
    check_cents(sheet.paid_cents, "paid")
