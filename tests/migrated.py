"""Test databases that begin as a copy of one that has been migrated.

`make test` migrates an empty database once for each pair of servers and names it in
IBZPLAN_MIGRATED: a file for SQLite, a database of the server for PostgreSQL. To migrate takes
long, and every process of a run needs a database. Without that name each migrates its own.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any, Final

from django.db import connection

MIGRATED: Final = os.environ.get("IBZPLAN_MIGRATED", "")

# What keeps a database in memory alive until the tests have one of their own open.
_kept: list[sqlite3.Connection] = []


def begin_migrated() -> None:
    """Let Django make its test database as a copy; `migrate` then finds nothing to do."""
    if not MIGRATED:
        return
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = MIGRATED
        return
    creation: Any = connection.creation
    create = creation._create_test_db

    def create_filled(*arguments: Any, **options: Any) -> str:
        name = str(create(*arguments, **options))
        filled = sqlite3.connect(name, uri=name.startswith("file:"))
        with sqlite3.connect(MIGRATED) as source:
            source.backup(filled)
        source.close()
        _kept.append(filled)
        return name

    creation._create_test_db = create_filled


def copy_migrated(folder: Path) -> None:
    """Put the migrated SQLite database into a data folder."""
    with (
        sqlite3.connect(MIGRATED) as source,
        sqlite3.connect(folder / "ibzplan.sqlite3") as target,
    ):
        source.backup(target)
    source.close()
    target.close()
