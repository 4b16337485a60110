"""Management functions, and who holds them when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.clocks import check_year
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import history_record, next_instant, record_change
from personnel.access import Access, access_of
from personnel.choices import FunctionLevel, Role
from personnel.models import FunctionHolder, ManagementFunction, OrganisationUnit, User

# A code stands in an address and in a workbook: letters, digits, point and hyphen.
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{1,29}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSheet:
    """What the register says of a function; dates left out mean that none is known."""

    unit: OrganisationUnit
    title: LocalisedText
    level: str
    valid_from: date | None = None
    valid_to: date | None = None

    def values(self) -> dict[str, Any]:
        """Return the columns."""
        return {
            "unit": self.unit,
            "title": self.title,
            "level": self.level,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderSheet:
    """Who holds a function: a name, an account, or both; dates left out are open ends."""

    name: str = ""
    user: User | None = None
    holds_from: date | None = None
    holds_to: date | None = None

    def values(self) -> dict[str, Any]:
        """Return the columns; the name of an account is taken over when none was typed."""
        return {
            "name": self.name.strip() or (str(self.user) if self.user else ""),
            "user": self.user,
            "holds_from": self.holds_from,
            "holds_to": self.holds_to,
        }


def may_keep_functions(access: Access) -> bool:
    """Tell whether the user keeps the register: the corporate cell does."""
    return access.has(Role.CORPORATE)


def _must_keep(actor: User) -> None:
    if not may_keep_functions(access_of(actor)):
        raise NotAllowed(
            "corporate_only", _("Only the corporate cell keeps the register of functions.")
        )


@transaction.atomic
def function_create(
    *, actor: User, code: str, sheet: FunctionSheet, uuid: UUID | None = None
) -> ManagementFunction:
    """Add a management function. Raises NotAllowed, or DomainError with the field.

    With the `uuid` of a function that exists already (a form sent twice) that one is returned.
    """
    _must_keep(actor)
    at = next_instant()
    again = ManagementFunction.objects.filter(uuid=uuid).first() if uuid else None
    if again is not None:
        return again
    code = code.strip()
    if not _CODE.fullmatch(code):
        raise DomainError(
            "invalid_code",
            _("“%(value)s” is no code: write 2 to 30 letters, digits, points or hyphens.")
            % {"value": code},
            "code",
        )
    if ManagementFunction.objects.filter(code__iexact=code).exists():
        raise DomainError(
            "code_taken",
            _("There is already a function “%(code)s”: choose another code.") % {"code": code},
            "code",
        )
    _check_function(sheet)
    last = ManagementFunction.objects.order_by("-order").values_list("order", flat=True).first()
    function = ManagementFunction(
        uuid=uuid or uuid4(), code=code, order=(last or 0) + 1, **sheet.values()
    )
    _insert(function, at)
    changes = {"code": (None, code), **_from_nothing(sheet.values())}
    history_record(actor=actor, target=function, action="created", changes=changes, at=at)
    return function


@transaction.atomic
def function_update(
    *,
    actor: User,
    function: ManagementFunction,
    sheet: FunctionSheet,
    expected_version: int | None = None,
) -> bool:
    """Change a function; return whether anything changed.

    Raises NotAllowed, DomainError with the field, or EditConflict.
    """
    _must_keep(actor)
    at = next_instant()
    _check_function(sheet)
    return record_change(
        actor=actor,
        target=function,
        values=sheet.values(),
        expected_version=expected_version,
        at=at,
    )


@transaction.atomic
def function_end(
    *,
    actor: User,
    function: ManagementFunction,
    on: date,
    reason: str = "",
    expected_version: int | None = None,
) -> None:
    """Let a function, and whoever holds it still, end on a day.

    Raises NotAllowed, DomainError for a day before its beginning or when somebody takes it up
    later, or EditConflict.
    """
    _must_keep(actor)
    at = next_instant()
    check_year(on, "valid_to")
    if function.valid_from is not None and on < function.valid_from:
        raise _upside_down("valid_to")
    open_spans = [
        row for row in function.holders.all() if row.holds_to is None or row.holds_to > on
    ]
    later = [row for row in open_spans if row.holds_from is not None and row.holds_from > on]
    if later:
        raise DomainError(
            "held_later",
            _("%(name)s holds the function from %(day)s on: choose a later day.")
            % {"name": later[0], "day": _day(later[0].holds_from)},
            "valid_to",
        )
    record_change(
        actor=actor,
        target=function,
        values={"valid_to": on},
        expected_version=expected_version,
        action="ended",
        reason=reason,
        at=at,
    )
    for row in open_spans:
        record_change(actor=actor, target=row, values={"holds_to": on}, reason=reason, at=at)


@transaction.atomic
def holder_set(
    *,
    actor: User,
    function: ManagementFunction,
    sheet: HolderSheet,
    holder: FunctionHolder | None = None,
    expected_version: int | None = None,
    uuid: UUID | None = None,
) -> FunctionHolder:
    """Say who holds a function during a time; `holder` is the row to change, None adds one.

    A holder without an end who comes before the new one ends the day before: a function has one
    holder at a time. Raises NotAllowed, DomainError with the field (also for two at a time), or
    EditConflict.
    """
    _must_keep(actor)
    at = next_instant()
    ManagementFunction.objects.select_for_update().get(pk=function.pk)  # one span at a time
    again = function.holders.filter(uuid=uuid).first() if uuid and holder is None else None
    if again is not None:
        return again
    values = sheet.values()
    _check_holder(values)
    others = [row for row in function.holders.all() if holder is None or row.pk != holder.pk]
    if holder is None and (before := _open_before(others, sheet.holds_from)) is not None:
        last_day = sheet.holds_from - date.resolution if sheet.holds_from else None
        record_change(actor=actor, target=before, values={"holds_to": last_day}, at=at)
    _check_overlap(others, sheet)
    if holder is not None:
        record_change(
            actor=actor, target=holder, values=values, expected_version=expected_version, at=at
        )
        return holder
    row = FunctionHolder(
        uuid=uuid or uuid4(), function=function, is_demo=function.is_demo, **values
    )
    _insert(row, at)
    changes = {"function": (None, function), **_from_nothing(values)}
    history_record(actor=actor, target=row, action="created", changes=changes, at=at)
    return row


def _insert(row: ManagementFunction | FunctionHolder, at: datetime) -> None:
    row.save()
    row.created_at = at  # an insert sets the wall clock, which is past the instant by now
    row.save(update_fields=["created_at"])


def _from_nothing(values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (None, value) for name, value in values.items() if value}


def _check_function(sheet: FunctionSheet) -> None:
    if not sheet.title:
        raise DomainError("title_required", _("Give the function a name."), "title_nl")
    if sheet.level not in FunctionLevel.values:
        raise DomainError(
            "unknown_level", _("There is no level “%(value)s”.") % {"value": sheet.level}, "level"
        )
    check_year(sheet.valid_from, "valid_from")
    check_year(sheet.valid_to, "valid_to")
    if sheet.valid_from and sheet.valid_to and sheet.valid_to < sheet.valid_from:
        raise _upside_down("valid_to")


def _check_holder(values: Mapping[str, Any]) -> None:
    if not values["name"]:
        raise DomainError("name_required", _("Say who holds the function."), "name")
    first, last = values["holds_from"], values["holds_to"]
    check_year(first, "holds_from")
    check_year(last, "holds_to")
    if first and last and last < first:
        raise _upside_down("holds_to")


def _upside_down(field: str) -> DomainError:
    return DomainError("dates_upside_down", _("The end lies before the start."), field)


def _open_before(others: list[FunctionHolder], first: date | None) -> FunctionHolder | None:
    """Return the holder without an end whom one from `first` on succeeds, or None."""
    if first is None:
        return None
    for row in others:
        if row.holds_to is None and (row.holds_from is None or row.holds_from < first):
            return row
    return None


def _check_overlap(others: list[FunctionHolder], sheet: HolderSheet) -> None:
    first, last = sheet.holds_from or date.min, sheet.holds_to or date.max
    for row in others:
        if first <= (row.holds_to or date.max) and (row.holds_from or date.min) <= last:
            raise DomainError(
                "held_already",
                _(
                    "%(name)s holds the function %(span)s: a function has one holder at a time. "
                    "Choose other dates, or change those first."
                )
                % {"name": row, "span": _span(row)},
                "holds_from",
            )


def _span(row: FunctionHolder) -> str:
    if row.holds_from and row.holds_to:
        return _("from %(first)s to %(last)s") % {
            "first": _day(row.holds_from),
            "last": _day(row.holds_to),
        }
    if row.holds_from:
        return _("from %(day)s on") % {"day": _day(row.holds_from)}
    if row.holds_to:
        return _("until %(day)s") % {"day": _day(row.holds_to)}
    return _("without a date")


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""
