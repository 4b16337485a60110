"""What every page needs around its content."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ibzplan import __version__
from ibzplan.core.navigation import main_nav
from ibzplan.core.notifications.menu import user_nav


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return navigation and version for base.html."""
    return {
        # Asked for by pages with a menu alone: what they count is a query each.
        "main_nav": SimpleLazyObject(lambda: main_nav(request)),
        "user_nav": SimpleLazyObject(lambda: user_nav(request)),
        "app_version": __version__,
    }
