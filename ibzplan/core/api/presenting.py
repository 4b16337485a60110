"""How an answer shows what was read: chosen members, languages, other resources within."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ibzplan.core.api import query as asked
from ibzplan.core.api.embedding import Item, embedded, embeds_asked
from ibzplan.core.api.languages import accepted, content_language, narrowed

if TYPE_CHECKING:
    from rest_framework.request import Request

    from ibzplan.core.api.base import BaseCollection, Read
    from ibzplan.core.api.query import Selection


@dataclass(slots=True)
class Presentation:
    """What one request wants of the items of a collection; `languages` empty means all."""

    collection: "BaseCollection[Any]"
    selection: "Selection | None"
    embeds: tuple[str, ...]
    languages: tuple[str, ...]
    _came: frozenset[str] = field(default=frozenset(), init=False)

    @classmethod
    def of(cls, request: "Request", collection: "BaseCollection[Any]") -> "Presentation":
        """Read it from the request. Raises InvalidInput."""
        query = request.query_params
        return cls(
            collection,
            asked.selected(query, collection.item_type),
            embeds_asked(query, collection.embeds),
            accepted(request.headers.get("Accept-Language", "")),
        )

    @property
    def is_whole(self) -> bool:
        """Tell whether it shows an item as it is: all of it, and nothing else."""
        return self.selection is None and not self.embeds and not self.languages

    @property
    def content_language(self) -> str:
        """Return the languages of what was shown."""
        return content_language(self.languages, self._came)

    def show(self, items: Sequence[Item], read: "Read") -> tuple[Sequence[Item], dict[str, Any]]:
        """Return the items as they are wanted, and what stands beside them: `embedded` or nothing.

        It changes the texts within the items themselves.
        """
        beside: dict[str, Any] = {}
        if self.embeds:
            wanted = {name: self.collection.embeds[name] for name in self.embeds}
            found, came = embedded(items, wanted, read, self.languages)
            beside["embedded"] = found
            self._came |= came
        if self.languages:
            self._came |= narrowed(items, self.collection.item_type, self.languages)
        if self.selection is not None:
            items = [chosen(item, self.selection, ("href",)) for item in items]
        return items, beside


def chosen(item: Item, selection: "Selection", always: tuple[str, ...] = ()) -> Item:
    """Return the item with the chosen members, and those that always stay."""
    found = {name: item[name] for name in item if name in selection or name in always}
    for name, below in selection.items():
        value = found.get(name)
        if below is None or value is None:
            continue
        if isinstance(value, Mapping):
            found[name] = chosen(value, below)
        else:
            found[name] = [chosen(one, below) for one in value]
    return found
