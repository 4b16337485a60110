"""A table as CSV: RFC 4180 in UTF-8, with a head, the same in every language.

Numbers are exact, with a point; dates are ISO 8601, moments in UTC to the microsecond, so that a
reader finds one form in a column. Nothing and an empty text differ: the second one has quotes. A
text that a spreadsheet would run as a formula gets an apostrophe before it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection

from ibzplan.core.api.bulk import copying, statements
from ibzplan.core.api.bulk.columns import Column, Kind
from ibzplan.core.api.bulk.tables import Source
from ibzplan.core.api.renderers import exact_number, to_json
from ibzplan.core.consistent import Pieces
from ibzplan.core.exports.values import is_formula

LINES_A_PIECE: Final = 1000
_END: Final = "\r\n"


def csv_pieces(source: Source) -> Pieces:
    """Yield the file: its head with the first rows, then the other rows."""
    pieces = _body(source)
    yield head(source.columns).encode() + next(pieces, b"")
    yield from pieces


def head(columns: Sequence[Column]) -> str:
    """Return the line of names."""
    return ",".join(column.name for column in columns) + _END


def _body(source: Source) -> Iterator[bytes]:
    stored = source.stored() if connection.vendor == "postgresql" else None
    if stored is None:
        return in_pieces(_lines(source), LINES_A_PIECE)
    statement = statements.copy_csv(stored)
    return iter(copying.Copy(statement, copying.rfc_4180)) if statement else iter(())


def in_pieces(lines: Iterator[str], most: int) -> Iterator[bytes]:
    """Yield the lines, so many at once."""
    waiting: list[str] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) >= most:
            yield "".join(waiting).encode()
            waiting.clear()
    if waiting:
        yield "".join(waiting).encode()


def _lines(source: Source) -> Iterator[str]:
    writers = [_WRITTEN.get(column.kind, str) for column in source.columns]
    for cells in source.cells():
        texts = [
            "" if cell is None else _quoted(write(cell))
            for write, cell in zip(writers, cells, strict=True)
        ]
        yield ",".join(texts) + _END


def _quoted(text: str) -> str:
    if text and not any(sign in text for sign in ',"\r\n'):
        return text
    return f'"{text.replace(chr(34), chr(34) * 2)}"'


def moment_cell(moment: datetime) -> str:
    """Return a moment in UTC, always to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _safe(text: Any) -> str:
    shown = str(text)
    return f"'{shown}" if is_formula(shown) else shown


_WRITTEN: Final[Mapping[Kind, Callable[[Any], str]]] = {
    Kind.TEXT: _safe,
    Kind.LANGUAGE: _safe,
    Kind.NAME: _safe,
    Kind.DECIMAL: exact_number,
    Kind.MOMENT: moment_cell,
    Kind.TRUTH: lambda cell: "true" if cell else "false",
    Kind.LIST: to_json,
    Kind.CODES: to_json,
}
