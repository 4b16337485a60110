"""System checks of the core."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from ibzplan.core.append_only import missing_triggers


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
        for table in missing_triggers(using)
    ]
