"""Reads that every app shares."""

from ibzplan.core.models import HistoryEntry, Record


def history_of(target: Record, limit: int = 50) -> list[HistoryEntry]:
    """Return the newest entries of one record, with their actors: one query."""
    return list(
        HistoryEntry.objects.filter(
            target_type=target.type_name(), target_uuid=target.uuid
        ).select_related("actor")[:limit]
    )
