"""The objectives.security app."""

from django.apps import AppConfig


class SecurityConfig(AppConfig):
    """See the package's docstring."""

    name = "objectives.security"
    label = "security"
