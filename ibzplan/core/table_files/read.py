"""Finding the table in a file: which sheet, which row of heads, which column is which."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import python_calamine
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ibzplan.core.localised import fold
from ibzplan.core.table_files.archive import (
    MAX_BYTES,
    UnreadableFile,
    not_a_workbook,
    open_archive,
)
from ibzplan.core.table_files.cells import letter, plain_text
from ibzplan.core.table_files.numbers import exact_number_in
from ibzplan.core.table_files.problems import Problem

MAX_ROWS: Final = 20_000
# Above the heads a file may say what it is.
_ROWS_SEARCHED: Final = 20
_SEPARATORS: Final = (";", ",", "\t")
_UNIT: Final = re.compile(r"\(([^()]*)\)\s*$")
_ZIP: Final = b"PK"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column that a file may have. `names` are further words that it goes by in its header.

    `units` maps each unit, as a header may write it between brackets, to how many of the smallest
    unit it is: such a column must say which one it is in.
    """

    key: str
    label: Promise | str
    names: tuple[str, ...] = ()
    units: Mapping[str, int] = field(default_factory=dict)
    is_required: bool = True

    def words(self) -> set[str]:
        """Return what its header can say, folded, in every language of the interface."""
        words = {fold(name) for name in self.names}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                words.add(_UNIT.sub("", fold(str(self.label))).strip())
        return words


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a column of the file stands, and in which unit its numbers are."""

    index: int
    header: str
    unit: int = 1


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row; `number` is the one that a spreadsheet shows. `cells` by key, as the file has them.

    `units` and `decimal` are those of the file.
    """

    number: int
    cells: Mapping[str, Any]
    units: Mapping[str, int]
    decimal: str = ""

    def text_in(self, key: str) -> str:
        """Return what stands in a column, '' for nothing."""
        return plain_text(self.cells.get(key))

    def number_in(self, key: str) -> Decimal | None:
        """Return the number in a column, in the smallest unit; None when empty. CellError."""
        number = exact_number_in(self.cells.get(key), decimal=self.decimal)
        return None if number is None else number * self.units.get(key, 1)


@dataclass(slots=True)
class FileTable:
    """What the file holds, and what is wrong with its heads."""

    sheet: str
    places: Mapping[str, _Place]
    rows: Sequence[FileRow]
    problems: list[Problem] = field(default_factory=list)

    def has(self, key: str) -> bool:
        """Tell whether the file has the column."""
        return key in self.places

    def column(self, key: str) -> tuple[str, str]:
        """Return the letter and the header of a column, both '' where there is none."""
        place = self.places.get(key)
        return (letter(place.index), place.header) if place else ("", "")

    def problem(self, code: str, message: str, *, row: FileRow, key: str = "") -> Problem:
        """Return a problem at a cell, or at a row when no column is to blame."""
        return Problem(code, message, self.sheet, row.number, *self.column(key), row.text_in(key))


def read_table(content: bytes, columns: Sequence[FileColumn], *, decimal: str = "") -> FileTable:
    """Return the first table of the file that has the columns asked for.

    `decimal` is the decimal sign of texts, '' where each must speak for itself. Raises
    UnreadableFile for a file that holds no table, or none with these columns.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFile(
            "too_large",
            _("The file is larger than %(most)s MB. Leave out what does not belong to the plan.")
            % {"most": MAX_BYTES // 1024**2},
        )
    if content.startswith(_OLD_EXCEL):
        raise not_a_workbook()
    sheets = _workbook(content) if content.startswith(_ZIP) else _text_tables(content)
    words = {column.key: column.words() for column in columns}
    best = max(
        (
            (_places(row, columns, words), name, rows, index)
            for name, rows in sheets
            for index, row in enumerate(rows[:_ROWS_SEARCHED])
        ),
        key=lambda found: len(found[0]),
        default=None,
    )
    missing = [one for one in columns if one.is_required and (not best or one.key not in best[0])]
    if best is None or missing:
        raise UnreadableFile(
            "columns_missing",
            _("The file has no column “%(column)s”. Download the table, and fill that one in.")
            % {"column": missing[0].label if missing else columns[0].label},
        )
    places, name, rows, head = best
    return _table(name, places, rows, head, columns, decimal)


def _table(
    name: str,
    places: Mapping[str, _Place],
    rows: Sequence[Sequence[Any]],
    head: int,
    columns: Sequence[FileColumn],
    decimal: str,
) -> FileTable:
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(
            "too_many_rows",
            _("The sheet has more than %(most)s rows. Hand in the plan in parts.")
            % {"most": MAX_ROWS},
        )
    units = {key: place.unit for key, place in places.items()}
    found = []
    for number, cells in enumerate(rows[head + 1 :], start=head + 2):
        by_key = {
            key: cells[place.index] if place.index < len(cells) else None
            for key, place in places.items()
        }
        if any(plain_text(cell) for cell in by_key.values()):
            found.append(FileRow(number, by_key, units, decimal))
    problems = [
        _no_unit(name, head + 1, places[column.key], column)
        for column in columns
        if column.units and column.key in places and not places[column.key].unit
    ]
    return FileTable(name, places, found, problems)


def _no_unit(sheet: str, row: int, place: _Place, column: FileColumn) -> Problem:
    first, last = next(iter(column.units)), list(column.units)[-1]
    return Problem(
        "no_unit",
        _(
            "The header does not say in which unit the numbers are. Write “%(first)s” or "
            "“%(second)s”."
        )
        % {
            "first": f"{_bare(place.header)} ({first})",
            "second": f"{_bare(place.header)} ({last})",
        },
        sheet,
        row,
        letter(place.index),
        place.header,
        place.header,
    )


def _bare(header: str) -> str:
    return _UNIT.sub("", header).strip()


def _places(
    row: Sequence[Any], columns: Sequence[FileColumn], words: Mapping[str, set[str]]
) -> dict[str, _Place]:
    """Return where the columns stand if this row has their heads; the first of a name counts."""
    found: dict[str, _Place] = {}
    for index, cell in enumerate(row):
        header = plain_text(cell)
        name = _bare(fold(header))
        for column in columns:
            if name and column.key not in found and name in words[column.key]:
                found[column.key] = _Place(index, header, _unit(header, column))
                break
    return found


def _unit(header: str, column: FileColumn) -> int:
    """Return how many of the smallest unit the numbers of a column are in; 0 if nobody can tell."""
    if not column.units:
        return 1
    found = _UNIT.search(header)
    units = {fold(name): size for name, size in column.units.items()}
    return units.get(fold(found[1]).strip(), 0) if found else 0


def _workbook(content: bytes) -> list[tuple[str, list[list[Any]]]]:
    open_archive(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise not_a_workbook() from error


def _text_tables(content: bytes) -> list[tuple[str, list[list[Any]]]]:
    """Return the text of a CSV cut at each sign that can separate cells: the heads tell which."""
    text = _decoded(content)
    tables = []
    for separator in _SEPARATORS:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        except csv.Error:
            continue
        tables.append(("", [list(row) for row in rows]))
    if not tables or "\x00" in text:
        raise UnreadableFile(
            "not_a_table",
            _("This file is neither an Excel workbook (.xlsx) nor a CSV. Save it as one of them."),
        )
    return tables


def _decoded(content: bytes) -> str:
    """Return the text: UTF-8, UTF-16 with its mark, or what a Belgian Excel writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def in_whole(number: Decimal) -> int | None:
    """Return a number of smallest units as an integer, None when it has a part of one."""
    exact = Fraction(number)
    return int(exact) if exact.denominator == 1 else None
