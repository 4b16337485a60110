"""Tables as a workbook: a first sheet that says what it is, then a sheet a table."""

import io
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

import xlsxwriter
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from ibzplan.core.exports.tables import About, Cell, Column, ExportTable, Kind
from ibzplan.core.exports.values import is_formula, text_of, value_of

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell, and the name of a sheet, hold no more characters.
LONGEST_CELL: Final = 32_767
LONGEST_NAME: Final = 31
# What a text looks like never makes it a formula, a link or a number.
SAFE_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\]")
_NUMBER_FORMATS: Final = {
    Kind.INTEGER: "#,##0",
    Kind.DECIMAL: "#,##0.##",
    Kind.PERCENT: "0.0%",
    Kind.DATE: "dd/mm/yyyy",
}
_WIDTHS: Final = {Kind.TEXT: 44, Kind.STATUS: 18}
_NUMBER_WIDTH: Final = 14


def xlsx_file(tables: Sequence[ExportTable], about: About, *, reader: str, address: str) -> bytes:
    """Return the file, in the active language. `reader` is whose rights it was made with."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, SAFE_OPTIONS) as workbook:
        styles = _Styles(workbook)
        taken: set[str] = set()
        _write_about(workbook, styles, _about_lines(about, reader, address), about, taken)
        for table in tables:
            _write_table(workbook, styles, table, taken)
    return out.getvalue()


class _Styles:
    """The formats of cells, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, bool], Format] = {}
        self.title = workbook.add_format({"bold": True, "font_size": 16})
        self.label = workbook.add_format({"bold": True, "valign": "top"})
        self.header = workbook.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "bg_color": "#1F3A5F",
                "font_color": "#FFFFFF",
            }
        )

    def cell(self, kind: str, *, is_quoted: bool = False) -> Format:
        """Return the format of a cell of a kind; a quoted one is shown, never run."""
        key = (kind, is_quoted)
        if key not in self._made:
            properties: dict[str, Any] = {
                "num_format": _NUMBER_FORMATS.get(Kind(kind), "@"),
                "valign": "top",
                "text_wrap": kind == Kind.TEXT,
                **({"quote_prefix": True} if is_quoted else {}),
            }
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]


def _about_lines(about: About, reader: str, address: str) -> list[tuple[str, str]]:
    """Return what the first sheet says, as label and text."""
    clocks = about.clocks
    known = date_format(timezone.localtime(clocks.known_at), "SHORT_DATETIME_FORMAT")
    year = [] if about.plan_year is None else [(_("Plan year"), str(about.plan_year))]
    filters = [(text_of(label), text_of(value)) for label, value in about.filters]
    demo = _("Demonstration: the figures and dates in this file are fictitious.")
    return [
        *([(_("Attention"), demo)] if about.is_demo else []),
        *year,
        (_("Reference date"), date_format(clocks.reference_date, "SHORT_DATE_FORMAT")),
        (_("As known on"), known),
        *(filters or [(_("Filters"), _("none"))]),
        (_("Made for"), reader),
        (
            _("Rights"),
            _(
                "The file holds what this reader may see. Someone else may see more or less: pass "
                "on the address of the page rather than the file."
            ),
        ),
        (_("Page"), address),
        *(("", text_of(note)) for note in about.notes),
    ]


def _write_about(
    workbook: Workbook,
    styles: _Styles,
    lines: Sequence[tuple[str, str]],
    about: About,
    taken: set[str],
) -> None:
    page = workbook.add_worksheet(_sheet_name(_("Read me"), taken))
    page.hide_gridlines(2)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 90)
    page.write_string(0, 0, text_of(about.title), styles.title)
    for row, (label, text) in enumerate(lines, start=2):
        page.write_string(row, 0, label, styles.label)
        page.write_string(row, 1, text[:LONGEST_CELL], _text_style(styles, Kind.TEXT, text))
    page.set_landscape()
    page.fit_to_pages(1, 0)


def _write_table(workbook: Workbook, styles: _Styles, table: ExportTable, taken: set[str]) -> None:
    page = workbook.add_worksheet(_sheet_name(text_of(table.title), taken))
    for index, column in enumerate(table.columns):
        page.write_string(0, index, text_of(column.label), styles.header)
        page.set_column(index, index, _WIDTHS.get(Kind(column.kind), _NUMBER_WIDTH))
    last = 0
    for last, row in enumerate(table.rows, start=1):
        for index, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            _write_cell(page, (last, index), styles, column, cell)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, last, max(len(table.columns) - 1, 0))
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _write_cell(
    page: Any, place: tuple[int, int], styles: _Styles, column: Column, cell: Cell
) -> None:
    value = value_of(column, cell)
    if value is None:
        page.write_blank(*place, None, styles.cell(column.kind))
    elif isinstance(value, Fraction):
        page.write_number(*place, float(value), styles.cell(column.kind))
    elif isinstance(value, str):
        style = _text_style(styles, column.kind, value)
        page.write_string(*place, value[:LONGEST_CELL], style)
    else:
        page.write_datetime(*place, value, styles.cell(column.kind))


def _text_style(styles: _Styles, kind: str, text: str) -> Format:
    return styles.cell(kind, is_quoted=is_formula(text))


def _sheet_name(title: str, taken: set[str]) -> str:
    """Return a name that a workbook can have and has not yet."""
    plain = _NOT_IN_A_NAME.sub(" ", title).strip(" '") or _("Table")
    name, number = plain[:LONGEST_NAME].strip(" '"), 1
    while name.casefold() in taken:
        number += 1
        suffix = f" {number}"
        name = plain[: LONGEST_NAME - len(suffix)].strip(" '") + suffix
    taken.add(name.casefold())
    return name
