"""Where the rows of a bulk answer come from: the items of a collection, or one query.

Either way they are the rows of the list: seen, filtered, searched and in its order.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F, QuerySet

from ibzplan.core.api.bulk.columns import HREF, Column, Kind, Layout, columns_of, nested
from ibzplan.core.api.pagination import Page
from ibzplan.core.api.presenting import chosen
from ibzplan.core.api.query import PAGE_SIZE_MAX, Selection, selected
from ibzplan.core.filtersets import camel

if TYPE_CHECKING:
    from django.http import QueryDict

    from ibzplan.core.api.base import BaseCollection, Collection, Read

ROWS_AT_ONCE: Final = 1000

Cells = Sequence[Any]
Prepare = Callable[[QuerySet[Any], "Read"], QuerySet[Any]]
Item = Mapping[str, Any]


@dataclass(frozen=True)
class Stored:
    """A query with the values that the columns of its layout are made of."""

    rows: QuerySet[Any]
    layout: Layout


@dataclass(frozen=True)
class Source(ABC):
    """The rows of one request. `columns` are those of the table that it selects."""

    columns: Sequence[Column]
    selection: Selection | None
    query: "QueryDict"
    read: "Read"

    @abstractmethod
    def check(self) -> None:
        """Raise InvalidInput for what a filter cannot take, without reading the rows."""

    @abstractmethod
    def cells(self) -> Iterator[Cells]:
        """Yield the rows, a cell a column: UUID, text, Decimal, date, list or None."""

    @abstractmethod
    def items(self) -> Iterator[Item]:
        """Yield the items that the pages of the list show."""

    def stored(self) -> "Stored | None":
        """Return the query of the table, for a database that writes it itself."""
        return None


class BulkTable(ABC):
    """What a collection declares so that it can be taken whole."""

    @abstractmethod
    def columns(self, collection: "BaseCollection[Any]") -> Sequence[Column]:
        """Return every column of CSV and Parquet, in their order."""

    @abstractmethod
    def source(self, collection: "BaseCollection[Any]", query: "QueryDict", read: "Read") -> Source:
        """Return what one request asks for; nothing is read yet. Raises InvalidInput."""


@dataclass(frozen=True)
class ItemSource(Source):
    """The items of a collection, a page at a time."""

    collection: "BaseCollection[Any]"

    def check(self) -> None:
        """Read one row."""
        self.collection.page(self.query, self.read, Page(1, 1))

    def cells(self) -> Iterator[Cells]:
        """Yield the cells of each item."""
        for item in self._whole():
            yield [column.value(item) for column in self.columns]

    def items(self) -> Iterator[Item]:
        """Yield each with the members wanted."""
        for item in self._whole():
            yield item if self.selection is None else chosen(item, self.selection, (HREF,))

    def _whole(self) -> Iterator[Item]:
        following: int | str | None = 1
        while following is not None:
            place = (following, None) if isinstance(following, int) else (1, following)
            page = Page(place[0], PAGE_SIZE_MAX, place[1])
            found = self.collection.page(self.query, self.read, page)
            for row in found.rows:
                yield self.collection.item(row, self.read)
            following = found.following


class ItemTable(BulkTable):
    """The items of a collection, flattened: for what is computed or not large."""

    def columns(self, collection: "BaseCollection[Any]") -> Sequence[Column]:
        """Return the columns of the item's TypedDict."""
        return columns_of(collection.item_type)

    def source(
        self, collection: "BaseCollection[Any]", query: "QueryDict", read: "Read"
    ) -> ItemSource:
        """Return the items of the list."""
        selection = selected(query, collection.item_type)
        columns = [one for one in self.columns(collection) if one.is_within(selection)]
        return ItemSource(columns, selection, query, read, collection)


@dataclass(frozen=True)
class QuerySource(Source):
    """One query over the rows of a collection. `shown` are the columns of its items."""

    collection: "Collection[Any]"
    shown: Sequence[Column]
    prepare: "Prepare"

    def check(self) -> None:
        """Make the query: nothing is read."""
        self.stored()

    def cells(self) -> Iterator[Cells]:
        """Yield the rows of the query."""
        return self._read(self.columns)

    def items(self) -> Iterator[Item]:
        """Yield the items that the columns make."""
        for cells in self._read(self.shown):
            yield nested(self.shown, cells)

    def stored(self) -> Stored:
        """Return the query of the table."""
        return self._stored(self.columns)

    def stored_items(self) -> Stored:
        """Return the query of the items."""
        return self._stored(self.shown)

    def _stored(self, columns: Sequence[Column]) -> Stored:
        """Return the query with these columns. Raises InvalidInput."""
        layout = Layout(columns)
        raws = {f"bulk_{n}": _expression(raw, self.read) for n, raw in enumerate(layout.raws)}
        return Stored(self._listed.annotate(**raws).values_list(*raws), layout)

    @cached_property
    def _listed(self) -> QuerySet[Any]:
        return self.prepare(self.collection.rows(self.query, self.read), self.read)

    def _read(self, columns: Sequence[Column]) -> Iterator[Cells]:
        special = [(n, one) for n, one in enumerate(columns) if one.kind in (Kind.HREF, Kind.CODES)]
        stored = self._stored(columns)
        for row in stored.rows.iterator(ROWS_AT_ONCE):
            cells = stored.layout.cells(row)
            for n, column in special:
                cells[n] = self._special(column, cells[n])
            yield cells

    def _special(self, column: Column, cell: Any) -> Any:
        if column.kind == Kind.HREF:
            return self.read.links.to(column.to, cell)
        return [camel(code) for code in cell]


class QueryTable(BulkTable):
    """Columns of one query over the rows of a collection: for what is large.

    `shape` is a TypedDict with the members of an item and what a table says beside them; `declare`
    yields the columns, those with addresses included, in their order. `prepare` annotates the rows
    with what they name.
    """

    def __init__(
        self,
        shape: type[Item],
        declare: Callable[[], Iterator[Column]],
        prepare: "Prepare" = lambda rows, _read: rows,
    ) -> None:
        """Declare it."""
        self._shape = shape
        self._declare = declare
        self._prepare = prepare

    @cached_property
    def _whole(self) -> Sequence[Column]:
        return list(self._declare())

    def columns(self, collection: "BaseCollection[Any]") -> Sequence[Column]:
        """Return all but the addresses."""
        return [column for column in self._whole if column.kind != Kind.HREF]

    def source(
        self, collection: "BaseCollection[Any]", query: "QueryDict", read: "Read"
    ) -> QuerySource:
        """Return the query."""
        selection = selected(query, self._shape)
        columns = [one for one in self.columns(collection) if one.is_within(selection)]
        shown = [
            one
            for one in self._whole
            if one.path[0] in collection.members
            and (one.path == (HREF,) or one.is_within(selection))
        ]
        listed: Collection[Any] = collection  # type: ignore[assignment]  # it has rows
        return QuerySource(columns, selection, query, read, listed, shown, self._prepare)


def _expression(source: Any, read: "Read") -> Any:
    if isinstance(source, str):
        return F(source)
    return source(read) if callable(source) else source
