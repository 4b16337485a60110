"""Every collection by its name, so that one can show resources of another within its own answers.

`ibzplan.api_urls` fills it: it alone knows every app.
"""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ibzplan.core.api.base import BaseCollection

_COLLECTIONS: Final[dict[str, "BaseCollection[Any]"]] = {}


def register(collections: "Iterable[BaseCollection[Any]]") -> None:
    """Make the collections known by their names."""
    _COLLECTIONS.update((collection.name, collection) for collection in collections)


def collection_named(name: str) -> "BaseCollection[Any]":
    """Return the collection of that name."""
    return _COLLECTIONS[name]
