"""Who came and who went in a period."""

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.clocks import check_year
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.services import next_instant, record_change
from personnel.choices import StaffKind
from personnel.models import StaffingFlow, StaffingLine, User
from personnel.services.staffing import (
    amount_of,
    check_reason_of_past,
    insert_row,
    must_keep_staffing,
    withdraw_row,
)
from personnel.staffing.flows import MONTHS_OF


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSheet:
    """Who came and who went in a period, in FTE or persons."""

    measure: str
    statute: str
    kind: str
    starts_on: date
    resolution: str
    inflow: Decimal
    outflow: Decimal

    @property
    def ends_on(self) -> date:
        """Return the last day of the period."""
        month = self.starts_on.month + MONTHS_OF[self.resolution] - 1
        last = calendar.monthrange(self.starts_on.year, month)[1]
        return date(self.starts_on.year, month, last)


@transaction.atomic
def flow_set(
    *,
    actor: User,
    line: StaffingLine,
    sheet: FlowSheet,
    reason: str = "",
    expected_version: int | None = None,
) -> StaffingFlow:
    """Enter who came and went on a line in a period, or change it.

    `expected_version` 0: the page showed none. Raises NotAllowed, DomainError with the field (also
    for a period that is not over, of which nobody can have counted yet), or EditConflict.
    """
    must_keep_staffing(actor)
    at = next_instant()
    StaffingLine.objects.select_for_update().get(pk=line.pk)  # one writer of a line at a time
    _check_period(sheet)
    amounts = {
        "inflow": amount_of(sheet.measure, sheet.inflow, "inflow"),
        "outflow": amount_of(sheet.measure, sheet.outflow, "outflow"),
    }
    names = {
        "measure": sheet.measure,
        "statute": sheet.statute,
        "kind": sheet.kind,
        "starts_on": sheet.starts_on,
        "resolution": sheet.resolution,
    }
    row = StaffingFlow.objects.filter(line=line, withdrawn_at=None, **names).first()
    if expected_version is not None and expected_version != (row.version if row else 0):
        raise EditConflict(
            _("Someone else changed this while you were working."),
            {name: getattr(row, name) if row else None for name in amounts},
        )
    if row is None:
        row = StaffingFlow(line=line, is_demo=line.is_demo, **names, **amounts)
        insert_row(actor=actor, row=row, values={**names, **amounts}, reason=reason, at=at)
        return row
    if any(getattr(row, name) != amount for name, amount in amounts.items()):
        check_reason_of_past(is_past=_has_begun(sheet), reason=reason)
        record_change(actor=actor, target=row, values=amounts, reason=reason, at=at)
    return row


@transaction.atomic
def flow_withdraw(
    *, actor: User, flow: StaffingFlow, reason: str, expected_version: int | None = None
) -> None:
    """Withdraw a flow. Raises NotAllowed, DomainError without a reason, or EditConflict."""
    must_keep_staffing(actor)
    at = next_instant()
    check_reason_of_past(is_past=True, reason=reason)
    withdraw_row(actor=actor, row=flow, reason=reason, at=at, expected_version=expected_version)


def _check_period(sheet: FlowSheet) -> None:
    check_year(sheet.starts_on, "year")
    months = MONTHS_OF[sheet.resolution]
    if sheet.starts_on.day != 1 or (sheet.starts_on.month - 1) % months:
        raise DomainError(
            "no_period", _("Choose a year, half-year, quarter or month of the calendar."), "part"
        )
    if sheet.kind == StaffKind.ACTUAL and sheet.ends_on > timezone.localdate():
        raise DomainError(
            "period_to_come",
            _("The period ends on %(day)s: who came and went is known after it. Choose “planned”.")
            % {"day": date_format(sheet.ends_on, "SHORT_DATE_FORMAT")},
            "part",
        )


def _has_begun(sheet: FlowSheet) -> bool:
    return sheet.starts_on <= timezone.localdate()
