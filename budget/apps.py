"""The budget app."""

from django.apps import AppConfig


class BudgetConfig(AppConfig):
    """Credits, their execution and their reconciliation."""

    name = "budget"
