"""The database tells when a table changed: triggers give it another token, on both databases.

What a process keeps in memory (`ibzplan.core.steady`) holds as long as the tokens of the tables
that it was read from. A token is random, so that one which a rollback took back never returns
with other rows. Writers of one table wait for each other at its token until commit; whoever
records a fact already waits at the record clock, which it takes first.

A table rebuild drops its triggers, so they are put back after every migrate; a table without all
of them counts as not watched, and a system check reports it.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from django.apps import apps
from django.db import connections

from ibzplan.core.triggers import after_every_migrate, triggers_by_table

# Tables of work in progress: written all the time, and never kept.
VOLATILE: Final = frozenset(
    {
        "core.apitoken",
        "core.formdraft",
        "core.idempotentrequest",
        "core.job",
        "core.maintenance",
        "core.notification",
        "core.recordclock",
        "core.tableversion",
    }
)
# What a row says of its use, not of its content: a login makes nobody read anew.
VOLATILE_COLUMNS: Final = frozenset({"last_login"})
_PREFIX: Final = "ibz_version"


def watched_tables() -> dict[str, list[str]]:
    """Return the columns of the tables of the product's own models, by table, sorted.

    The tables of links between them are among them.
    """
    models = (
        model._meta
        for model in apps.get_models(include_auto_created=True)
        if not apps.get_app_config(model._meta.app_label).name.startswith("django.")
        and model._meta.label_lower not in VOLATILE
    )
    return {
        meta.db_table: [str(field.column) for field in meta.local_concrete_fields]
        for meta in sorted(models, key=lambda meta: meta.db_table)
    }


def _of_columns(columns: Collection[str]) -> str:
    """Return which updates count: all of them, or those of a table's lasting columns."""
    if VOLATILE_COLUMNS.isdisjoint(columns):
        return "UPDATE"
    lasting = sorted(set(columns) - VOLATILE_COLUMNS)
    return "UPDATE OF " + ", ".join(f'"{column}"' for column in lasting)


def _sqlite(table: str, columns: Collection[str]) -> list[str]:
    events = {"insert": "INSERT", "update": _of_columns(columns), "delete": "DELETE"}
    statements = []
    for verb, event in events.items():
        name = f"{_PREFIX}_{table}_{verb}"
        statements += [
            f'DROP TRIGGER IF EXISTS "{name}"',
            f'CREATE TRIGGER "{name}" AFTER {event} ON "{table}" BEGIN '  # noqa: S608 (names are our own tables)
            f"UPDATE core_tableversion SET token = random() WHERE name = '{table}'; END",
        ]
    return statements


def _postgresql(table: str, columns: Collection[str]) -> list[str]:
    return [
        f'CREATE OR REPLACE TRIGGER "{_PREFIX}_{table}" '
        f'AFTER INSERT OR {_of_columns(columns)} OR DELETE OR TRUNCATE ON "{table}" '
        f"FOR EACH STATEMENT EXECUTE FUNCTION {_PREFIX}()"
    ]


_POSTGRESQL_FUNCTION: Final = (
    f"CREATE OR REPLACE FUNCTION {_PREFIX}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608 (no value in it)
    "UPDATE core_tableversion SET token = (random() * 9e15)::bigint WHERE name = TG_TABLE_NAME; "
    "RETURN NULL; END $$"
)


def install(using: str = "default") -> None:
    """Watch every table that exists, and give each another token; safe to repeat."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    if "core_tableversion" not in existing:
        return
    sqlite = connection.vendor == "sqlite"
    tables = {name: columns for name, columns in watched_tables().items() if name in existing}
    unwatched = set(missing_triggers(using))
    with connection.cursor() as cursor:
        if not sqlite:
            cursor.execute(_POSTGRESQL_FUNCTION)
        for table, columns in tables.items():
            # One that names columns is made anew: a migration may have added some.
            if table in unwatched or not VOLATILE_COLUMNS.isdisjoint(columns):
                for statement in (_sqlite if sqlite else _postgresql)(table, columns):
                    cursor.execute(statement)
        _renew(cursor, list(tables), "random()" if sqlite else "(random() * 9e15)::bigint")


def _renew(cursor: Any, tables: Sequence[str], token: str) -> None:
    cursor.execute("DELETE FROM core_tableversion")
    if tables:
        rows = ", ".join(f"(%s, {token})" for _table in tables)
        cursor.execute(f"INSERT INTO core_tableversion (name, token) VALUES {rows}", tables)  # noqa: S608 (no value in it)


def missing_triggers(using: str = "default") -> list[str]:
    """Return the tables that exist without all of their triggers."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    found = triggers_by_table(_PREFIX, using)
    needed = 3 if connection.vendor == "sqlite" else 1  # SQLite has one a verb
    return [t for t in watched_tables() if t in existing and found[t] < needed]


def connect() -> None:
    """Install after every migrate."""
    after_every_migrate(install, "table_versions.after_migrate")
