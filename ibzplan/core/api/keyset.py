"""Where a page of a sorted list ends, so that the next one begins behind it at no cost.

A list sorted by some keys and at last by the primary key goes on behind a position: the values of
the last row. A page deep in the list so costs what the first one does, and rows that come in
between neither push others onto two pages nor off both. The position travels signed and names the
row by its UUID: a database key never leaves the server.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import BaseExpression, Expression, OrderBy
from django.utils.translation import gettext as _

from ibzplan.core.api.ordering import SortColumns, ordered
from ibzplan.core.api.problems import UNKNOWN_PLACE
from ibzplan.core.api.query import SortKey, invalid
from ibzplan.core.api.signed import NotOurs, OfAnotherQuestion, Signed
from ibzplan.core.api.signed import context_of as context_beside

AFTER: Final = "after"
_SIGNED: Final = Signed("after")
# What only says how a page is shown or cut, so that it may differ between two of them.
_SHOWN_BY: Final = frozenset({AFTER, "page", "select", "embed"})


@dataclass(frozen=True, slots=True)
class Position:
    """Behind which row a page begins, and what is known of the list since its first page.

    `number` is that of the page that begins here, `total` the number of rows counted at first;
    `values` are those of the sort keys.
    """

    number: int
    total: int
    values: tuple[Any, ...]
    uuid: str

    def signed(self, context: str) -> str:
        """Return it as the value of `after`, good for the list of that context only."""
        values = [_plain(value) for value in self.values]
        return _SIGNED.write(context, self.number, self.total, values, self.uuid)

    @classmethod
    def read(cls, text: str, context: str) -> "Position":
        """Read the value of `after`. Raises InvalidInput when it is not one of this list."""
        try:
            number, total, values, uuid = _SIGNED.read(text, context)
        except (NotOurs, OfAnotherQuestion) as error:
            detail = _("This is not a place in this list: follow “next” as it was given.")
            raise invalid(AFTER, text, detail, UNKNOWN_PLACE) from error
        return cls(number, total, tuple(_value(one) for one in values), uuid)


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it; dates and moments are told apart."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    if "moment" in plain:
        return datetime.fromisoformat(plain["moment"])
    return date.fromisoformat(plain["day"])


def context_of(name: str, query: Mapping[str, str], caller: object) -> str:
    """Return what a position belongs to: a collection, what is asked of it, and who asks."""
    return context_beside(name, query, caller, shown_by=_SHOWN_BY)


@dataclass(frozen=True, slots=True)
class _Key:
    """A column or annotation to sort by; `may_be_null` decides whether NULL needs a thought."""

    name: str
    descending: bool
    may_be_null: bool

    def ordering(self) -> OrderBy:
        """Return the ordering; where there is no NULL an index can follow it."""
        return ordered(self.name, descending=self.descending, may_be_null=self.may_be_null)

    def beyond(self, value: Any) -> Q:
        """Return what comes after a value: after NULL nothing does."""
        if value is None:
            return Q(pk__in=[])
        further = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        return further | Q(**{f"{self.name}__isnull": True}) if self.may_be_null else further

    def equal(self, value: Any) -> Q:
        """Return what has the same value."""
        if value is None:
            return Q(**{f"{self.name}__isnull": True})
        return Q(**{self.name: value})

    def bound(self, value: Any) -> Q:
        """Return what an index can begin at; it repeats what `beyond` and `equal` say."""
        if value is None or self.may_be_null:
            return Q()
        return Q(**{f"{self.name}__{'lte' if self.descending else 'gte'}": value})


class Keyset:
    """The total order of one list: its keys, and at last the primary key, ascending."""

    def __init__(self, model: type[Model], sortable: SortColumns, keys: Sequence[SortKey]) -> None:
        """Take the sort keys that were asked for."""
        self._model = model
        self._added: dict[str, BaseExpression | F] = {}
        self._keys: list[_Key] = []
        for place, key in enumerate(keys):
            column = sortable[key.name]
            name = column if isinstance(column, str) and "__" not in column else f"sort_{place}"
            if name != column:
                self._added[name] = F(column) if isinstance(column, str) else column
            self._keys.append(_Key(name, key.descending, _may_be_null(model, column)))

    def sort(self, rows: QuerySet[Any], after: Position | None = None) -> QuerySet[Any]:
        """Return the rows in this order, with what a position needs; those behind one, when given.

        Raises InvalidInput when the row of that position is gone.
        """
        if self._added:
            rows = rows.annotate(**self._added)
        if after is not None:
            rows = self._behind(rows, after)
        return rows.order_by(*(key.ordering() for key in self._keys), "pk")

    def row(self, key: int) -> Any:
        """Return the row of that primary key with what a position needs: one query."""
        return self.sort(self._model._default_manager.filter(pk=key)).get()

    def behind(self, row: Any, *, number: int, total: int) -> Position:
        """Return the position behind a row of the sorted list."""
        values = tuple(getattr(row, key.name) for key in self._keys)
        return Position(number, total, values, str(row.uuid))

    def _behind(self, rows: QuerySet[Any], position: Position) -> QuerySet[Any]:
        last = rows.model._default_manager.filter(uuid=position.uuid).values_list("pk", flat=True)
        key = last.first()
        if key is None or len(position.values) != len(self._keys):
            detail = _("The list changed here: begin again at its first page.")
            raise invalid(AFTER, "", detail, UNKNOWN_PLACE)
        rest = Q(pk__gt=key)
        for one, value in zip(reversed(self._keys), reversed(position.values), strict=True):
            rest = one.beyond(value) | (one.equal(value) & rest)
        bound = self._keys[0].bound(position.values[0]) if self._keys else Q()
        return rows.filter(bound & rest)


def _may_be_null(model: type[Model], column: str | Expression) -> bool:
    """Tell whether a column can hold NULL; of an expression, whether one of its columns can."""
    if isinstance(column, str):
        return _column_may_be_null(model, column)
    names = [getattr(source, "name", None) for source in column.get_source_expressions()]
    return not names or any(
        not isinstance(name, str) or _column_may_be_null(model, name) for name in names
    )


def _column_may_be_null(model: type[Model], path: str) -> bool:
    for part in path.split("__"):
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:  # an annotation
            return True
        if getattr(field, "null", True):
            return True
        related = field.related_model
        model = related if isinstance(related, type) else model
    return False
