"""`recorded_at`, given under one lock and strictly increasing in commit order (design.md 4.3)."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from ibzplan.core.models import RecordClock

_ONE_TICK = timedelta(microseconds=1)


def next_instant() -> datetime:
    """Return the next instant for a recorded fact; call it inside the fact's transaction.

    The row stays locked until commit, so that of two facts the one committed later also has
    the later instant. On SQLite the IMMEDIATE transaction is that lock.
    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("next_instant() needs the transaction of the fact it dates")
    rows = RecordClock.objects.select_for_update()
    clock = rows.filter(pk=1).first()
    if clock is None:  # the very first fact of this database
        RecordClock.objects.get_or_create(
            pk=1, defaults={"last_instant": datetime(2000, 1, 1, tzinfo=UTC)}
        )
        clock = rows.get(pk=1)
    clock.last_instant = max(timezone.now(), clock.last_instant + _ONE_TICK)
    clock.save(update_fields=["last_instant"])
    return clock.last_instant
