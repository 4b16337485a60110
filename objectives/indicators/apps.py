"""The objectives.indicators app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """See the package's docstring."""

    name = "objectives.indicators"
    label = "indicators"
