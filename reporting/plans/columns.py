"""What a fixture can fill: columns, join rows and subjects, and how columns get their values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import models

from budget.models import CreditAmount, CreditLine, StatedFigure
from ibzplan.core.localised import STATE_UNOFFICIAL, LocalisedText
from objectives.security.models import FrameworkMention, ThemeKivLink
from objectives.strategy.models import PlanEntry, WerfUnit
from personnel.models import (
    MinisterUnit,
    OfficeHolder,
    OrganisationUnit,
    StaffingFigure,
    StaffingLine,
    SupervisingMinister,
    UnitName,
)
from reporting.plans.reader import ENTRIES, Entry, Key, Kind

Row = (
    PlanEntry
    | OrganisationUnit
    | UnitName
    | SupervisingMinister
    | OfficeHolder
    | MinisterUnit
    | CreditLine
    | CreditAmount
    | StaffingLine
    | StaffingFigure
    | StatedFigure
)
LinkRow = WerfUnit | ThemeKivLink | FrameworkMention

PLANS: Final = "plans"

# Titles keep the printed Dutch name (shortened); descriptions are our own words in both languages.
OURS_FR: Final = ("fr",)
OURS: Final = ("nl", "fr")


@dataclass(frozen=True)
class Column:
    """A column of a table: `take` gets its value, in its JSON form, from an entry.

    With `target` the column is a foreign key, and `take` gives the code of an entry of that file.
    """

    name: str
    take: Callable[[Entry], Any]
    keys: tuple[Key, ...] = ()
    target: str = ""


@dataclass(frozen=True)
class Links:
    """Rows of a join table, taken from the list `name` of an entry and owned by its row.

    They carry no loaded values of their own: the owner's `loaded_values` keep the whole list, so
    that a user's change of the list is kept like any other edit. The place in an `is_ranked` list
    has a meaning and is written to the column `order`.
    """

    name: str
    model: type[LinkRow]
    owner: str
    columns: tuple[Column, ...]
    scalar: str = ""
    is_ranked: bool = False


@dataclass(frozen=True)
class Subject:
    """A table, the list that fills it, and the columns that identify a row in it.

    `nested` names a list inside each entry of the file's list. Subjects that fill the same table
    have the same `lookup`; a column of it that a subject does not fill is empty there. `only` says
    which rows of the table a load speaks of: what people entered beside them is no concern of it.
    """

    name: str
    model: type[Row]
    file: str
    columns: tuple[Column, ...]
    lookup: tuple[str, ...]
    list_name: str = ENTRIES
    nested: str = ""
    scalar: str = ""
    lines_from: str = ""
    links: tuple[Links, ...] = ()
    unused: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    only: Mapping[str, str] = field(default_factory=dict)


def as_localised(value: Mapping[str, str] | None, ours: tuple[str, ...]) -> dict[str, Any]:
    """Return the stored form of a text of which the languages `ours` are unofficial."""
    return LocalisedText(value, dict.fromkeys(ours, STATE_UNOFFICIAL)).as_json()


def localised(
    name: str, key: str = "", *, ours: tuple[str, ...] = OURS_FR, required: bool = False
) -> Column:
    """Return a localised column, of which the languages `ours` are unofficial."""
    key = key or name
    return Column(
        name,
        lambda entry: as_localised(entry.values[key], ours),
        (Key(key, Kind.LOCALISED, required),),
    )


def plain(
    name: str,
    kind: Kind = Kind.TEXT,
    *,
    key: str = "",
    allowed: type[models.TextChoices] | None = None,
    required: bool = False,
    default: Any = None,
) -> Column:
    """Return a column that takes over the key's value, or `default` where there is none."""
    key = key or name

    def take(entry: Entry) -> Any:
        value = entry.values[key]
        if value is None:
            return default
        return value.isoformat() if kind is Kind.DATE else value

    choices = frozenset(allowed.values) if allowed else frozenset()
    return Column(name, take, (Key(key, kind, required, choices),))


def constant(name: str, value: str) -> Column:
    """Return a column that is the same for every entry of the list."""
    return Column(name, lambda _entry: value)


def reference(name: str, file: str, *, key: str = "", required: bool = False) -> Column:
    """Return a foreign key to the entry of `file` whose code the key holds."""
    key = key or name
    return Column(
        name,
        lambda entry: entry.values[key],
        (Key(key, required=required, refers_to=file),),
        target=file,
    )


def enclosing(name: str, file: str) -> Column:
    """Return the foreign key from a sub-entry to the entry that holds it."""
    return Column(name, lambda entry: entry.parent_code, target=file)


def _code(entry: Entry) -> str:
    return entry.code or f"{entry.parent_code}.{entry.order}"


def _attribute(entry: Entry, key: Key) -> Any:
    value = entry.values[key.name]
    if value is None:
        return None
    if key.kind is Kind.LOCALISED:
        return as_localised(value, OURS_FR)
    if key.kind is Kind.LOCALISED_TEXTS:
        return [as_localised(item, OURS_FR) for item in value]
    return value.isoformat() if key.kind is Kind.DATE else value


def attributes(*keys: Key) -> Column:
    """Return the column with what only one kind of element has; what is not printed is left out."""

    def take(entry: Entry) -> dict[str, Any]:
        found = {key.name: _attribute(entry, key) for key in keys}
        flags = dict.fromkeys(sorted(entry.flags), True)
        return {**{name: value for name, value in found.items() if value is not None}, **flags}

    return Column("attributes", take, keys)


# The plan of an entry is the one that its source file prints (see plans.yaml).
PLAN: Final = Column("plan", lambda entry: entry.source, target=PLANS)
_CODE: Final = Column("code", _code)
_ORDER: Final = Column("order", lambda entry: entry.order)
PLACE: Final = (
    Column("source_file", lambda entry: entry.source),
    Column("source_first_line", lambda entry: entry.first_line),
    Column("source_last_line", lambda entry: entry.last_line),
)
_TITLE: Final = localised("title", required=True)
NAMED: Final = (_CODE, _TITLE, _ORDER, *PLACE)
DESCRIBED: Final = (*NAMED, localised("description", ours=OURS))
