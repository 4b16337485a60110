"""Allocating a share of a line to an objective, changing it, and taking it back."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from budget.models import CreditLine
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.allocation.models import CreditAllocation, StaffAllocation
from objectives.allocation.selectors.lines import Allocation, Line
from objectives.allocation.selectors.structure import unit_of
from objectives.allocation.services.over import check_over
from objectives.allocation.services.rights import must_allocate, must_change_now
from objectives.allocation.sharing import MOST_DENOMINATOR
from objectives.planning.models import OperationalObjective
from personnel.choices import Statute
from personnel.models import User

ACTION_WITHDRAWN: Final = "withdrawn"


@transaction.atomic
def allocation_set(
    *,
    actor: User,
    line: Line,
    objective: OperationalObjective,
    share: Fraction,
    statute: str = Statute.ALL,
    reason: str = "",
    expected_version: int = 0,
    at: datetime | None = None,
) -> Allocation:
    """Allocate a share of a line to an objective in its plan year, or change that share.

    `statute` counts for a staffing line only. `expected_version` is that of the allocation which
    the writer saw, 0 for none. `at` is the instant that the caller took already.
    Raises NotAllowed, DomainError with the field (too much of the line too, where the setting
    refuses it), or EditConflict when someone else came first.
    """
    must_allocate(actor, unit_of(line), objective)
    at = at or next_instant()
    must_change_now(actor, objective)
    statute = _checked_statute(line, statute)
    _check_share(share)
    current = allocation_now(line, objective, statute)
    _check_version(current, expected_version)
    if current is not None and current.share == share:
        return current
    check_over(line=line, statute=statute, objective=objective, share=share)
    values = {"numerator": share.numerator, "denominator": share.denominator}
    if current is not None:
        record_change(actor=actor, target=current, values=values, reason=reason, at=at)
        return current
    return _made(actor, line, objective, statute, values, reason, at)


@transaction.atomic
def allocation_withdraw(
    *, actor: User, allocation: Allocation, reason: str = "", expected_version: int
) -> None:
    """Take an allocation back: the share is left again. Pages of earlier moments show it still.

    Raises NotAllowed, DomainError, or EditConflict.
    """
    must_allocate(actor, unit_of(allocation.line), allocation.objective)
    at = next_instant()
    must_change_now(actor, allocation.objective)
    current = type(allocation)._default_manager.select_for_update().get(pk=allocation.pk)
    if current.withdrawn_at is not None:
        raise EditConflict(_("Someone else withdrew this while you were working."), {})
    _check_version(current, expected_version)
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


def allocation_now(
    line: Line, objective: OperationalObjective, statute: str = Statute.ALL
) -> Allocation | None:
    """Return what is allocated now of a line to an objective, None for nothing: one query."""
    held = {"line": line, "objective": objective, "year": objective.plan.year, "withdrawn_at": None}
    if isinstance(line, CreditLine):
        return CreditAllocation.objects.filter(**held).first()
    return StaffAllocation.objects.filter(**held, statute=statute).first()


def _made(
    actor: User,
    line: Line,
    objective: OperationalObjective,
    statute: str,
    values: Mapping[str, int],
    reason: str,
    at: datetime,
) -> Allocation:
    """Store a new allocation with its history."""
    common: dict[str, Any] = {
        "year": objective.plan.year,
        "objective": objective,
        "is_demo": objective.is_demo or line.is_demo,
        **values,
    }
    row: Allocation
    if isinstance(line, CreditLine):
        row = CreditAllocation(line=line, **common)
    else:
        row = StaffAllocation(line=line, statute=statute, **common)
    row.save(force_insert=True)
    row.created_at = at  # an insert sets the wall clock, which is past the instant by now
    row.save(update_fields=["created_at"])
    told: dict[str, Any] = {"line": line, "objective": objective, **values}
    history_record(
        actor=actor,
        target=row,
        action="created",
        changes={name: (None, value) for name, value in told.items()},
        reason=reason,
        at=at,
    )
    return row


def _checked_statute(line: Line, statute: str) -> str:
    if isinstance(line, CreditLine):
        return ""
    if statute not in Statute.values:
        raise DomainError(
            "unknown_statute",
            _("There is no statute “%(value)s”: choose one of the list.") % {"value": statute},
            "statute",
        )
    return statute


def _check_share(share: Fraction) -> None:
    if not 0 < share <= 1 or share.denominator > MOST_DENOMINATOR:
        raise DomainError(
            "no_share",
            _("%(value)s is not a share of a line: give more than nothing and at most all of it.")
            % {"value": str(share)},
            "share",
        )


def _check_version(current: Allocation | None, expected: int) -> None:
    """Raise EditConflict when the stored allocation is not the one that the writer saw."""
    if (current.version if current else 0) == expected:
        return
    theirs: Mapping[str, Any] = {
        "share": current.share if current else None,
        "version": current.version if current else 0,
    }
    raise EditConflict(_("Someone else changed this while you were working."), theirs)
