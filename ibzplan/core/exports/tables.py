"""The tables of a page as they go into a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, TypeAlias

from django.utils.functional import Promise

from ibzplan.core.clocks import Clocks

# A text in several languages goes out in that of the page.
Cell: TypeAlias = str | Promise | Mapping[str, Any] | int | Decimal | Fraction | date | None


class Kind(StrEnum):
    """What the cells of a column hold, and so how a file types them."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    # A share of one: Fraction(16, 25) stands as 64 %.
    PERCENT = "percent"
    DATE = "date"
    # The word of a status: a choice goes out by its label.
    STATUS = "status"


NUMBERS: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.PERCENT})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` for machines, the same in every language, `label` for people."""

    key: str
    label: str | Promise
    kind: Kind | str = Kind.TEXT


@dataclass(frozen=True, slots=True)
class ExportTable:
    """One table of the page. `name` names it in the address; each row has one cell a column."""

    name: str
    title: str | Promise
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class About:
    """What the reader of the file must know: it is far from the page by then.

    `filters` are (label, value) pairs in words, those in force alone; `notes` are further lines.
    `query` is the query string of the page where the one asked with leaves a filter or a clock to
    its reader and to the day.
    """

    title: str | Promise
    clocks: Clocks
    plan_year: int | None = None
    filters: Sequence[tuple[str | Promise, str | Promise | Mapping[str, Any]]] = ()
    is_demo: bool = False
    notes: Sequence[str | Promise] = ()
    query: str = ""
