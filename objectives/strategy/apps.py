"""The objectives.strategy app."""

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    """See the package's docstring."""

    name = "objectives.strategy"
    label = "strategy"
