"""Reads that every app shares."""

from datetime import datetime

from django.db.models import Subquery

from ibzplan.core.models import HistoryEntry, Record, RecordClock
from ibzplan.core.steady import clock_read


def last_instant() -> datetime | None:
    """Return the last committed instant of the record clock, None before the first fact: one
    query, once a request that only reads.

    Every writer still in flight has a later one: it holds the clock until it commits.
    """
    return clock_read()


def last_rewritten() -> datetime | None:
    """Return when rows came or went last that no instant tells of, None for never: one query."""
    return RecordClock.objects.values_list("rewritten_at", flat=True).first()


def instant_read() -> Subquery:
    """Return the last committed instant as an annotation: a statement then tells with its rows
    when it read them, so that nothing comes between.
    """
    return Subquery(RecordClock.objects.filter(pk=1).order_by().values("last_instant")[:1])


def history_of(
    target: Record, limit: int = 50, *, until: datetime | None = None
) -> list[HistoryEntry]:
    """Return the newest entries of one record, with their actors: one query.

    `until` leaves out what happened after that moment.
    """
    rows = HistoryEntry.objects.filter(target_type=target.type_name(), target_uuid=target.uuid)
    if until is not None:
        rows = rows.filter(at__lte=until)
    return list(rows.select_related("actor")[:limit])
