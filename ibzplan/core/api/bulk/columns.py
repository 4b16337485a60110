"""The columns of a table: a name, what its cells hold, and where they come from.

A member of an item is a column; a member of an object within it has both names: `indicator.code`.
A text in several languages is a column a language: `title_nl`, `title_fr`. A list is one column of
JSON. Addresses stay out: `id` says as much.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal, get_origin, get_type_hints, is_typeddict
from uuid import UUID

from django.conf import settings
from django.db.models.fields.json import KeyTextTransform

from ibzplan.core.api.hints import present
from ibzplan.core.api.shapes import Localised

if TYPE_CHECKING:
    from ibzplan.core.api.query import Selection

HREF: Final = "href"


class Kind(StrEnum):
    """What the cells of a column hold."""

    ID = "id"
    TEXT = "text"
    # A text in one language; its object has a member a language.
    LANGUAGE = "language"
    # A text that returns in many rows, as the code of a unit does.
    NAME = "name"
    # One of a few words that are ours.
    WORD = "word"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    MOMENT = "moment"
    TRUTH = "truth"
    # A list, as JSON.
    LIST = "list"
    # A list of stored codes, which the API writes in lowerCamelCase.
    CODES = "codes"
    # The address of a resource, from its UUID; in JSON alone.
    HREF = "href"


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """A cell made of what was read once for several columns, by a database or by us.

    `raws` are sources as those of a column; `sql` has {0}, {1} in their place, for PostgreSQL, and
    `value` makes the same of their values.
    """

    raws: tuple[Any, ...]
    sql: str
    value: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `path` leads to its member in the item, from the outermost name on.

    `source` is for a table that is read by a query: a column of the model, an expression, what
    makes one of a Read, or what is Derived of them. `to` is the collection that an address leads
    to.
    """

    path: tuple[str, ...]
    kind: Kind
    source: Any = None
    is_required: bool = False
    to: str = ""

    @property
    def name(self) -> str:
        """Return the name in the head of the table."""
        return ("_" if self.kind == Kind.LANGUAGE else ".").join(self.path)

    def value(self, item: Mapping[str, Any]) -> Any:
        """Return what an item says, None for nothing."""
        found: Any = item
        for name in self.path:
            found = found.get(name) if found is not None else None
        return found

    def is_within(self, selection: "Selection | None") -> bool:
        """Tell whether a `select` asks for it."""
        for name in self.path:
            if selection is None:
                return True
            if name not in selection:
                return False
            selection = selection[name]
        return True


def languages(path: Sequence[str], source: str = "") -> Iterator[Column]:
    """Yield a column a language; `source` is the localised column of the model."""
    for code in settings.CONTENT_LANGUAGES:
        text = KeyTextTransform(code, source) if source else None
        yield Column((*path, code), Kind.LANGUAGE, text)


_KINDS: Final[Mapping[Any, Kind]] = {
    UUID: Kind.ID,
    str: Kind.TEXT,
    bool: Kind.TRUTH,
    int: Kind.INTEGER,
    Decimal: Kind.DECIMAL,
    date: Kind.DATE,
    datetime: Kind.MOMENT,
}


def columns_of(shape: type[Mapping[str, Any]]) -> list[Column]:
    """Return the columns of an item's TypedDict, in its order."""
    return list(_columns(shape, (), is_required=True))


def _columns(shape: Any, above: Sequence[str], *, is_required: bool) -> Iterator[Column]:
    for name, hint in get_type_hints(shape).items():
        if name == HREF:
            continue
        inner = present(hint)
        always = is_required and inner is hint and name in shape.__required_keys__
        path = (*above, name)
        if inner is Localised:
            yield from languages(path)
        elif is_typeddict(inner):
            yield from _columns(inner, path, is_required=always)
        else:
            yield Column(path, _kind(inner), is_required=always)


def _kind(hint: Any) -> Kind:
    origin = get_origin(hint)
    if origin is Literal:
        return Kind.WORD
    if origin in (list, dict):
        return Kind.LIST
    return _KINDS[hint]


def nested(columns: Sequence[Column], cells: Sequence[Any]) -> dict[str, Any]:
    """Return the item that the cells make; an object without any member is left out."""
    item: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=True):
        if cell is None:
            continue
        within = item
        for name in column.path[:-1]:
            within = within.setdefault(name, {})
        within[column.path[-1]] = cell
    return item


class Layout:
    """Which values a query reads for its columns: what two columns share is read once."""

    def __init__(self, columns: Sequence[Column]) -> None:
        """Lay the columns out."""
        self.columns = columns
        self.raws: list[Any] = []
        self._places = [self._placed(column.source) for column in columns]

    def sql(self, place: int) -> str:
        """Return the cell of a column, where c0, c1 are the values that were read."""
        source, names = self.columns[place].source, [f"c{n}" for n in self._places[place]]
        return f"({source.sql.format(*names)})" if isinstance(source, Derived) else names[0]

    def cells(self, row: Sequence[Any]) -> list[Any]:
        """Return the cells of a row of values."""
        return [
            column.source.value(*(row[n] for n in places))
            if isinstance(column.source, Derived)
            else row[places[0]]
            for column, places in zip(self.columns, self._places, strict=True)
        ]

    def _placed(self, source: Any) -> list[int]:
        raws = source.raws if isinstance(source, Derived) else (source,)
        return [self._place(raw) for raw in raws]

    def _place(self, raw: Any) -> int:
        for n, known in enumerate(self.raws):
            if known is raw or (isinstance(raw, str) and known == raw):
                return n
        self.raws.append(raw)
        return len(self.raws) - 1
