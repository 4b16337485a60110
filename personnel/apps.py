"""The personnel app."""

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest


class PersonnelConfig(AppConfig):
    """Users, organisation units, ministers and roles."""

    name = "personnel"

    def ready(self) -> None:
        """Offer its texts to the translation queue, say who asks and answers questions.

        Write rights down for the change feed, and add the user's keys to their menu.
        """
        from ibzplan.core.navigation import NavEntry, register_own
        from personnel import feed_rights, key_texts, questions, translations

        translations.register_all()
        questions.register_all()
        feed_rights.register_all()
        key_texts.register_all()
        register_own(NavEntry(10, "personnel:api_keys", _("API keys"), _has_keys))


def _has_keys(request: "HttpRequest") -> bool:
    from personnel.access import access_of
    from personnel.services.api_keys import has_keys

    return has_keys(access_of(request.user))
