"""A table as CSV: RFC 4180, in UTF-8 with the mark by which a spreadsheet knows it."""

import csv
import io
from datetime import date
from fractions import Fraction
from typing import Final

from ibzplan.core.exports.tables import Column, ExportTable, Kind
from ibzplan.core.exports.values import Value, is_formula, plain_number, text_of, value_of

CONTENT_TYPE: Final = "text/csv; charset=utf-8"
_MARK: Final = "\ufeff"


def csv_file(table: ExportTable) -> bytes:
    """Return the file: a head in the active language, numbers with a point, dates as ISO 8601.

    A share stands as a percentage ('64%'). A text that a spreadsheet would run as a formula gets
    an apostrophe before it.
    """
    out = io.StringIO(newline="")
    out.write(_MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_safe(text_of(column.label)) for column in table.columns])
    for row in table.rows:
        writer.writerow(
            [
                _written(column, value_of(column, cell))
                for column, cell in zip(table.columns, row, strict=True)
            ]
        )
    return out.getvalue().encode()


def _written(column: Column, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Fraction):
        is_percent = column.kind == Kind.PERCENT
        return f"{plain_number(value * 100)}%" if is_percent else plain_number(value)
    return value.isoformat() if isinstance(value, date) else _safe(value)


def _safe(text: str) -> str:
    return f"'{text}" if is_formula(text) else text
