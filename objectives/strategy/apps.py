"""The objectives.strategy app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StrategyConfig(AppConfig):
    """See the package's docstring."""

    name = "objectives.strategy"
    label = "strategy"

    def ready(self) -> None:
        """Put the plan in the navigation, name its document, and make it searchable."""
        from ibzplan.core import navigation, sources
        from objectives.strategy import follows, search, translations

        sources.register("000_c14960591bf45b9c.txt", _("Strategic plan"))
        navigation.register(
            navigation.NavEntry(20, "strategy:overview", _("Strategic plan"), lambda _request: True)
        )
        search.register_all()
        translations.register_all()
        follows.register_all()
