"""A table to download, fill in and hand in again."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import xlsxwriter
from django.utils.functional import Promise

from ibzplan.core.exports.csv_file import cell_separator, decimal_sign
from ibzplan.core.exports.values import is_formula
from ibzplan.core.exports.xlsx_file import SAFE_OPTIONS
from ibzplan.core.table_files.cells import clean_text

_MARK: Final = "\ufeff"

Cell = str | Decimal | int | None


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column: its header as `FileColumn` finds it, with its unit; open or to be left alone."""

    header: str | Promise
    width: int = 14
    number_format: str = "@"
    is_open: bool = False


def template_xlsx(
    title: str, columns: Sequence[TemplateColumn], rows: Iterable[Sequence[Cell]]
) -> bytes:
    """Return the table as a workbook of one sheet: white cells are typed in, grey ones are not."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, SAFE_OPTIONS) as workbook:
        page = workbook.add_worksheet(title[:31])
        head = workbook.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "bg_color": "#1F3A5F",
                "font_color": "#FFFFFF",
            }
        )
        styles = [
            workbook.add_format(
                {
                    "num_format": column.number_format,
                    "border": 1,
                    "border_color": "#C8CDD4",
                    **({} if column.is_open else {"bg_color": "#EEF0F3"}),
                }
            )
            for column in columns
        ]
        for index, column in enumerate(columns):
            page.write_string(0, index, str(column.header), head)
            page.set_column(index, index, column.width)
        for place, row in enumerate(rows, start=1):
            for index, cell in enumerate(row):
                if cell is None:
                    page.write_blank(place, index, None, styles[index])
                elif isinstance(cell, str):
                    page.write_string(place, index, clean_text(cell), styles[index])
                else:
                    page.write_number(place, index, float(cell), styles[index])
        page.freeze_panes(1, 1)
        page.set_landscape()
        page.repeat_rows(0)
    return out.getvalue()


def template_csv(columns: Sequence[TemplateColumn], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the table as CSV, separated as the language of the page does."""
    out = io.StringIO(newline="")
    out.write(_MARK)
    writer = csv.writer(out, delimiter=cell_separator(), lineterminator="\r\n")
    writer.writerow([str(column.header) for column in columns])
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
    return out.getvalue().encode()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = clean_text(cell)
        return f"'{text}" if is_formula(text) else text
    text = f"{Decimal(cell).normalize():f}"
    # Three decimals could be thousands: one more says that they are none.
    whole, _point, fraction = text.partition(".")
    padded = f"{fraction}0" if len(fraction) == 3 else fraction
    return f"{whole}{decimal_sign()}{padded}" if fraction else whole
