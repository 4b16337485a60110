"""Resources within the answer of another (Belgif REST guide, rule prf-embed).

`embed=indicator` puts every resource that an item's `indicator` refers to, whole and once, into
`embedded` at the root of the answer, under its address. What the caller may not see stays out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from ibzplan.core.api.languages import narrowed
from ibzplan.core.api.query import invalid
from ibzplan.core.api.registry import collection_named

if TYPE_CHECKING:
    from ibzplan.core.api.base import Read

Item = Mapping[str, Any]


def embeds_asked(query: Mapping[str, str], known: Iterable[str]) -> tuple[str, ...]:
    """Return the members that `embed=unit,indicator` names. Raises InvalidInput for others."""
    text = query.get("embed")
    if text is None:
        return ()
    names = tuple(dict.fromkeys(text.removeprefix("(").removesuffix(")").split(",")))
    if not set(names) <= set(known):
        detail = _("Give a list of these, with commas: %(names)s.")
        raise invalid("embed", text, detail % {"names": ", ".join(sorted(known))})
    return names


def embedded(
    items: Sequence[Item],
    wanted: Mapping[str, str],
    read: "Read",
    languages: Sequence[str],
) -> tuple[dict[str, Item], frozenset[str]]:
    """Return by address what the members refer to, and the languages that came of it.

    `wanted` names for each member the collection that it refers to. As many queries as one page of
    each of these collections takes.
    """
    found: dict[str, Item] = {}
    came: frozenset[str] = frozenset()
    for member, name in wanted.items():
        collection = collection_named(name)
        uuids = {reference["id"] for reference in _references(items, member)}
        rows = collection.named(uuids, read) if uuids else ()
        below = [collection.item(row, read) for row in rows]
        if languages:
            came |= narrowed(below, collection.item_type, languages)
        found.update((item["href"], item) for item in below)
    return found, came


def _references(items: Iterable[Item], member: str) -> Iterator[Mapping[str, UUID]]:
    for item in items:
        value = item[member]
        if isinstance(value, list):
            yield from value
        elif value is not None:
            yield value
