"""How messages about keys of the API read."""

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.models import Notification
from ibzplan.core.notifications import registry
from ibzplan.core.notifications.registry import Told
from personnel.services.api_keys import ENDS_KIND


def tell_ending(notification: Notification) -> Told:
    """Say until when a key works, and what to do."""
    values = notification.values
    day = date_format(date.fromisoformat(values["day"]), "j F Y")
    return Told(
        title=_("The API key “%(name)s” works until %(day)s")
        % {"name": values["name"], "day": day},
        detail=_("Make a new key in its place; the client then has a day to change over."),
        url=reverse("personnel:api_key", args=[values["uuid"]]),
    )


def register_all() -> None:
    """Say how they read."""
    registry.register(ENDS_KIND, tell_ending)
