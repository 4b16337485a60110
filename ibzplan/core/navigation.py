"""The main navigation: apps register their entries in ready(), core imports none of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One registered entry; `is_for` decides whether this user sees it.

    `count` says how many things wait behind it, at the cost of a query or a few: every page asks.
    """

    order: int
    url_name: str
    label: Promise | str
    is_for: Callable[[HttpRequest], bool]
    prefixes: tuple[str, ...] = ()
    count: Callable[[HttpRequest], int] | None = None


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry as the page shows it."""

    url: str
    label: str
    active: bool
    count: int | None = None


_ENTRIES: list[NavEntry] = []


def register(entry: NavEntry) -> None:
    """Add an entry; called from an app's ready()."""
    _ENTRIES.append(entry)
    _ENTRIES.sort(key=lambda e: e.order)


def main_nav(request: HttpRequest) -> list[NavItem]:
    """Return the entries of this user; the one whose page is open is active."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    items = []
    for entry in _ENTRIES:
        if entry.is_for(request):
            url = reverse(entry.url_name)
            active = request.path.startswith((url, *entry.prefixes))
            count = entry.count(request) if entry.count else None
            items.append(NavItem(url, str(entry.label), active, count))
    return items
