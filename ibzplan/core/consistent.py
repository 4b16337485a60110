"""One consistent read: every query inside sees the database as it was at the first of them.

What is streamed outlasts the request. It is read over a connection of its own: the pages and
requests that the same thread serves meanwhile or next must neither find its transaction open nor
end it.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Pieces = Generator[bytes, None, None]

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
        connection.ensure_connection()  # which sets its mode
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


def read_aside(make: Callable[[], Pieces]) -> Pieces:
    """Yield the pieces that `make` makes, all in one consistent read, over a connection aside.

    While a piece is made that connection is the thread's own, for every selector; between two
    pieces it is not. It is closed when the last piece is out, when one fails and when nobody wants
    more. Within a transaction that has begun already that one is the read.
    """
    if connection.in_atomic_block:
        yield from make()
        return
    own = connections[DEFAULT_DB_ALIAS].copy()
    own.inc_thread_sharing()  # whoever leaves may be another thread
    pieces, reading = make(), ExitStack()
    try:
        with _in_place(own):
            reading.enter_context(consistent_read())
            _keep_to_reading(own)
        while True:
            with _in_place(own):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece
    finally:
        try:
            with _in_place(own):
                pieces.close()
        finally:
            _end(own, reading)


@contextmanager
def _in_place(own: BaseDatabaseWrapper) -> Iterator[None]:
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = own
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before


def _keep_to_reading(own: BaseDatabaseWrapper) -> None:
    with own.cursor() as cursor:
        if own.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = ON")
        else:
            # Compiling a query of so many cells takes longer than it ever wins back.
            cursor.execute("SET LOCAL jit = off")


def _end(own: BaseDatabaseWrapper, reading: ExitStack) -> None:
    """End the read, whatever became of its connection, and close that."""
    with _in_place(own):
        with suppress(DatabaseError):  # what was left early cannot end well
            reading.close()
        if own.vendor == "sqlite" and own.connection is not None:
            with own.cursor() as cursor:  # closing a database in memory ends nothing
                cursor.execute("PRAGMA query_only = OFF")
        own.close()
