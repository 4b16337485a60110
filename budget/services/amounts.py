"""Amounts that are entered: beside what the tables print, never in its place."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from budget.choices import BudgetVersion, CreditTable
from budget.models import CreditAmount, CreditLine
from budget.money import MAX_CENTS, keur_text
from budget.selectors.book import Figure, Standing
from budget.selectors.lines import amount_entered, standing_now
from budget.services.rights import must_keep_credits
from ibzplan.core.clocks import FIRST_YEAR, LAST_YEAR
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.services import history_record, next_instant, record_change
from personnel.models import User

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTION_WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountSheet:
    """What is entered: commitment and payment credits, in cents."""

    commitment_cents: int
    payment_cents: int

    def values(self) -> dict[str, Any]:
        """Return the columns."""
        return {"commitment_cents": self.commitment_cents, "payment_cents": self.payment_cents}

    @property
    def figure(self) -> Figure:
        """Return what it gives a line."""
        return Figure(self.commitment_cents, self.payment_cents)


def needs_reason(standing: Standing | None, year: int, sheet: AmountSheet | None) -> bool:
    """Tell whether a change must be explained: of a figure that stood, of a year that has begun.

    `standing` is what stood in the same version of the budget: its first figure explains itself.
    `sheet` None takes the figure away.
    """
    if standing is None or timezone.localdate().year < year:
        return False
    return sheet is None or sheet.figure != standing.figure


@transaction.atomic
def credit_set(
    *,
    actor: User,
    line: CreditLine,
    year: int,
    budget: str,
    sheet: AmountSheet,
    reason: str = "",
    expected_version: int = 0,
    at: datetime | None = None,
) -> CreditAmount:
    """Enter what a version of a year's budget gives a line, or change what was entered of it.

    What is printed stays beside it. `expected_version` is that of the entered amount which the
    writer saw, 0 for none. `at` is the instant that the caller took already.
    Raises NotAllowed, DomainError with the field, or EditConflict when someone else came first.
    """
    must_keep_credits(actor)
    at = at or next_instant()
    _check(year, budget, sheet)
    current = amount_entered(line, year, budget)
    _check_version(current, expected_version)
    standing = standing_now(line, year, budget)
    if current is not None and Standing(current).figure == sheet.figure:
        return current
    _check_reason(standing, year, sheet, reason)
    if current is not None:
        record_change(actor=actor, target=current, values=sheet.values(), reason=reason, at=at)
        return current
    amount = CreditAmount(
        line=line,
        year=year,
        budget=budget,
        table=CreditTable.ENTERED,
        is_demo=line.is_demo,
        **sheet.values(),
    )
    amount.save()
    amount.created_at = at  # an insert sets the wall clock, which is past the instant by now
    amount.save(update_fields=["created_at"])
    history_record(
        actor=actor,
        target=amount,
        action="created",
        changes={name: (None, value) for name, value in sheet.values().items()},
        reason=reason,
        at=at,
    )
    return amount


@transaction.atomic
def credit_withdraw(
    *, actor: User, amount: CreditAmount, reason: str = "", expected_version: int
) -> None:
    """Take back an amount that was entered: what is printed stands again, or nothing.

    Pages of earlier moments show it still. Raises NotAllowed, DomainError with the field, or
    EditConflict.
    """
    must_keep_credits(actor)
    at = next_instant()
    current = CreditAmount.objects.select_for_update().select_related("line").get(pk=amount.pk)
    if current.table != CreditTable.ENTERED:
        raise DomainError(
            "printed", _("What a table prints stays. Enter another amount beside it.")
        )
    if current.withdrawn_at is not None:
        raise EditConflict(_("Someone else withdrew this amount while you were working."), {})
    _check_version(current, expected_version)
    standing = Standing(current)
    _check_reason(standing, current.year, None, reason)
    history_record(
        actor=actor,
        target=current,
        action=ACTION_WITHDRAWN,
        changes={"withdrawn_at": (None, at)},
        reason=reason,
        at=at,
    )
    current.withdrawn_at = at
    current.version += 1
    current.save(update_fields=["withdrawn_at", "version"])


def _check_version(current: CreditAmount | None, expected: int) -> None:
    """Raise EditConflict when the stored amount is not the one that the writer saw."""
    if (current.version if current else 0) == expected:
        return
    theirs: Mapping[str, Any] = {
        "commitment_cents": current.commitment_cents if current else None,
        "payment_cents": current.payment_cents if current else None,
        "version": current.version if current else 0,
    }
    raise EditConflict(_("Someone else changed this while you were working."), theirs)


def _check_reason(
    standing: Standing | None, year: int, sheet: AmountSheet | None, reason: str
) -> None:
    if reason.strip() or not needs_reason(standing, year, sheet):
        return
    raise DomainError(
        "reason_required",
        _(
            "A figure of %(year)s stands already, and that year has begun: say why it becomes "
            "another one."
        )
        % {"year": year},
        "reason",
    )


def _check(year: int, budget: str, sheet: AmountSheet) -> None:
    check_budget(year, budget)
    for name, value in sheet.values().items():
        check_cents(value, name.removesuffix("_cents"))


def check_budget(year: int, budget: str) -> None:
    """Raise DomainError for a year or a version that no budget is of."""
    if not FIRST_YEAR < year < LAST_YEAR:
        raise DomainError(
            "year_out_of_range",
            _("%(year)s lies outside %(first)s-%(last)s: look at the year again.")
            % {"year": year, "first": FIRST_YEAR + 1, "last": LAST_YEAR - 1},
            "year",
        )
    if budget not in BudgetVersion.values:
        raise DomainError(
            "unknown_budget",
            _("There is no version “%(value)s” of a budget.") % {"value": budget},
            "budget",
        )


def check_cents(cents: int, field: str) -> None:
    """Raise DomainError at the field for an amount that no line can have."""
    if cents < 0:
        raise DomainError(
            "negative",
            _("%(value)s kEUR lies below zero. Write the amount without a minus sign.")
            % {"value": keur_text(cents)},
            field,
        )
    if cents > MAX_CENTS:
        raise DomainError(
            "too_large",
            _("%(value)s kEUR is more than any budget gives: is it written in thousands of euros?")
            % {"value": keur_text(cents)},
            field,
        )
