"""How long SQLite waits for whoever writes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def sqlite_not_waiting() -> Iterator[None]:
    """Let statements inside fail at once (OperationalError) while someone else writes.

    On PostgreSQL nothing changes: there a row waits for its own writers only. Inside a transaction
    neither: it has the lock, or its failure would end it.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        patience = int(cursor.fetchone()[0])
        cursor.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {patience:d}")
