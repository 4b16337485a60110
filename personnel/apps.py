"""The personnel app."""

from django.apps import AppConfig


class PersonnelConfig(AppConfig):
    """Users, organisation units, ministers and roles."""

    name = "personnel"
