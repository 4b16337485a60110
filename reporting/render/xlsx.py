"""XLSX of a report: a sheet a subject, numbers and dates as such, heads that stay in sight."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ibzplan.core.exports.values import is_formula, text_of
from ibzplan.core.exports.xlsx_file import LONGEST_CELL, LONGEST_NAME, SAFE_OPTIONS
from reporting.render.blocks import Figure
from reporting.render.sheets.cells import Cell, Day, Sheet, Whole, whole_text

Part = Mapping[str, Any]

WIDTHS: Final = {"narrow": 14, "middle": 26, "wide": 56}
DAY_FORMAT: Final = "dd/mm/yyyy"
# A double holds so many digits without loss.
SAFE_DIGITS: Final = 15
A4: Final = 9
# The head of a printed page holds at most 255 characters.
_LONGEST_HEADER: Final = 200


def xlsx_of(
    sheets: Sequence[Sheet], facts: Part, *, title: str, marks: Sequence[str], moment: datetime
) -> bytes:
    """Return the workbook of sheets, in the active language: the same sheets give the same bytes.

    `facts` are those that the cells are bound to. `marks` stand on every printed page. `moment`,
    when the figures were known, is what the file gives as the time it was made.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, dict(SAFE_OPTIONS)) as workbook:
        workbook.set_properties(
            {
                "title": title,
                "keywords": ", ".join(marks),
                "comments": _("Data of the report: one sheet a subject."),
                "created": moment.astimezone(UTC),
            }
        )
        styles = _Styles(workbook)
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.name[:LONGEST_NAME])
            _write(page, sheet, facts, styles)
            page.set_header(_header(title, marks))
            page.set_footer("&C&P / &N")
    return out.getvalue()


def _header(heading: str, marks: Sequence[str]) -> str:
    """Return the head of a printed page: title left, marks right; an ampersand is doubled."""
    right = " · ".join(marks)
    left = heading[: _LONGEST_HEADER - len(right)]
    return "&L{}&R{}".format(left.replace("&", "&&"), right.replace("&", "&&"))


class _Styles:
    """The formats of cells, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, bool], Format] = {}
        self.head = workbook.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "bg_color": "#1F3A5F",
                "font_color": "#FFFFFF",
            }
        )

    def text(self, text: str) -> Format:
        """Return the format of a text; one that looks like a formula is shown, never run."""
        return self._get("@", is_quoted=is_formula(text))

    def number(self, number_format: str) -> Format:
        """Return the format of a number or a date."""
        return self._get(number_format)

    def _get(self, number_format: str, *, is_quoted: bool = False) -> Format:
        key = (number_format, is_quoted)
        if key not in self._made:
            self._made[key] = self._workbook.add_format(
                {
                    "num_format": number_format,
                    "valign": "top",
                    "text_wrap": number_format == "@",
                    **({"quote_prefix": True} if is_quoted else {}),
                }
            )
        return self._made[key]


def _write(page: Worksheet, sheet: Sheet, facts: Part, styles: _Styles) -> None:
    for index, column in enumerate(sheet.columns):
        page.write_string(0, index, column.head, styles.head)
        page.set_column(index, index, WIDTHS[column.width])
    for row, cells in enumerate(sheet.rows, start=1):
        for index, cell in enumerate(cells):
            if cell is not None:
                _write_cell(page, row, index, cell, facts, styles)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _write_cell(
    page: Worksheet, row: int, column: int, cell: Cell, facts: Part, styles: _Styles
) -> None:
    if isinstance(cell, Day):
        page.write_datetime(row, column, cell.on, styles.number(DAY_FORMAT))
    elif isinstance(cell, Whole):
        page.write_number(row, column, cell.number, styles.number("0"))
    elif isinstance(cell, Figure):
        _write_figure(page, row, column, cell, facts[cell.fact], styles)
    else:
        text = text_of(whole_text(cell))
        page.write_string(row, column, text[:LONGEST_CELL], styles.text(text))


def _write_figure(
    page: Worksheet, row: int, column: int, cell: Figure, fact: Part, styles: _Styles
) -> None:
    """Write a fact as a number or a date, with as many decimals as the report shows."""
    kind, shown = fact["kind"], fact.get("display", "")
    if kind == "date":
        style = styles.number(_day_format(fact["role"]))
        page.write_datetime(row, column, date.fromisoformat(shown), style)
    elif kind in ("level", "step") or len(shown.strip("-").replace(".", "")) > SAFE_DIGITS:
        page.write_string(row, column, text_of(cell.text)[:LONGEST_CELL], styles.text(cell.text))
    else:
        number = Fraction(shown) / (100 if kind == "share" else 1)
        page.write_number(row, column, float(number), styles.number(number_format(fact)))


def number_format(fact: Part) -> str:
    """Return how a spreadsheet shows a number: as many decimals as the report."""
    if fact["kind"] == "share":
        return "0%"
    decimals = fact.get("decimals", 0)
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _day_format(role: str) -> str:
    """Return the format of a date that is a figure, with its role in words: 'done on 30/09/2026'.

    The words stand in the format, so that the cell is a date.
    """
    sentence = {
        "done": _("done on %(date)s"),
        "expected": _("expected on %(date)s"),
    }.get(role, _("by %(date)s"))
    before, _date, after = sentence.partition("%(date)s")
    quoted = [f'"{part}"' if part else "" for part in (before, after)]
    return f"{quoted[0]}{DAY_FORMAT}{quoted[1]}"
