"""The objectives.allocation app."""

from django.apps import AppConfig


class AllocationConfig(AppConfig):
    """See the package's docstring."""

    name = "objectives.allocation"
    label = "allocation"
