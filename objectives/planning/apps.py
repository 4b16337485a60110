"""The objectives.planning app."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """See the package's docstring."""

    name = "objectives.planning"
    label = "planning"

    def ready(self) -> None:
        """Make objectives and indicators searchable."""
        from objectives.planning import search

        search.register_all()
