"""What waits for translation in the National Security Plan: the corporate cell translates it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from objectives.security.models import SecurityObjective, SecurityTheme
from objectives.strategy.translations import register_entries


def _theme_url(row: SecurityTheme) -> str:
    return reverse("security:theme", args=[row.code])


def _objective_url(row: SecurityObjective) -> str:
    return _theme_url(row.theme)


def register_all() -> None:
    """Register themes and objectives."""
    register_entries("security-themes", 70, _("Security themes"), SecurityTheme, _theme_url)
    register_entries(
        "security-objectives",
        71,
        _("Objectives of the NVP"),
        SecurityObjective,
        _objective_url,
        related=("theme",),
    )
