"""Filters of a list that show beforehand how much each value would leave."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

ALL = ""
"""The value of a filter that is not set."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: how many rows it would leave, and the address that does so."""

    label: str
    count: int
    url: str
    is_on: bool
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter of a list; `all` takes it away."""

    title: str
    all: Choice
    choices: tuple[Choice, ...]


def asked_filters(
    request: HttpRequest, names: Iterable[str], values: Mapping[str, Container[str]]
) -> dict[str, str]:
    """Return the filters that are set. A value that does not exist for this user is a 404."""
    asked = {name: text for name in names if (text := request.GET.get(name, ""))}
    if any(text not in values[name] for name, text in asked.items()):
        raise Http404
    return asked


def asked_with(asked: Mapping[str, str], name: str, value: str) -> dict[str, str]:
    """Return the filters with another value for one of them; `ALL` takes it away."""
    others = {other: text for other, text in asked.items() if other != name}
    return others if value == ALL else {**others, name: value}


def facet_of(
    name: str,
    title: str,
    labels: Mapping[str, tuple[str, str]],
    counts: Mapping[str, int],
    *,
    asked: Mapping[str, str],
    base: str,
    anchor: str,
) -> Facet:
    """Return a filter: label and hint by value, and what each value and `ALL` would leave.

    A value that leaves nothing is not offered, unless it is the one that is set.
    """

    def choice(value: str, label: str, hint: str = "") -> Choice:
        query = urlencode(asked_with(asked, name, value))
        url = f"{base}&{query}" if query else base
        is_on = asked.get(name, ALL) == value
        return Choice(label, counts.get(value, 0), f"{url}#{anchor}", is_on, hint)

    choices = (choice(value, label, hint) for value, (label, hint) in labels.items())
    shown = tuple(one for one in choices if one.count or one.is_on)
    return Facet(title, choice(ALL, _("All")), shown)
