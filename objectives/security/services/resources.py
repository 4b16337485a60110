"""What the figures of chapter 3 of the plan became, and what they are to become."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.clocks import check_year
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.numbers import format_quantity
from ibzplan.core.services import next_instant
from objectives.indicators.models.columns import DECIMAL_PLACES, MAX_DIGITS
from objectives.security.models import ResourceTarget, ResourceValue
from objectives.security.selectors.resources import printed_of
from objectives.strategy.choices import ElementKind
from objectives.strategy.models import PlanElement
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import User

_LONGEST_SOURCE: Final = 200
Fact = TypeVar("Fact", ResourceValue, ResourceTarget)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSheet:
    """A value or a target of a figure, and who says so; of a ratio its first part.

    `value` None takes away what was recorded. A value has a day; a target has one where its source
    names one.
    """

    value: Decimal | None
    on: date | None
    source: str = ""
    reason: str = ""


def may_follow_resources(access: Access) -> bool:
    """Tell whether the user keeps the series: the steering group and the corporate cell do."""
    return access.has(Role.STEERING_GROUP, Role.CORPORATE)


@transaction.atomic
def resource_value_record(
    *, actor: User, figure: PlanElement, sheet: FactSheet, expected: UUID | None = None
) -> ResourceValue:
    """Append what a figure is on a day; a later row for the day needs a reason and counts.

    `expected` is the row of that day that the page showed. Raises NotAllowed, DomainError with the
    field, or EditConflict when another row stands for that day.
    """
    _must_follow(actor)
    at = next_instant()
    _check_figure(figure)
    on = sheet.on
    if on is None:
        raise DomainError("day_required", _("Say of which day the value is."), "on")
    check_year(on, "on")
    if on > timezone.localdate():
        raise DomainError(
            "day_to_come",
            _("%(day)s is still to come: a value is of a day that has passed.") % {"day": _day(on)},
            "on",
        )
    printed = printed_of(figure)
    if printed.on is not None and on < printed.on:
        raise DomainError(
            "before_print",
            _("The plan prints the figure of %(day)s: record what came later.")
            % {"day": _day(printed.on)},
            "on",
        )
    standing = ResourceValue.objects.filter(figure=figure, on=on).order_by("recorded_at").last()
    _check(figure, sheet, standing, expected)
    row = ResourceValue(figure=figure, on=on, is_demo=figure.is_demo)
    return _append(row, actor, sheet, at)


@transaction.atomic
def resource_target_record(
    *, actor: User, figure: PlanElement, sheet: FactSheet, expected: UUID | None = None
) -> ResourceTarget:
    """Append what a figure is to become; a later target needs a reason and counts.

    The target that the plan prints stays beside it. `expected` is the entered target that the page
    showed. Raises NotAllowed, DomainError with the field, or EditConflict.
    """
    _must_follow(actor)
    at = next_instant()
    _check_figure(figure)
    check_year(sheet.on, "on")
    standing = ResourceTarget.objects.filter(figure=figure).order_by("recorded_at").last()
    _check(figure, sheet, standing, expected)
    if standing is None and printed_of(figure).is_target and not sheet.reason.strip():
        raise _reason_required()
    row = ResourceTarget(figure=figure, due_on=sheet.on, is_demo=figure.is_demo)
    return _append(row, actor, sheet, at)


def _append(row: Fact, actor: User, sheet: FactSheet, at: datetime) -> Fact:
    row.value = sheet.value
    row.source = sheet.source.strip()
    row.reason = sheet.reason.strip()
    row.recorded_by = actor
    row.recorded_at = at
    row.save(force_insert=True)
    return row


def _must_follow(actor: User) -> None:
    if not may_follow_resources(access_of(actor)):
        raise NotAllowed(
            "steering_group_only",
            _("Only the steering group and the corporate cell keep these figures."),
        )


def _check_figure(figure: PlanElement) -> None:
    if figure.kind != ElementKind.FIGURE:
        raise DomainError("no_figure", _("Only a figure of the plan has later values."))


def _check(
    figure: PlanElement,
    sheet: FactSheet,
    standing: ResourceValue | ResourceTarget | None,
    expected: UUID | None,
) -> None:
    _check_conflict(standing, expected)
    _check_value(figure, sheet.value, standing)
    if sheet.value is not None and not sheet.source.strip():
        raise DomainError("source_required", _("Say who says so, or where it stands."), "source")
    if len(sheet.source) > _LONGEST_SOURCE:
        raise DomainError("source_too_long", _("Say it in 200 characters at most."), "source")
    if standing is not None and not sheet.reason.strip():
        raise _reason_required()


def _check_conflict(standing: ResourceValue | ResourceTarget | None, expected: UUID | None) -> None:
    if standing is not None and standing.uuid != expected:
        raise EditConflict(
            _("Another value stands here already: say why yours takes its place."),
            {"value": standing.value, "source": standing.source},
        )


def _check_value(
    figure: PlanElement, value: Decimal | None, standing: ResourceValue | ResourceTarget | None
) -> None:
    if value is None:
        if standing is None or standing.value is None:
            raise DomainError("value_required", _("Write the value; 0 is a value."), "value")
        return
    exponent = value.normalize().as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    if decimals > DECIMAL_PLACES or abs(value) >= 10 ** (MAX_DIGITS - DECIMAL_PLACES):
        raise DomainError(
            "too_long",
            _("“%(value)s” is too long: at most 11 digits and 4 decimals.")
            % {"value": format_quantity(value)},
            "value",
        )
    if value < 0:
        raise DomainError(
            "negative",
            _("“%(value)s” is below zero, which this figure cannot be.")
            % {"value": format_quantity(value)},
            "value",
        )
    most = printed_of(figure).most
    if most is not None and value > most:
        raise DomainError(
            "over_whole",
            _("“%(value)s” is more than the whole, which is %(most)s.")
            % {"value": format_quantity(value), "most": format_quantity(most)},
            "value",
        )


def _reason_required() -> DomainError:
    return DomainError(
        "reason_required", _("Say why this takes the place of what stands here."), "reason"
    )


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
