"""The objectives.security app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SecurityConfig(AppConfig):
    """See the package's docstring."""

    name = "objectives.security"
    label = "security"

    def ready(self) -> None:
        """Put the plan in the navigation, name its document, and make it searchable."""
        from ibzplan.core import navigation, sources
        from objectives.security import search, translations

        sources.register("004_97ca88a594413ef5.txt", _("NVP"))
        navigation.register(
            navigation.NavEntry(40, "security:overview", _("NVP 2026-2029"), lambda _request: True)
        )
        search.register_all()
        translations.register_all()
