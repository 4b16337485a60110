"""Tables that the database itself keeps append-only, on SQLite and PostgreSQL (design.md 4.3).

A table rebuild (SQLite does one for most ALTERs) drops its triggers, so they are put back after
every migrate; a system check verifies that they are there. Demo rows may be deleted, because
they must be removable; anything else only inside `maintenance_pass`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connections, models

from ibzplan.core.triggers import after_every_migrate, triggers_by_table

_TABLES: Final[dict[str, str]] = {}
_PREFIX: Final = "ibz_append_only"


def register(model: type[models.Model]) -> type[models.Model]:
    """Class decorator: keep this model's table append-only. Needs an `is_demo` column."""
    _TABLES[model._meta.db_table] = model._meta.app_label
    return model


def guarded_tables() -> list[str]:
    """Return the table names, sorted."""
    return sorted(_TABLES)


def _sqlite(table: str) -> list[str]:
    statements = []
    for verb in ("UPDATE", "DELETE"):
        name = f"{_PREFIX}_{table}_{verb.lower()}"
        statements += [
            f'DROP TRIGGER IF EXISTS "{name}"',
            f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" WHEN OLD.is_demo = 0 '  # noqa: S608 (names are our own tables)
            f"AND NOT EXISTS (SELECT 1 FROM core_maintenance WHERE is_open = 1) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        ]
    return statements


def _postgresql(table: str) -> list[str]:
    function = f"{_PREFIX}_{table}"
    return [
        f'CREATE OR REPLACE FUNCTION "{function}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
        f"IF current_setting('ibzplan.maintenance', true) = 'on' THEN "
        f"IF TG_OP = 'DELETE' THEN RETURN OLD; ELSIF TG_OP = 'UPDATE' THEN RETURN NEW; "
        f"ELSE RETURN NULL; END IF; END IF; "
        f"IF TG_OP <> 'TRUNCATE' THEN IF OLD.is_demo THEN "
        f"IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF; END IF; END IF; "
        f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$",
        f'DROP TRIGGER IF EXISTS "{function}_row" ON "{table}"',
        f'CREATE TRIGGER "{function}_row" BEFORE UPDATE OR DELETE ON "{table}" '
        f'FOR EACH ROW EXECUTE FUNCTION "{function}"()',
        f'DROP TRIGGER IF EXISTS "{function}_all" ON "{table}"',
        f'CREATE TRIGGER "{function}_all" BEFORE TRUNCATE ON "{table}" '
        f'FOR EACH STATEMENT EXECUTE FUNCTION "{function}"()',
    ]


def install(using: str = "default") -> None:
    """Put the triggers on every guarded table that exists; safe to repeat."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    make = _sqlite if connection.vendor == "sqlite" else _postgresql
    if "core_maintenance" not in existing:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT OR IGNORE INTO core_maintenance (id, is_open) VALUES (1, 0)")
        for table in guarded_tables():
            if table in existing:
                for statement in make(table):
                    cursor.execute(statement)


def missing_triggers(using: str = "default") -> list[str]:
    """Return the guarded tables that exist without both of their triggers."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    found = triggers_by_table(_PREFIX, using)
    return [t for t in guarded_tables() if t in existing and found[t] < 2]


@contextmanager
def maintenance_pass(using: str = "default") -> Iterator[None]:
    """Let rows of guarded tables be changed within the current transaction only.

    The caller records in the history who did it and why.
    """
    connection = connections[using]
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_maintenance SET is_open = 1"
            if sqlite
            else "SELECT set_config('ibzplan.maintenance', 'on', true)"
        )
        try:
            yield
        finally:
            cursor.execute(
                "UPDATE core_maintenance SET is_open = 0"
                if sqlite
                else "SELECT set_config('ibzplan.maintenance', 'off', true)"
            )


def connect() -> None:
    """Reinstall after every migrate."""
    after_every_migrate(install, "append_only.after_migrate")
