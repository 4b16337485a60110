"""The core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Core: nothing here imports an app above it; apps register themselves instead."""

    name = "ibzplan.core"
    label = "core"

    def ready(self) -> None:
        """Keep append-only tables guarded after every migrate, and check that they are."""
        from ibzplan.core import append_only, checks  # noqa: F401 (checks registers itself)

        append_only.connect()
