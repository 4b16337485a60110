"""One consistent read: every query inside sees the database as it was at the first of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_SQLITE_DEFERRED = "DEFERRED"


@contextmanager
def consistent_read() -> Iterator[None]:
    """Read everything from one state of the database (design.md 4.12).

    PostgreSQL: REPEATABLE READ, which refuses writes too. SQLite: a deferred transaction, which
    in WAL mode keeps its first state and blocks no writer. Inside a transaction that has begun
    already the isolation level cannot change any more: then that transaction is the read.
    """
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "sqlite":
        mode = connection.transaction_mode  # type: ignore[attr-defined]
        connection.transaction_mode = _SQLITE_DEFERRED  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = mode  # type: ignore[attr-defined]
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
