"""What was recorded lately of everything, read once for all that is led back to a recent moment.

A page that compares, one that tells what changed and what someone follows each ask what records
said some weeks ago. In a request that only reads they share one statement, and its rows stay in
memory until something is recorded: see `ibzplan.core.steady`.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Final

from django.utils import timezone

from ibzplan.core.models import HistoryEntry
from ibzplan.core.steady import is_reading, steady

_MONTHS_A_QUARTER: Final = 3


def entries_after(moment: datetime, type_names: frozenset[str]) -> Sequence[HistoryEntry] | None:
    """Return what was recorded of these types after a recent moment, the newest first.

    None for a moment before the last quarter that is over, or where nothing is kept: the caller
    then asks for what it needs alone. One query, none when it is known.
    """
    begin = _recent_since(timezone.localdate())
    if not is_reading() or moment < begin:
        return None
    kept = _entries_since(begin)
    found = [entry for name in type_names for entry in kept.get(name, ()) if entry.at > moment]
    return sorted(found, key=lambda entry: (entry.at, entry.pk), reverse=True)


def _recent_since(today: date) -> datetime:
    """Return when the quarter before that of today began: the same for a whole quarter."""
    first_month = today.month - (today.month - 1) % _MONTHS_A_QUARTER - _MONTHS_A_QUARTER
    year, month = (today.year, first_month) if first_month > 0 else (today.year - 1, 10)
    return datetime.combine(date(year, month, 1), time(), tzinfo=UTC)


@steady
def _entries_since(begin: datetime) -> Mapping[str, Sequence[HistoryEntry]]:
    found: dict[str, list[HistoryEntry]] = {}
    for entry in HistoryEntry.objects.filter(at__gt=begin).order_by("at", "pk"):
        found.setdefault(entry.target_type, []).append(entry)
    return found
