"""What a collection declares; `ibzplan.core.api.views` serves it.

An app lists its collections in its `api.py`; `ibzplan.api_urls` makes the addresses. A
collection holds no rules: what a user may see comes from the querysets. Rows of a table make a
`Collection`; what is computed makes a `BaseCollection` that pages before it computes.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import QueryDict

from ibzplan.core.api import query as asked
from ibzplan.core.api.bulk.tables import BulkTable, ItemTable
from ibzplan.core.api.cutting import Cut
from ibzplan.core.api.keyset import Keyset, context_of
from ibzplan.core.api.links import Links
from ibzplan.core.api.ordering import SortColumns
from ibzplan.core.api.pagination import Found, Page
from ibzplan.core.api.query import PAGE_SIZE_MAX
from ibzplan.core.clocks import Clocks
from ibzplan.core.filtersets import FilterSet, search, search_texts

if TYPE_CHECKING:
    from ibzplan.core.api.feed_window import Feed
    from ibzplan.core.api.files import Files
    from ibzplan.core.api.renderers import WrittenJSON
    from ibzplan.core.api.writing import Writes

Shown = TypeVar("Shown")
Row = TypeVar("Row", bound=Model)

CLOCK_PARAMETERS: Final = frozenset({"asOf", "referenceDate"})
FILE_PARAMETERS: Final = frozenset({"asOf"})
ITEM_PARAMETERS: Final = CLOCK_PARAMETERS | {"select"}
LIST_PARAMETERS: Final = ITEM_PARAMETERS | {"page", "pageSize", "sort"}


@dataclass(frozen=True, slots=True)
class Read:
    """One request to read: who asks, by which clocks, and how addresses are written."""

    user: Any
    clocks: Clocks
    links: Links
    include_history: bool = False


class BaseCollection(ABC, Generic[Shown]):
    """A read-only collection of anything: what the views and the OpenAPI document ask of it."""

    name: ClassVar[str]
    item_type: ClassVar[type[Mapping[str, Any]]]
    filterset: ClassVar[type[FilterSet]] = FilterSet
    sortable: ClassVar[SortColumns] = {}
    default_order: ClassVar[tuple[str, ...]] = ()
    # The relation that holds `search_key` and `code`, '' for the row itself; None: no `q`.
    search_prefix: ClassVar[str | None] = None
    # Texts and codes in which `q` looks where there is no search key: for short lists.
    search_fields: ClassVar[tuple[str, ...]] = ()
    has_history: ClassVar[bool] = False
    # What the clocks and `includeHistory` mean here, where that is another thing than elsewhere.
    as_of_means: ClassVar[str] = ""
    reference_date_means: ClassVar[str] = ""
    history_means: ClassVar[str] = ""
    # Filters of the list that one resource takes too.
    item_filters: ClassVar[frozenset[str]] = frozenset()
    # Member that refers to other resources -> their collection: what `embed` may name.
    embeds: ClassVar[Mapping[str, str]] = {}
    # Whether a page can begin behind a position (see ibzplan.core.api.keyset).
    has_positions: ClassVar[bool] = False
    page_size_max: ClassVar[int] = PAGE_SIZE_MAX
    # What else it does than be read: written to, taken whole, followed, fetched as a file.
    writes: ClassVar["Writes | None"] = None
    bulk: ClassVar[BulkTable | None] = ItemTable()
    feed: ClassVar["Feed | None"] = None
    files: ClassVar["Files | None"] = None

    @abstractmethod
    def page(self, query: QueryDict, read: Read, page: Page) -> Found[Sequence[Shown]]:
        """Return the rows of that page of the list. Raises InvalidInput."""

    @abstractmethod
    def find(self, query: QueryDict, read: Read, uuid: UUID) -> Shown | None:
        """Return one row, or None when it is not there or not for this user."""

    def page_written(self, query: QueryDict, read: Read, page: Page) -> "Found[WrittenJSON] | None":
        """Return the page with its items in one JSON list, where that is faster than by item.

        It says the same, byte for byte. By default None: item by item it is.
        """
        return None

    def named(self, uuids: Iterable[UUID], read: Read) -> Sequence[Shown]:
        """Return those of these resources that are there for this user, whatever the list shows.

        Only a collection that others embed has to know.
        """
        raise NotImplementedError

    @abstractmethod
    def item(self, row: Shown, read: Read) -> Mapping[str, Any]:
        """Return the row as the API shows it: an `item_type`, without any database key."""

    @property
    def members(self) -> frozenset[str]:
        """Return the names of an item's members."""
        return frozenset(self.item_type.__annotations__)

    @property
    def is_searched(self) -> bool:
        """Tell whether the list knows `q`."""
        return self.search_prefix is not None or bool(self.search_fields)

    @property
    def list_parameters(self) -> frozenset[str]:
        """Return every query parameter that the list knows."""
        own = {
            "q": self.is_searched,
            "includeHistory": self.has_history,
            "embed": bool(self.embeds),
            "after": self.has_positions,
            "changedSince": self.feed is not None,
        }
        known = {name for name, is_known in own.items() if is_known}
        return LIST_PARAMETERS.union(known, self.filterset.base_filters)

    @property
    def item_parameters(self) -> frozenset[str]:
        """Return every query parameter that one resource knows."""
        return ITEM_PARAMETERS.union(self.item_filters, {"embed"} if self.embeds else ())

    def sort_keys(self, query: QueryDict) -> list[asked.SortKey]:
        """Return what to sort by: what `sort` says, else the default. Raises InvalidInput."""
        return asked.sort_keys(query, frozenset(self.sortable)) or [
            asked.SortKey(name.removeprefix("-"), name.startswith("-"))
            for name in self.default_order
        ]


class Collection(BaseCollection[Row]):
    """A collection of the rows of one model."""

    # In `sortable`, NULLs come last; the primary key always ends the order.
    search_prefix: ClassVar[str | None] = ""
    has_positions: ClassVar[bool] = True

    @abstractmethod
    def visible(self, read: Read) -> QuerySet[Row]:
        """Return every row that the user may see, as known at `asOf`, with what items need."""

    def listed(self, rows: QuerySet[Row], read: Read) -> QuerySet[Row]:
        """Narrow the visible rows to those a list shows by both clocks; by default all."""
        return rows

    def loaded(self, rows: QuerySet[Row]) -> Sequence[Row]:
        """Fetch the rows: one query and the prefetches."""
        return list(rows)

    def shown(self, rows: Sequence[Row], read: Read) -> Sequence[Row]:
        """Return fetched rows as `item` needs them, all of a page at once; by default as is."""
        return rows

    def page(self, query: QueryDict, read: Read, page: Page) -> Found[Sequence[Row]]:
        """Return the rows of the page: one query and the prefetches, and one for the total.

        Behind a position the total is the one that was counted at first; one more query finds
        the position's row.
        """
        cut = self.cut(self.unsorted(query, read), query, read, page)
        found = self.loaded(cut.rows)
        return cut.found(found, lambda kept: self.shown(kept, read))

    def cut(self, rows: QuerySet[Row], query: QueryDict, read: Read, page: Page) -> Cut:
        """Return of unsorted rows those of the page and one more, not read yet.

        Raises InvalidInput.
        """
        keyset = Keyset(rows.model, self.sortable, self.sort_keys(query))
        return Cut.of(rows, keyset, page, context_of(self.name, query, read.user.pk))

    def find(self, query: QueryDict, read: Read, uuid: UUID) -> Row | None:
        """Return the visible row with that identity."""
        return next(iter(self.named([uuid], read)), None)

    def named(self, uuids: Iterable[UUID], read: Read) -> Sequence[Row]:
        """Return the visible rows with these identities."""
        rows = self.loaded(self.visible(read).filter(uuid__in=list(uuids)))
        return self.shown(rows, read)

    def rows(self, query: QueryDict, read: Read) -> QuerySet[Row]:
        """Return the rows of the list: seen, filtered, searched, in a total order."""
        rows = self.unsorted(query, read)
        return Keyset(rows.model, self.sortable, self.sort_keys(query)).sort(rows)

    def unsorted(self, query: QueryDict, read: Read) -> QuerySet[Row]:
        """Return the rows of the list: seen, filtered and searched."""
        return self.narrowed(self.visible(read), query, read)

    def narrowed(self, rows: QuerySet[Row], query: QueryDict, read: Read) -> QuerySet[Row]:
        """Filter and search rows that the user may see. Raises InvalidInput."""
        return self.listed(self.matching(rows, query), read)

    def matching(self, rows: QuerySet[Row], query: QueryDict) -> QuerySet[Row]:
        """Keep what the filters and the words that are searched fit. Raises InvalidInput."""
        filters = self.filterset(data=query, queryset=rows)
        asked.refuse_invalid(filters)
        rows = filters.qs
        if self.search_fields:
            return search_texts(rows, asked.search_text(query), *self.search_fields)
        if self.search_prefix is not None:
            return search(rows, asked.search_text(query), prefix=self.search_prefix)
        return rows
