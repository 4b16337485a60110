"""The workbook that is handed out: locked where nothing may change, with lists to choose from."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ibzplan.core.exports.xlsx_file import LONGEST_CELL, SAFE_OPTIONS
from ibzplan.core.table_files.cells import clean_text, letter
from objectives.planning.workbook.book import Book, BookInfo, Row, Value
from objectives.planning.workbook.cells import labels
from objectives.planning.workbook.columns import (
    IDENTITY,
    SHEETS,
    VERSION,
    Column,
    Kind,
    SheetSpec,
)

KEY_ROW: Final = 0
HEADER_ROW: Final = 1
FIRST_ROW: Final = 2
# Identity and version stand before the columns that people use.
LEADING: Final = (IDENTITY, VERSION)
FREE_ROWS: Final = 200
KEY_MARK: Final = "ibzplan"
BASE_PREFIX: Final = "base_"
LIST_SHEET: Final = "ibz_lists"
_DATE_FORMAT: Final = "dd/mm/yyyy"
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t")
_ALLOWED: Final = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "sort": True,
    "autofilter": True,
}
# Days that Excel can hold and a plan can name.
_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2100, 12, 31)


def sheet_mark(sheet: SheetSpec, *, is_base: bool = False) -> str:
    """Return what stands in the first cell of a sheet, hidden: by it a sheet is found again."""
    return f"{KEY_MARK}.{BASE_PREFIX if is_base else ''}{sheet.key}"


def write_book(book: Book, info: BookInfo, notes: Sequence[str]) -> bytes:
    """Return the file, in the active language. `notes` are the lines of its first sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, SAFE_OPTIONS) as workbook:
        styles = _Styles(workbook)
        _write_notes(workbook, styles, info, notes)
        pages = [workbook.add_worksheet(str(sheet.label)[:31]) for sheet in SHEETS]
        ranges = _write_lists(workbook, book)
        for sheet, page in zip(SHEETS, pages, strict=True):
            _Page(page, styles, sheet, ranges, info.year).write(book.rows[sheet.key])
            _write_base(workbook, sheet, book.rows[sheet.key])
        pages[0].activate()
    return out.getvalue()


class _Styles:
    """The formats of cells, each made once: by kind, whether it is open, whether it is quoted."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, bool, bool], Format] = {}
        self.header = workbook.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "bg_color": "#1F3A5F",
                "font_color": "#FFFFFF",
                "border": 1,
            }
        )
        self.title = workbook.add_format({"bold": True, "font_size": 16})
        self.note = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.hidden_key = workbook.add_format({"font_color": "#808080", "locked": True})

    def cell(self, kind: str, *, is_open: bool, is_quoted: bool = False) -> Format:
        """Return the format of a cell."""
        key = (kind, is_open, is_quoted)
        if key not in self._made:
            self._made[key] = self._workbook.add_format(_properties(*key))
        return self._made[key]


def _properties(kind: str, is_open: bool, is_quoted: bool) -> dict[str, Any]:  # noqa: FBT001
    shapes = {Kind.DATE: _DATE_FORMAT, Kind.NUMBER: "General", Kind.INTEGER: "0"}
    return {
        "num_format": shapes.get(Kind(kind), "@"),
        "locked": not is_open,
        "text_wrap": kind == Kind.TEXT,
        "valign": "top",
        **({} if is_open else {"bg_color": "#E7E9EC", "font_color": "#3B4148"}),
        **({"quote_prefix": True} if is_quoted else {}),
    }


def _write_notes(workbook: Workbook, styles: _Styles, info: BookInfo, notes: Sequence[str]) -> None:
    page = workbook.add_worksheet(_("Read me"))
    page.set_column(0, 0, 110)
    page.hide_gridlines(2)
    page.write_string(0, 0, _("Operational plan %(year)s") % {"year": info.year}, styles.title)
    lines = [
        info.scope,
        _("Made on %(moment)s; as known on %(known)s.")
        % {
            "moment": date_format(timezone.localtime(info.made_at), "SHORT_DATETIME_FORMAT"),
            "known": date_format(timezone.localtime(info.known_at), "SHORT_DATETIME_FORMAT"),
        },
        *([_("Fictional example data.")] if info.is_demo else []),
        *notes,
    ]
    for row, line in enumerate(lines, start=2):
        page.write_string(row, 0, line, styles.note)
    page.protect("", _ALLOWED)


def _write_lists(workbook: Workbook, book: Book) -> dict[str, str]:
    """Write what cells choose from, code and name; return the range of each list."""
    page = workbook.add_worksheet(LIST_SHEET)
    ranges: dict[str, str] = {}
    lists: dict[str, list[tuple[str, str]]] = {
        name: [(entry.code, entry.title) for entry in entries]
        for name, entries in book.lists.items()
    }
    for choices in _choices():
        lists[_choice_list(choices)] = [(label, "") for label in labels(choices)]
    for place, (name, entries) in enumerate(lists.items()):
        column = 2 * place
        page.write_string(0, column, name)
        for row, (code, title) in enumerate(entries, start=1):
            page.write_string(row, column, code)
            page.write_string(row, column + 1, clean_text(title)[:LONGEST_CELL])
        page.set_column(column, column, 18)
        page.set_column(column + 1, column + 1, 60)
        if entries:
            place_name = letter(column)
            ranges[name] = f"={LIST_SHEET}!${place_name}$2:${place_name}${len(entries) + 1}"
    page.protect("", _ALLOWED)
    page.hide()
    return ranges


def _choices() -> list[type[TextChoices]]:
    found = [column.choices for sheet in SHEETS for column in sheet.columns if column.choices]
    return list(dict.fromkeys(found))


def _choice_list(choices: type[TextChoices]) -> str:
    return f"choice_{choices.__name__}"


class _Page:
    """One visible sheet."""

    def __init__(
        self,
        page: Worksheet,
        styles: _Styles,
        sheet: SheetSpec,
        ranges: Mapping[str, str],
        year: int,
    ) -> None:
        self.page, self.styles, self.sheet, self.ranges = page, styles, sheet, ranges
        self.year = year

    def write(self, rows: Sequence[Row]) -> None:
        """Write keys, headers, rows and the empty rows below them."""
        self._head()
        for place, row in enumerate(rows, start=FIRST_ROW):
            self._row(place, row)
        first_free = FIRST_ROW + len(rows)
        last = first_free + FREE_ROWS - 1
        for place in range(first_free, last + 1):
            self._free_row(place)
        for index, column in enumerate(self.sheet.columns, start=len(LEADING)):
            self._validate(index, column, last)
        self.page.freeze_panes(FIRST_ROW, len(LEADING) + 2)
        self.page.autofilter(HEADER_ROW, 0, last, len(LEADING) + len(self.sheet.columns) - 1)
        self.page.protect("", _ALLOWED)
        self.page.set_landscape()
        self.page.repeat_rows(HEADER_ROW)

    def _head(self) -> None:
        page, styles = self.page, self.styles
        page.write_string(KEY_ROW, 0, sheet_mark(self.sheet), styles.hidden_key)
        page.write_string(KEY_ROW, 1, VERSION, styles.hidden_key)
        page.write_string(HEADER_ROW, 0, _("Identity"), styles.header)
        page.write_string(HEADER_ROW, 1, _("Version"), styles.header)
        page.set_column(0, len(LEADING) - 1, 10, None, {"hidden": True})
        for index, column in enumerate(self.sheet.columns, start=len(LEADING)):
            page.write_string(KEY_ROW, index, column.key, styles.hidden_key)
            page.write_string(HEADER_ROW, index, str(column.label), styles.header)
            page.set_column(index, index, column.width)
        page.set_row(KEY_ROW, None, None, {"hidden": True})
        page.set_row(HEADER_ROW, 32)

    def _row(self, place: int, row: Row) -> None:
        closed = self.styles.cell(Kind.CODE, is_open=False)
        self.page.write_string(place, 0, row.identity, closed)
        self.page.write_number(place, 1, row.version, self.styles.cell(Kind.INTEGER, is_open=False))
        for index, column in enumerate(self.sheet.columns, start=len(LEADING)):
            is_open = not (column.is_fixed or column.is_shown or row.lock_of(column.key))
            self._cell(place, index, column, row.values.get(column.key), is_open=is_open)

    def _cell(self, place: int, index: int, column: Column, value: Value, *, is_open: bool) -> None:
        page = self.page
        if value is None:
            page.write_blank(place, index, None, self.styles.cell(column.kind, is_open=is_open))
        elif isinstance(value, Decimal):
            page.write_number(
                place, index, float(value), self.styles.cell(column.kind, is_open=is_open)
            )
        elif isinstance(value, date):
            page.write_datetime(place, index, value, self.styles.cell(column.kind, is_open=is_open))
        else:
            text = str(column.choices(value).label) if column.choices else value
            quoted = text.startswith(_FORMULA_SIGNS)
            style = self.styles.cell(column.kind, is_open=is_open, is_quoted=quoted)
            page.write_string(place, index, text, style)

    def _free_row(self, place: int) -> None:
        closed = self.styles.cell(Kind.CODE, is_open=False)
        for index in range(len(LEADING)):
            self.page.write_blank(place, index, None, closed)
        for index, column in enumerate(self.sheet.columns, start=len(LEADING)):
            style = self.styles.cell(
                column.kind, is_open=not (column.is_shown or column.is_reported)
            )
            self.page.write_blank(place, index, None, style)

    def _validate(self, index: int, column: Column, last: int) -> None:
        rule = _rule(column, self.ranges, self.year)
        if rule is not None:
            self.page.data_validation(FIRST_ROW, index, last, index, rule)


def _rule(column: Column, ranges: Mapping[str, str], year: int) -> dict[str, Any] | None:
    """Return what Excel itself checks in a column; the import checks everything again."""
    name = _choice_list(column.choices) if column.choices else column.list_name
    if column.kind in (Kind.CHOICE, Kind.YES_NO, Kind.CODE) and name in ranges:
        return {
            "validate": "list",
            "source": ranges[name],
            "error_title": _("Not in the list"),
            "error_message": _("Choose one of the list, or empty the cell."),
        }
    if column.kind == Kind.CODES:
        return {
            "validate": "any",
            "input_title": str(column.label)[:32],
            "input_message": _("Codes, separated by ';'. They stand on the hidden sheet %(name)s.")
            % {"name": LIST_SHEET},
        }
    if column.kind == Kind.DATE:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": _FIRST_DAY,
            "maximum": _LAST_DAY,
            "error_title": _("Not a date"),
            "error_message": _("Type a date, for instance %(day)s.") % {"day": f"31/12/{year}"},
        }
    if column.kind == Kind.INTEGER:
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": column.least,
            "maximum": column.most,
            "error_message": _("Type a whole number from %(least)s to %(most)s.")
            % {"least": column.least, "most": column.most},
        }
    if column.kind == Kind.NUMBER:
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": -1e11,
            "maximum": 1e11,
            "error_message": _("Type a number."),
        }
    return None


def _write_base(workbook: Workbook, sheet: SheetSpec, rows: Sequence[Row]) -> None:
    """Keep what was exported on a sheet that nobody sees: what differs from it was changed."""
    page = workbook.add_worksheet(f"{BASE_PREFIX}{sheet.key}")
    page.write_string(0, 0, sheet_mark(sheet, is_base=True))
    page.write_string(0, 1, VERSION)
    for index, column in enumerate(sheet.columns, start=len(LEADING)):
        page.write_string(0, index, column.key)
    for place, row in enumerate(rows, start=1):
        page.write_string(place, 0, row.identity)
        page.write_number(place, 1, row.version)
        for index, column in enumerate(sheet.columns, start=len(LEADING)):
            text = base_text(row.values.get(column.key))
            if text:
                page.write_string(place, index, text)
    page.protect("")
    page.very_hidden()


def base_text(value: Value) -> str:
    """Return a value as the hidden sheet keeps it: the same in every language."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return value
