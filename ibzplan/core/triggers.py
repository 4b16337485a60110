"""What the triggers of append-only tables and of watched ones share, on SQLite and PostgreSQL."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.models.signals import post_migrate


def triggers_by_table(prefix: str, using: str) -> Counter[str]:
    """Return how many triggers with names that begin like this each table has: one query."""
    connection = connections[using]
    query = (
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
        if connection.vendor == "sqlite"
        else "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema() "
        "WHERE NOT t.tgisinternal AND t.tgname LIKE %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [f"{prefix}%"])
        return Counter(table for (table,) in cursor.fetchall())


def after_every_migrate(install: Callable[[str], None], uid: str) -> None:
    """Call `install` with the database after each migrate.

    The last app's signal is enough: once per database.
    """
    last = list(apps.get_app_configs())[-1]

    def after_migrate(*, using: str, **_kwargs: Any) -> None:
        install(using)

    post_migrate.connect(after_migrate, sender=last, weak=False, dispatch_uid=uid)
