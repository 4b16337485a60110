"""The budget app."""

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest


class BudgetConfig(AppConfig):
    """Credits, their execution and their reconciliation."""

    name = "budget"

    def ready(self) -> None:
        """Put the means in the navigation, early for those who keep them; make them searchable."""
        from budget import search
        from ibzplan.core.navigation import NavEntry, register

        register(NavEntry(12, "budget:means", _("Means"), _keeps_means))
        register(NavEntry(43, "budget:means", _("Means"), _only_reads_means))
        search.register_all()


def _keeps_means(request: "HttpRequest") -> bool:
    from personnel.access import access_of
    from personnel.choices import Role

    return Role.RESOURCES in access_of(request.user).roles


def _only_reads_means(request: "HttpRequest") -> bool:
    return not _keeps_means(request)
