"""The core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Core: nothing here imports an app above it; apps register themselves instead."""

    name = "ibzplan.core"
    label = "core"

    def ready(self) -> None:
        """After every migrate: guard append-only tables and watch all of them; check both."""
        from ibzplan.core import append_only, checks, table_versions  # noqa: F401 (checks registers itself)

        append_only.connect()
        table_versions.connect()
