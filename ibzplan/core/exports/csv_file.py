"""A table as CSV: RFC 4180, in UTF-8 with the mark by which a spreadsheet knows it.

A Belgian spreadsheet, in Dutch or French, takes `;` for the end of a cell and `,` for the decimal
sign; an English one takes `,` and `.`. The file follows the language of the page.
"""

import csv
import io
from datetime import date
from fractions import Fraction
from typing import Final

from django.utils.formats import get_format

from ibzplan.core.exports.tables import Column, ExportTable, Kind
from ibzplan.core.exports.values import Value, is_formula, plain_number, text_of, value_of

CONTENT_TYPE: Final = "text/csv; charset=utf-8"
_MARK: Final = "\ufeff"
_COMMA: Final = ","
_SEMICOLON: Final = ";"


def csv_file(table: ExportTable) -> bytes:
    """Return the file: heads, cells and numbers as the active language separates them.

    Dates are ISO 8601; a share stands as a percentage ('64%'). A text that a spreadsheet would run
    as a formula gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    out.write(_MARK)
    point = decimal_sign()
    writer = csv.writer(out, delimiter=cell_separator(), lineterminator="\r\n")
    writer.writerow([_safe(text_of(column.label)) for column in table.columns])
    for row in table.rows:
        writer.writerow(
            [
                _written(column, value_of(column, cell), point)
                for column, cell in zip(table.columns, row, strict=True)
            ]
        )
    return out.getvalue().encode()


def decimal_sign() -> str:
    """Return the decimal sign of the active language."""
    return str(get_format("DECIMAL_SEPARATOR"))


def cell_separator() -> str:
    """Return what stands between two cells: never the decimal sign."""
    return _SEMICOLON if decimal_sign() == _COMMA else _COMMA


def _written(column: Column, value: Value, point: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Fraction):
        is_percent = column.kind == Kind.PERCENT
        text = plain_number(value * 100 if is_percent else value, point=point)
        return f"{text}%" if is_percent else text
    return value.isoformat() if isinstance(value, date) else _safe(value)


def _safe(text: str) -> str:
    return f"'{text}" if is_formula(text) else text
