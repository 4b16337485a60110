"""One consistent read of any length, over a connection of its own (design.md 4.12).

What is streamed outlasts the request: the pages and requests that the same thread serves meanwhile
or next must neither find its transaction open nor end it.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Pieces = Generator[bytes, None, None]


def read_aside(make: Callable[[], Pieces]) -> Pieces:
    """Yield the pieces that `make` makes, all from one state of the database, read only.

    While a piece is made the connection aside is the thread's own, for every selector; between two
    pieces it is not. It is closed when the last piece is out, when one fails and when nobody wants
    more. Within a transaction that has begun already that one is the read.
    """
    if connection.in_atomic_block:
        yield from make()
        return
    own = connections[DEFAULT_DB_ALIAS].copy()
    own.inc_thread_sharing()  # whoever leaves may be another thread
    pieces = make()
    try:
        with _in_place(own):
            _begin(own)
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
            _end(own)


@contextmanager
def _in_place(own: BaseDatabaseWrapper) -> Iterator[None]:
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = own
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before


def _begin(own: BaseDatabaseWrapper) -> None:
    """Begin reading: PostgreSQL in REPEATABLE READ; SQLite deferred, which blocks no writer."""
    with own.cursor() as cursor:
        if own.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = ON")
            cursor.execute("BEGIN DEFERRED")
            return
    own.set_autocommit(False)
    with own.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # Compiling a query of so many cells takes longer than it ever wins back.
        cursor.execute("SET LOCAL jit = off")


def _end(own: BaseDatabaseWrapper) -> None:
    if own.vendor == "sqlite" and own.connection is not None:
        own.connection.rollback()  # closing a database in memory ends nothing
        with own.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")
    own.close()
