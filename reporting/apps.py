"""The reporting app."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Dashboards, progress reports, exports."""

    name = "reporting"
