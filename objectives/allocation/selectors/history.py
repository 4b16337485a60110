"""What happened to the shares of a line in a year."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from budget.models import CreditLine
from ibzplan.core.models import HistoryEntry
from ibzplan.core.rewind import ACTION_CREATED
from objectives.allocation.models import CreditAllocation, StaffAllocation
from objectives.allocation.selectors.book import AllocationBook
from objectives.allocation.selectors.lines import Allocation, LineUse
from objectives.planning.models import OperationalObjective

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIMIT: Final = 50


@dataclass(frozen=True, slots=True)
class ShareEntry:
    """One entry: of which objective, and the share before and after it; None for none."""

    entry: HistoryEntry
    objective: OperationalObjective
    before: Fraction | None
    after: Fraction | None


def line_history(book: AllocationBook, use: LineUse) -> list[ShareEntry]:
    """Return what happened until then, of objectives that the reader sees, the newest first.

    Two queries.
    """
    rows: dict[object, Allocation] = {row.uuid: row for row in _rows(book, use)}
    entries = HistoryEntry.objects.filter(
        target_type__in=(CreditAllocation.type_name(), StaffAllocation.type_name()),
        target_uuid__in=list(rows),
        at__lte=book.clocks.known_at,
    ).select_related("actor")
    shares: dict[object, Fraction | None] = {}
    found: list[ShareEntry] = []
    for entry in sorted(entries, key=lambda one: (one.at, one.pk)):
        before = shares.get(entry.target_uuid)
        after = _share_after(entry, before)
        shares[entry.target_uuid] = after
        objective = book.objectives[rows[entry.target_uuid].objective_id]
        found.append(ShareEntry(entry, objective, before, after))
    return found[::-1][:_LIMIT]


def _rows(book: AllocationBook, use: LineUse) -> list[Allocation]:
    held = {"line": use.line.pk, "year": book.year, "objective__in": list(book.objectives)}
    if isinstance(use.line, CreditLine):
        return list(CreditAllocation.objects.filter(**held))
    return list(StaffAllocation.objects.filter(**held))


def _share_after(entry: HistoryEntry, before: Fraction | None) -> Fraction | None:
    """Return the share that an entry left; what it does not name stayed as it was."""
    changes: Mapping[str, list[int]] = entry.changes
    if "withdrawn_at" in changes:
        return None
    if entry.action == ACTION_CREATED or before is None:
        return Fraction(changes["numerator"][1], changes["denominator"][1])
    numerator, denominator = before.numerator, before.denominator
    return Fraction(
        changes.get("numerator", [0, numerator])[1],
        changes.get("denominator", [0, denominator])[1],
    )
