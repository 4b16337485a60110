"""The objectives.allocation app."""

from django.apps import AppConfig


class AllocationConfig(AppConfig):
    """See the package's docstring."""

    name = "objectives.allocation"
    label = "allocation"

    def ready(self) -> None:
        """Check the setting, and show the means on the page of an objective."""
        from objectives.allocation import checks, panels

        assert checks  # noqa: S101 (importing it registers the check)
        panels.register_all()
