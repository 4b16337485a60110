"""A year's table that was handed in: written as a whole, or not at all."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budget.credit_file import AmountRow
from budget.selectors.book import credit_book
from budget.selectors.importing import AmountChange, import_check
from budget.selectors.lines import amount_entered
from budget.services.amounts import AmountSheet, check_budget, credit_set, needs_reason
from budget.services.rights import must_keep_credits
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.services import next_instant
from ibzplan.core.table_files.handed import reason_told
from personnel.models import User


def changes_need_reason(changes: Sequence[AmountChange], year: int) -> bool:
    """Tell whether any of the changes must be explained."""
    return any(needs_reason(one.standing, year, _sheet(one.row)) for one in changes)


@transaction.atomic
def credits_import(
    *,
    actor: User,
    year: int,
    budget: str,
    rows: Sequence[AmountRow],
    fingerprint: str,
    file_name: str,
    reason: str = "",
) -> int:
    """Enter the amounts of a file; return how many lines changed.

    `fingerprint` is that of the changes that the writer saw: when something else stands by now,
    nothing is written. Raises NotAllowed, DomainError (also when a row cannot be entered), or
    EditConflict.
    """
    must_keep_credits(actor)
    at = next_instant()
    check_budget(year, budget)
    found = import_check(credit_book(Clocks.now()), rows, year, budget)
    if found.problems or found.fingerprint != fingerprint:
        raise EditConflict(
            _(
                "The credits changed since this list was made: nothing is written. Look at the "
                "list again."
            ),
            {},
        )
    if not reason.strip() and changes_need_reason(found.changes, year):
        count = sum(change.standing is not None for change in found.changes)
        raise DomainError(
            "reason_required",
            ngettext(
                "%(count)s figure of %(year)s becomes another one, and that year has begun: say "
                "why.",
                "%(count)s figures of %(year)s become other ones, and that year has begun: say "
                "why.",
                count,
            )
            % {"count": count, "year": year},
            "reason",
        )
    for change in found.changes:
        current = amount_entered(change.line, year, budget)
        credit_set(
            actor=actor,
            line=change.line,
            year=year,
            budget=budget,
            sheet=_sheet(change.row),
            reason=reason_told(file_name, reason),
            expected_version=current.version if current else 0,
            at=at,
        )
    return len(found.changes)


def _sheet(row: AmountRow) -> AmountSheet:
    return AmountSheet(commitment_cents=row.commitment_cents, payment_cents=row.payment_cents)
