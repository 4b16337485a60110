"""A second connection to the test database, as another request would have."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import connect

from django.db import connection, connections


def copy_to_file(file: Path) -> None:
    """Copy what is committed in SQLite's test database, kept in memory, to a file.

    Two connections to a database in memory share one cache, in which a reader never gets past an
    uncommitted write. A file, as in production, has a write-ahead log. PostgreSQL needs nothing.
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(connect(file)) as copy:
            connection.connection.backup(copy)
            # As migrate leaves it: threads that switch it at once would lock each other out.
            copy.execute("PRAGMA journal_mode=WAL")


@contextmanager
def own_connection(file: Path) -> Iterator[None]:
    """Give this thread its own connection: on SQLite to the file of `copy_to_file`."""
    before = connections["default"]
    mine = before.copy("default")
    if mine.vendor == "sqlite":
        mine.settings_dict["NAME"] = str(file)
    connections["default"] = mine
    try:
        yield
    finally:
        mine.close()
        connections["default"] = before
