"""The main navigation: apps register their entries in ready(), core imports none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

# How many entries stand in the bar of a narrow and of a wide window; the menu beside it has the
# rest. Measured with the words of the three languages (tests/browser/test_accessibility.py).
IN_NARROW_BAR: Final = 4
IN_WIDE_BAR: Final = 6


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One registered entry; `is_for` decides whether this user sees it.

    The first ones of a user stand in the bar, unless `is_aside`. `count` says how many things wait
    behind it, at the cost of a query or a few: every page asks. `is_exact` is for the address that
    every other one begins with.
    """

    order: int
    url_name: str
    label: Promise | str
    is_for: Callable[[HttpRequest], bool]
    prefixes: tuple[str, ...] = ()
    count: Callable[[HttpRequest], int] | None = None
    is_aside: bool = False
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry as the page shows it: in every bar, in a wide one, or in the menu beside it."""

    url: str
    label: str
    active: bool
    count: int | None = None
    in_bar: bool = False
    in_wide_bar: bool = False


_ENTRIES: list[NavEntry] = []
_OWN_ENTRIES: list[NavEntry] = []


def register(entry: NavEntry) -> None:
    """Add an entry; called from an app's ready()."""
    _ENTRIES.append(entry)
    _ENTRIES.sort(key=lambda e: e.order)


def register_own(entry: NavEntry) -> None:
    """Add an entry to the menu of the user's account; called from an app's ready()."""
    _OWN_ENTRIES.append(entry)
    _OWN_ENTRIES.sort(key=lambda e: e.order)


def own_nav(request: HttpRequest) -> list[NavItem]:
    """Return what apps have in the menu of this user's account."""
    return [
        NavItem(url, str(entry.label), request.path.startswith(url))
        for entry in _OWN_ENTRIES
        if entry.is_for(request)
        for url in [reverse(entry.url_name)]
    ]


def main_nav(request: HttpRequest) -> list[NavItem]:
    """Return the entries of this user; the one whose page is open is active."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    items: list[NavItem] = []
    for entry in _ENTRIES:
        if entry.is_for(request):
            url = reverse(entry.url_name)
            active = request.path == url or (
                not entry.is_exact and request.path.startswith((url, *entry.prefixes))
            )
            count = entry.count(request) if entry.count else None
            place = IN_WIDE_BAR if entry.is_aside else len(items)
            items.append(
                NavItem(
                    url,
                    str(entry.label),
                    active,
                    count,
                    in_bar=place < IN_NARROW_BAR,
                    in_wide_bar=place < IN_WIDE_BAR,
                )
            )
    return items
