"""`recorded_at`, given under one lock and strictly increasing in commit order (design.md 4.3)."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from ibzplan.core.models import RecordClock
from ibzplan.core.steady import clock_moved

_ONE_TICK = timedelta(microseconds=1)


def next_instant() -> datetime:
    """Return the next instant for a recorded fact; call it inside the fact's transaction.

    The row stays locked until commit, so that of two facts the one committed later also has
    the later instant. On SQLite the IMMEDIATE transaction is that lock.

    The one lock order: a service takes its instant before it locks or writes any other row (an
    insert locks the rows it refers to), and gives it to the services it calls. Two writers then
    wait for each other at the clock, never one for a row and the other for the clock.
    Raises RuntimeError outside a transaction.
    """
    clock = _locked_clock()
    clock.last_instant = max(timezone.now(), clock.last_instant + _ONE_TICK)
    clock.save(update_fields=["last_instant"])
    return clock.last_instant


def clock_hold() -> None:
    """Lock the clock without taking an instant: the facts to come bring dates of their own.

    Raises RuntimeError outside a transaction.
    """
    _locked_clock()


def clock_raise(at: datetime) -> None:
    """Let the clock stand at `at` or later, never back; for facts that brought their own dates.

    Without it a reader, who sees what the clock has reached, would not see them yet. Who wrote
    rows before called `clock_hold` first.
    Raises RuntimeError outside a transaction.
    """
    clock = _locked_clock()
    if at > clock.last_instant:
        clock.last_instant = at
        clock.save(update_fields=["last_instant"])


def clock_rewritten(*, at: datetime) -> None:
    """Note that rows came, changed or went that no instant tells of; `at` is the caller's own.

    For what is written in bulk with a past of its own, or taken away without history. A change feed
    cannot tell of it, so that whoever read before it has to read anew.
    """
    RecordClock.objects.filter(pk=1).update(rewritten_at=at)


def _locked_clock() -> RecordClock:
    if not connection.in_atomic_block:
        raise RuntimeError("the record clock needs the transaction of the fact it dates")
    clock_moved()
    rows = RecordClock.objects.select_for_update()
    clock = rows.filter(pk=1).first()
    if clock is None:  # the very first fact of this database
        RecordClock.objects.get_or_create(
            pk=1, defaults={"last_instant": datetime(2000, 1, 1, tzinfo=UTC)}
        )
        clock = rows.get(pk=1)
    return clock
