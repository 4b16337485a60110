"""The user's own menu: messages, with how many are unread, and what apps add."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ibzplan.core.navigation import NavItem, own_nav
from ibzplan.core.notifications.selectors import unread_count


def user_nav(request: HttpRequest) -> list[NavItem]:
    """Return the entries of the user's menu; none before signing in. One query."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    url = reverse("notifications")
    messages = NavItem(url, _("Messages"), request.path.startswith(url), unread_count(user))
    return [messages, *own_nav(request)]
