"""The objectives.planning app."""

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest


class PlanningConfig(AppConfig):
    """See the package's docstring."""

    name = "objectives.planning"
    label = "planning"

    def ready(self) -> None:
        """Make objectives and indicators searchable, fill the navigation."""
        from ibzplan.core import navigation
        from objectives.planning import search

        search.register_all()
        navigation.register(
            navigation.NavEntry(35, "planning:library", _("Indicators"), lambda _request: True)
        )
        navigation.register(
            navigation.NavEntry(40, "planning:data_quality", _("Data quality"), _reads_quality)
        )


def _reads_quality(request: "HttpRequest") -> bool:
    """Tell whether there is a data quality page for the user."""
    from objectives.planning.selectors.quality import reads_quality
    from personnel.access import access_of

    return reads_quality(access_of(request.user))
