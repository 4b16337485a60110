"""System checks of the core."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from ibzplan.core import append_only, table_versions


@register(Tags.database)
def append_only_tables_are_guarded(
    *, databases: Iterable[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Report every append-only table that lost its triggers (run by `check --database`)."""
    return [
        Error(
            f"Table {table} is not kept append-only by the database.",
            hint="Run `manage.py migrate --skip-checks`: it puts the triggers back.",
            id="core.E001",
        )
        for using in databases or []
        for table in append_only.missing_triggers(using)
    ]


@register(Tags.database)
def tables_are_watched(
    *, databases: Iterable[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Report every table whose changes the database does not tell (run by `check --database`)."""
    return [
        Error(
            f"The database does not tell when table {table} changes.",
            hint="Run `manage.py migrate --skip-checks`: it puts the triggers back.",
            id="core.E002",
        )
        for using in databases or []
        for table in table_versions.missing_triggers(using)
    ]
