"""Reading a workbook back: what stands in each cell, before anything is compared.

Macros are refused and formulas are never worked out: the result that Excel kept is taken.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Final
from xml.etree import ElementTree

import python_calamine
from django.utils.translation import gettext as _

from ibzplan.core.table_files.archive import UnreadableFile, not_a_workbook, open_archive
from ibzplan.core.table_files.cells import CellError, letter, plain_text
from ibzplan.core.table_files.problems import Problem
from objectives.planning.workbook.book import Value
from objectives.planning.workbook.cells import read_cell
from objectives.planning.workbook.columns import SHEETS, VERSION, Column, Kind, SheetSpec
from objectives.planning.workbook.write import FIRST_ROW, LEADING, sheet_mark

MAX_ROWS: Final = 20_000
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINKS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE: Final = re.compile(r"([A-Z]+)([0-9]+)")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of a sheet: `number` is Excel's; a cell that could not be read is in `broken`."""

    number: int
    identity: str
    version: int
    values: Mapping[str, Value]
    found: Mapping[str, str]
    broken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """One sheet as it was found: `name` and `headers` are those that the user sees."""

    spec: SheetSpec
    name: str
    letters: Mapping[str, str]
    headers: Mapping[str, str]
    rows: Sequence[ReadRow]
    base: Mapping[str, Mapping[str, Value]]

    def problem(self, code: str, message: str, *, row: ReadRow, key: str = "") -> Problem:
        """Return a problem at a cell of this sheet, or at a row when no column is to blame."""
        return Problem(
            code,
            message,
            self.name,
            row.number,
            self.letters.get(key, ""),
            self.headers.get(key, ""),
            row.found.get(key, ""),
        )


@dataclass(slots=True)
class ReadBook:
    """All sheets by key, and what could not be read on the way."""

    sheets: dict[str, ReadSheet] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        """Return how many rows there are."""
        return sum(len(sheet.rows) for sheet in self.sheets.values())


def read_book(content: bytes) -> ReadBook:
    """Return what the file says. Raises UnreadableFile for what is no workbook of ours."""
    formulas = _Formulas(open_archive(content))
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        tables = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in workbook.sheet_names
        }
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise not_a_workbook() from error
    found = {plain_text(rows[0][0]): name for name, rows in tables.items() if rows and rows[0]}
    book = ReadBook()
    if not any(sheet_mark(sheet) in found for sheet in SHEETS):
        raise UnreadableFile(
            "other_workbook",
            _(
                "This is a workbook, but not one of a plan. Export the workbook first, change it, "
                "and hand that file in."
            ),
        )
    for sheet in SHEETS:
        name = found.get(sheet_mark(sheet))
        base = tables.get(found.get(sheet_mark(sheet, is_base=True), ""), [])
        if name is None or not base:
            book.problems.append(
                Problem(
                    "sheet_missing",
                    _(
                        "The sheet “%(sheet)s” is missing, or its hidden part. Export the workbook "
                        "again and bring your changes over."
                    )
                    % {"sheet": sheet.label},
                    str(sheet.label),
                )
            )
            continue
        reader = _SheetReader(sheet, name, tables[name], base, formulas.of(name))
        book.sheets[sheet.key] = reader.read(book.problems)
    return book


class _Formulas:
    """Where formulas stand: calamine gives their results only."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._parts = _sheet_parts(archive)

    def of(self, name: str) -> frozenset[str]:
        """Return the addresses of the cells of a sheet that hold a formula."""
        part = self._parts.get(name, "")
        if part not in self._archive.namelist() or b"<f" not in self._archive.read(part):
            return frozenset()
        with self._archive.open(part) as file:
            try:
                return frozenset(_formula_cells(file))
            except ElementTree.ParseError as error:
                raise not_a_workbook() from error


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the archive behind each sheet's name."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 (expat bounds entities)
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (ElementTree.ParseError, KeyError) as error:
        raise not_a_workbook() from error
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    return {
        sheet.get("name", ""): _part(targets.get(sheet.get(_LINKS, ""), ""))
        for sheet in book.iter(f"{_MAIN}sheet")
    }


def _part(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _formula_cells(file: IO[bytes]) -> list[str]:
    found = []
    for _event, node in ElementTree.iterparse(file):  # noqa: S314 (expat bounds entities)
        if node.tag == f"{_MAIN}c":
            if node.find(f"{_MAIN}f") is not None:
                found.append(node.get("r", ""))
            node.clear()
    return found


class _SheetReader:
    """Reads one sheet: by the hidden keys, whatever its columns are called or wherever they are."""

    def __init__(
        self,
        spec: SheetSpec,
        name: str,
        table: list[list[Any]],
        base: list[list[Any]],
        formulas: frozenset[str],
    ) -> None:
        self.spec, self.name, self.table, self.base = spec, name, table, base
        self.formulas = formulas
        keys = [plain_text(cell) for cell in table[0]]
        self.places = {key: place for place, key in enumerate(keys) if key}
        headers = [plain_text(cell) for cell in table[1]] if len(table) > 1 else []
        self.headers = {
            column.key: headers[place] if place < len(headers) else str(column.label)
            for column in spec.columns
            if (place := self.places.get(column.key)) is not None
        }
        self.letters = {
            column.key: letter(self.places[column.key])
            for column in spec.columns
            if column.key in self.places
        }

    def read(self, problems: list[Problem]) -> ReadSheet:
        """Return the sheet; what cannot be read is added to the problems."""
        for column in self.spec.columns:
            if column.key not in self.places:
                problems.append(
                    Problem(
                        "column_missing",
                        _(
                            "The column “%(column)s” is missing. Export the workbook again and "
                            "bring your changes over."
                        )
                        % {"column": column.label},
                        self.name,
                        header=str(column.label),
                    )
                )
        if len(self.table) > MAX_ROWS:
            problems.append(
                Problem(
                    "too_many_rows",
                    _("The sheet has more than %(most)s rows. Hand in the plan in parts.")
                    % {"most": MAX_ROWS},
                    self.name,
                )
            )
            return self._sheet([])
        rows = []
        for place, cells in enumerate(self.table[FIRST_ROW:], start=FIRST_ROW + 1):
            row = self._row(place, cells, problems)
            if row is not None:
                rows.append(row)
        sheet = self._sheet(rows)
        problems += self._formula_remarks(sheet)
        problems += _twice(sheet)
        return sheet

    def _sheet(self, rows: Sequence[ReadRow]) -> ReadSheet:
        return ReadSheet(
            self.spec, self.name, self.letters, self.headers, rows, dict(self._base_rows())
        )

    def _row(self, number: int, cells: list[Any], problems: list[Problem]) -> ReadRow | None:
        raw = {
            column.key: cells[place] if place < len(cells) else None
            for column in self.spec.columns
            if (place := self.places.get(column.key)) is not None
        }
        identity = plain_text(cells[0]) if cells else ""
        found = {key: plain_text(value) for key, value in raw.items()}
        if not identity and not any(found.values()):
            return None
        values: dict[str, Value] = {}
        broken = []
        for column in self.spec.columns:
            try:
                values[column.key] = read_cell(column, raw.get(column.key))
            except CellError as error:
                broken.append(column.key)
                problems.append(
                    Problem(
                        error.code,
                        error.message,
                        self.name,
                        number,
                        self.letters.get(column.key, ""),
                        self.headers.get(column.key, ""),
                        found.get(column.key, ""),
                    )
                )
        version = plain_text(cells[1]) if len(cells) > 1 else ""
        return ReadRow(
            number,
            identity,
            int(version) if version.isdecimal() else 0,
            values,
            found,
            frozenset(broken),
        )

    def _base_rows(self) -> list[tuple[str, dict[str, Value]]]:
        keys = [plain_text(cell) for cell in self.base[0]]
        columns = {column.key: column for column in self.spec.columns}
        rows = []
        for cells in self.base[1:]:
            values: dict[str, Value] = {}
            for key, cell in zip(keys[len(LEADING) :], cells[len(LEADING) :], strict=False):
                if key in columns and key != VERSION:
                    values[key] = _base_value(columns[key], cell)
            rows.append((plain_text(cells[0]), values))
        return rows

    def _formula_remarks(self, sheet: ReadSheet) -> list[Problem]:
        rows = {row.number: row for row in sheet.rows}
        keys = {place: key for key, place in sheet.letters.items()}
        remarks = []
        for address in sorted(self.formulas):
            match = _PLACE.fullmatch(address)
            if match is None or int(match[2]) not in rows or match[1] not in keys:
                continue
            row, key = rows[int(match[2])], keys[match[1]]
            remarks.append(
                Problem(
                    "formula",
                    _("A formula stands here: its result is taken."),
                    sheet.name,
                    row.number,
                    match[1],
                    sheet.headers.get(key, ""),
                    row.found.get(key, ""),
                    is_remark=True,
                )
            )
        return remarks


def _base_value(column: Column, cell: Any) -> Value:
    """Return what the hidden sheet keeps; it was written by us, so what is odd counts as empty."""
    try:
        if column.kind in (Kind.CHOICE, Kind.YES_NO):
            text = plain_text(cell)
            return text if column.choices and text in column.choices.values else None
        if column.kind in (Kind.NUMBER, Kind.INTEGER):
            return read_cell(column, plain_text(cell).replace(".", ","))
        if column.kind == Kind.TEXT:
            return plain_text(cell) or None
        return read_cell(column, cell)
    except CellError:
        return None


def _twice(sheet: ReadSheet) -> list[Problem]:
    """Tell which rows stand there twice: a row that was copied carries its identity along."""
    first: dict[str, int] = {}
    problems = []
    for row in sheet.rows:
        if row.identity and row.identity in first:
            problems.append(
                sheet.problem(
                    "row_twice",
                    _(
                        "This row stands in row %(row)s already. To add one, type in an empty row "
                        "below the others."
                    )
                    % {"row": first[row.identity]},
                    row=row,
                )
            )
        elif row.identity:
            first[row.identity] = row.number
    return problems
