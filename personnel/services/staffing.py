"""Figures of staffing that are entered here, beside those that the plan prints."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.clocks import check_year
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.numbers import format_quantity
from ibzplan.core.services import history_record, next_instant, record_change
from personnel.access import Access, access_of
from personnel.choices import FigureOrigin, Role, StaffKind, StaffMeasure, Statute
from personnel.models import StaffingFigure, StaffingFlow, StaffingLine, User
from personnel.staffing import standing
from personnel.staffing.amounts import MILLI, people_text
from personnel.staffing.table import PARTS

_MOST_PEOPLE: Final = 1_000_000
# Statute -> the version of the entered figure that the page showed; 0 where there was none.
Versions = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingSheet:
    """Who is on a line on a day, by statute, in FTE or persons.

    None is a number that was left empty, which changes nothing.
    """

    measure: str
    kind: str
    on: date
    amounts: Mapping[str, Decimal | None]


def may_keep_staffing(access: Access) -> bool:
    """Tell whether the user enters staffing: B&B and P&O officers, and the corporate cell."""
    return access.has(Role.RESOURCES, Role.CORPORATE)


def must_keep_staffing(actor: User) -> None:
    """Raise NotAllowed for who does not enter staffing."""
    if not may_keep_staffing(access_of(actor)):
        raise NotAllowed(
            "resources_only",
            _("Only P&O and B&B officers and the corporate cell enter staffing."),
        )


@transaction.atomic
def staffing_set(
    *,
    actor: User,
    line: StaffingLine,
    sheet: StaffingSheet,
    reason: str = "",
    expected_versions: Versions | None = None,
    at: datetime | None = None,
) -> bool:
    """Enter the figures of a line on a day, or change those entered; return whether any changed.

    What the plan prints stays as it is: the entered figure stands over it. A number that stands
    already is not entered again. Three statutes make the total; one that was entered beside them
    goes. Raises NotAllowed, DomainError with the field (a statute, `on` or `reason`), or
    EditConflict when an entered figure is no longer of the version that the page showed. `at` is
    the instant that an import took already.
    """
    must_keep_staffing(actor)
    at = at or next_instant()
    StaffingLine.objects.select_for_update().get(pk=line.pk)  # one writer of a line at a time
    check_day(sheet.kind, sheet.on)
    wanted = {
        statute: amount_of(sheet.measure, value, statute)
        for statute, value in sheet.amounts.items()
        if value is not None
    }
    shown = standing(_figures(line, sheet))
    entered = {row.statute: row for row in shown if row.origin == FigureOrigin.ENTERED}
    _check_versions(entered, expected_versions, sheet)
    before = {row.statute: row.amount for row in shown}
    check_total(sheet.measure, wanted, before)
    changed = {name: amount for name, amount in wanted.items() if before.get(name) != amount}
    if any(name in before for name in changed):
        check_reason_of_past(is_past=is_past(sheet.kind, sheet.on), reason=reason)
    for name, amount in changed.items():
        _write(actor, line, sheet, name, amount, entered.get(name), reason, at)
    whole = entered.get(Statute.ALL)
    if changed and whole is not None and Statute.ALL not in wanted and _has_parts(wanted):
        _withdraw(actor, whole, reason, at)
    return bool(changed)


@transaction.atomic
def staffing_withdraw(
    *,
    actor: User,
    figure: StaffingFigure,
    reason: str,
    expected_version: int | None = None,
) -> None:
    """Withdraw an entered figure: what the plan prints, or nothing, stands again.

    Raises NotAllowed, DomainError for a printed figure or without a reason, or EditConflict.
    """
    must_keep_staffing(actor)
    at = next_instant()
    if figure.origin == FigureOrigin.PRINTED:
        raise DomainError(
            "printed_stays",
            _("What the plan prints stays. Enter another figure: it stands over the printed one."),
        )
    if not reason.strip():
        raise _reason_required()
    _withdraw(actor, figure, reason, at, expected_version)


def amount_of(measure: str, value: Decimal, field: str) -> int:
    """Return thousandths of an FTE, or persons. Raises DomainError at the field."""
    if value < 0:
        raise DomainError(
            "negative",
            _("“%(value)s” is below zero: write how many people there are.")
            % {"value": format_quantity(value)},
            field,
        )
    if value > _MOST_PEOPLE:
        raise DomainError(
            "too_many",
            _("“%(value)s” is more than a million people: look at the number again.")
            % {"value": format_quantity(value)},
            field,
        )
    scaled = value * MILLI if measure == StaffMeasure.FTE else value
    if scaled != scaled.to_integral_value():
        raise DomainError("too_fine", _too_fine(measure, value), field)
    return int(scaled)


def is_past(kind: str, on: date) -> bool:
    """Tell whether a day has passed; of a plan, whether its year has begun."""
    today = timezone.localdate()
    return on.year <= today.year if kind == StaffKind.PLAN else on <= today


def check_reason_of_past(*, is_past: bool, reason: str) -> None:
    """Raise DomainError at `reason` for a change of the past without one."""
    if is_past and not reason.strip():
        raise _reason_required()


def withdraw_row(
    *,
    actor: User,
    row: StaffingFigure | StaffingFlow,
    reason: str,
    at: datetime,
    expected_version: int | None = None,
) -> None:
    """Let a row count no more from `at` on; one that was withdrawn already is an EditConflict."""
    current = type(row)._default_manager.get(pk=row.pk)
    if current.withdrawn_at is not None:
        raise EditConflict(
            _("Someone else withdrew this figure while you were working."),
            {"withdrawn_at": current.withdrawn_at},
        )
    record_change(
        actor=actor,
        target=row,
        values={"withdrawn_at": at},
        expected_version=expected_version,
        action="withdrawn",
        reason=reason,
        at=at,
    )


def insert_row(
    *,
    actor: User,
    row: StaffingFigure | StaffingFlow,
    values: Mapping[str, Any],
    reason: str,
    at: datetime,
) -> None:
    """Insert a row with its history."""
    row.save(force_insert=True)
    row.created_at = at  # an insert sets the wall clock, which is past the instant by now
    row.save(update_fields=["created_at"])
    changes = {name: (None, value) for name, value in values.items()}
    history_record(actor=actor, target=row, action="created", changes=changes, reason=reason, at=at)


def _too_fine(measure: str, value: Decimal) -> str:
    if measure == StaffMeasure.FTE:
        text = _("“%(value)s” has more than three decimals: round it to thousandths of an FTE.")
    else:
        text = _("“%(value)s” is no whole number: persons are counted whole.")
    return text % {"value": format_quantity(value)}


def _reason_required() -> DomainError:
    return DomainError(
        "reason_required",
        _("Say why this figure changes: it is read beside the one that stood before."),
        "reason",
    )


def _figures(line: StaffingLine, sheet: StaffingSheet) -> list[StaffingFigure]:
    return list(
        StaffingFigure.objects.filter(
            line=line, measure=sheet.measure, kind=sheet.kind, on=sheet.on, withdrawn_at=None
        )
    )


def check_day(kind: str, on: date) -> None:
    """Raise DomainError at `on` for a day that a figure of the kind cannot stand on."""
    check_year(on, "on")
    if kind == StaffKind.PLAN:
        last = date(on.year, 12, 31)
        if on != last:
            raise DomainError(
                "plan_day",
                _("A plan stands on the last day of its year: write %(day)s.")
                % {"day": date_format(last, "SHORT_DATE_FORMAT")},
                "on",
            )
    elif on > timezone.localdate():
        raise DomainError(
            "day_to_come",
            _("%(day)s is still to come: nobody was counted then. Choose “planned”.")
            % {"day": date_format(on, "SHORT_DATE_FORMAT")},
            "on",
        )


def _check_versions(
    entered: Mapping[str, StaffingFigure], expected: Versions | None, sheet: StaffingSheet
) -> None:
    """Raise EditConflict where another wrote one of the figures that are to be written."""
    if expected is None:
        return
    stored = {statute: row.version for statute, row in entered.items()}
    if any(expected.get(name, 0) != stored.get(name, 0) for name in {*expected, *stored}):
        raise EditConflict(
            _("Someone else changed this while you were working."),
            {name: entered[name].amount if name in entered else None for name in sheet.amounts},
        )


def _has_parts(amounts: Mapping[str, int]) -> bool:
    return all(part in amounts for part in PARTS)


def check_total(measure: str, wanted: Mapping[str, int], before: Mapping[str, int]) -> None:
    """Raise DomainError for a total that is not what the statutes beside it add up to."""
    whole = wanted.get(Statute.ALL)
    parts = {part: wanted.get(part, before.get(part)) for part in PARTS}
    known = [amount for amount in parts.values() if amount is not None]
    if whole is None or not known:
        return
    is_off = whole != sum(known) if len(known) == len(PARTS) else whole < sum(known)
    if is_off:
        raise DomainError(
            "total_differs",
            _(
                "The statutes add up to %(sum)s, and you wrote %(total)s: correct one of them, or "
                "leave the total empty."
            )
            % {
                "sum": people_text(measure, sum(known)),
                "total": people_text(measure, whole),
            },
            Statute.ALL.value,
        )


def _write(
    actor: User,
    line: StaffingLine,
    sheet: StaffingSheet,
    statute: str,
    amount: int,
    entered: StaffingFigure | None,
    reason: str,
    at: datetime,
) -> None:
    if entered is not None:
        record_change(actor=actor, target=entered, values={"amount": amount}, reason=reason, at=at)
        return
    values = {
        "measure": sheet.measure,
        "kind": sheet.kind,
        "on": sheet.on,
        "statute": str(statute),
        "amount": amount,
    }
    row = StaffingFigure(line=line, origin=FigureOrigin.ENTERED, is_demo=line.is_demo, **values)
    insert_row(actor=actor, row=row, values=values, reason=reason, at=at)


def _withdraw(
    actor: User,
    figure: StaffingFigure,
    reason: str,
    at: datetime,
    expected_version: int | None = None,
) -> None:
    withdraw_row(actor=actor, row=figure, reason=reason, at=at, expected_version=expected_version)
