"""The objectives.planning app."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """See the package's docstring."""

    name = "objectives.planning"
    label = "planning"
