"""A table as Parquet: exact decimals, moments in UTC, codes as dictionaries.

The library is loaded by the first request that asks for it: it takes tens of megabytes.
"""

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from ibzplan.core.api.bulk import copying, statements
from ibzplan.core.api.bulk.columns import Column, Kind
from ibzplan.core.api.bulk.tables import Source
from ibzplan.core.api.renderers import to_json
from ibzplan.core.consistent import Pieces

if TYPE_CHECKING:
    import pyarrow

# What the library's allocator frees goes back to the system at once; it asks when it is loaded.
os.environ.setdefault("MIMALLOC_PURGE_DELAY", "0")

# More at once would only take more memory: the file gets hardly smaller.
ROWS_A_GROUP: Final = 10_000
_ROWS_AT_ONCE: Final = 1_000
_BLOCK_BYTES: Final = 1024 * 1024
# Digits of a quantity in all and after the point; computed ones have as many after it.
_DIGITS: Final = (38, 4)
_REPEATED: Final = (Kind.NAME, Kind.WORD)
_COMPRESSION: Final = "zstd"


def parquet_pieces(source: Source) -> Pieces:
    """Yield the file, a group of rows a piece; the last piece holds the index of all of them."""
    import pyarrow
    from pyarrow import parquet

    kept = schema(source.columns)
    words = [one.name for one in source.columns if one.kind in _REPEATED]
    sink = _Sink()
    with parquet.ParquetWriter(
        pyarrow.PythonFile(sink, mode="w"),
        kept,
        compression=_COMPRESSION,
        use_dictionary=words,
    ) as writer:
        for table in _groups(_batches(source, kept), kept):
            writer.write_table(table)
            yield sink.take()
    yield sink.take()


def schema(columns: Sequence[Column]) -> "pyarrow.Schema":
    """Return the type of each column."""
    import pyarrow

    types: Mapping[Kind, pyarrow.DataType] = {
        **dict.fromkeys(_REPEATED, pyarrow.dictionary(pyarrow.int32(), pyarrow.string())),
        Kind.INTEGER: pyarrow.int64(),
        Kind.DECIMAL: pyarrow.decimal128(*_DIGITS),
        Kind.DATE: pyarrow.date32(),
        Kind.MOMENT: pyarrow.timestamp("us", tz="UTC"),
        Kind.TRUTH: pyarrow.bool_(),
    }
    return pyarrow.schema(
        [pyarrow.field(one.name, types.get(one.kind, pyarrow.string())) for one in columns]
    )


def _groups(
    batches: "Iterator[pyarrow.RecordBatch]", kept: "pyarrow.Schema"
) -> "Iterator[pyarrow.Table]":
    import pyarrow

    waiting: list[pyarrow.RecordBatch] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += batch.num_rows
        if count >= ROWS_A_GROUP:
            yield pyarrow.Table.from_batches(waiting, kept).unify_dictionaries()
            waiting.clear()
            count = 0
    if waiting:
        yield pyarrow.Table.from_batches(waiting, kept).unify_dictionaries()


def _batches(source: Source, kept: "pyarrow.Schema") -> "Iterator[pyarrow.RecordBatch]":
    stored = source.stored() if connection.vendor == "postgresql" else None
    if stored is None:
        return _from_cells(source, kept)
    statement = statements.copy_typed(stored)
    return _from_copy(statement, kept) if statement else iter(())


def _from_cells(source: Source, kept: "pyarrow.Schema") -> "Iterator[pyarrow.RecordBatch]":
    import pyarrow

    rows = source.cells()
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        arrays = [
            pyarrow.array([_plain(column, cell) for cell in cells], kept.field(n).type)
            for n, (column, cells) in enumerate(
                zip(source.columns, zip(*some, strict=True), strict=True)
            )
        ]
        yield pyarrow.RecordBatch.from_arrays(arrays, schema=kept)


def _plain(column: Column, cell: Any) -> Any:
    if cell is None:
        return None
    if column.kind in (Kind.LIST, Kind.CODES):
        return to_json(cell)
    return str(cell) if column.kind in (Kind.ID, Kind.TEXT) else cell


def _from_copy(statement: bytes, kept: "pyarrow.Schema") -> "Iterator[pyarrow.RecordBatch]":
    """Yield what the database copies: its CSV is read again, typed, without a Python object."""
    import pyarrow
    from pyarrow import csv

    copy = copying.Copy(statement, copying.plain)
    try:
        lines = _Lines(copy)
        if lines.is_empty:
            return
        reader = csv.open_csv(
            pyarrow.PythonFile(lines, mode="r"),
            csv.ReadOptions(column_names=kept.names, block_size=_BLOCK_BYTES, use_threads=False),
            csv.ParseOptions(newlines_in_values=True),
            csv.ConvertOptions(
                column_types=kept,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        yield from reader
        copy.take()  # what failed on the way is raised now, before the file looks whole
    finally:
        copy.leave()


class _Lines(io.RawIOBase):
    """The pieces of a copy as a file to read."""

    def __init__(self, copy: copying.Copy) -> None:
        super().__init__()
        self._copy = copy
        self._rest = memoryview(copy.take() or b"")
        self.is_empty = not self._rest

    def readable(self) -> bool:
        """Be read from."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, fewer at the end alone."""
        found: list[bytes | memoryview] = []
        missing = size
        while missing > 0:
            if not self._rest:
                self._rest = memoryview(self._copy.take() or b"")
                if not self._rest:
                    break
            part = self._rest[:missing]
            self._rest = self._rest[len(part) :]
            missing -= len(part)
            found.append(part)
        return b"".join(found)


class _Sink(io.RawIOBase):
    """A file to write to, of which what was written is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        """Be written to."""
        return True

    def write(self, data: Any) -> int:
        """Keep a part."""
        part = bytes(data)
        self._parts.append(part)
        self._size += len(part)
        return len(part)

    def tell(self) -> int:
        """Return how much was written."""
        return self._size

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken
