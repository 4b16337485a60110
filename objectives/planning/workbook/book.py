"""What one workbook holds, as plain values: what is exported, and what an import compares with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

Value = str | Decimal | date | None
"""What one cell says; None is an empty cell. Codes of several things stand in one text."""

CODE_SEPARATOR = ";"


class Locked(StrEnum):
    """Why nobody types in a row or a cell."""

    NO = ""
    OTHER_UNIT = "other_unit"
    IN_FORCE = "in_force"
    SUBMITTED = "submitted"
    SHARED = "shared"  # the same indicator stands in an earlier row
    RELEASED = "released"  # an approved plan is measured by this definition
    NO_VALUE = "no_value"  # the kind of indicator has no such value
    NOT_IN_FORCE = "not_in_force"  # what became of it is told once the plan is in force
    TOO_LONG = "too_long"  # longer than a cell of a workbook can be


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet. `locks` says why a cell is closed, by its key; `unit` is its code.

    `opens` are the keys of the cells that stay open in a row that is locked.
    """

    identity: str
    version: int
    values: Mapping[str, Value]
    unit: str = ""
    locked: Locked = Locked.NO
    locks: Mapping[str, Locked] = field(default_factory=dict)
    opens: frozenset[str] = frozenset()

    def lock_of(self, key: str) -> Locked:
        """Return why a cell of an existing row is closed."""
        row = Locked.NO if key in self.opens else self.locked
        return row or self.locks.get(key, Locked.NO)


@dataclass(frozen=True, slots=True)
class ListEntry:
    """Something that a cell can name, by its code; `unit` says whose it is, where that counts."""

    code: str
    title: str
    unit: str = ""


Lists = Mapping[str, Sequence[ListEntry]]


@dataclass(frozen=True, slots=True)
class BookInfo:
    """What the first sheet says."""

    year: int
    scope: str
    made_at: datetime
    known_at: datetime
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Book:
    """The rows of each sheet by its key, and what cells choose from."""

    rows: Mapping[str, Sequence[Row]]
    lists: Lists

    def by_identity(self, sheet: str) -> dict[str, Row]:
        """Return the rows of a sheet by identity."""
        return {row.identity: row for row in self.rows[sheet]}


def joined(codes: Sequence[str]) -> str | None:
    """Return several codes as one cell, in one order."""
    return f"{CODE_SEPARATOR} ".join(sorted(set(codes))) or None
