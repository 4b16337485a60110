"""The items of a list as NDJSON: one JSON object a line, as the pages of the list show them."""

from collections.abc import Iterator
from typing import Final

from django.db import connection

from ibzplan.core.api.bulk import copying, statements
from ibzplan.core.api.bulk.csv_lines import in_pieces
from ibzplan.core.api.bulk.tables import QuerySource, Source
from ibzplan.core.api.renderers import to_json
from ibzplan.core.consistent import Pieces

LINES_A_PIECE: Final = 500


def json_pieces(source: Source) -> Pieces:
    """Yield the lines."""
    if connection.vendor == "postgresql" and isinstance(source, QuerySource):
        links = source.read.links
        statement = statements.copy_json(
            source.stored_items(), lambda name: f"{links.collection(name)}/"
        )
        yield from copying.Copy(statement, copying.plain) if statement else ()
        return
    yield from in_pieces(_lines(source), LINES_A_PIECE)


def _lines(source: Source) -> Iterator[str]:
    for item in source.items():
        yield to_json(item) + "\n"
