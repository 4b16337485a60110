"""COPY ... TO STDOUT as pieces that are asked for: the driver pushes, an answer is pulled.

The driver calls `write` with one row after the other until all are out. A thread lets it, and waits
when a few pieces are ahead of whoever takes them: so the memory stays flat.
"""

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db import connection

PIECE_BYTES: Final = 256 * 1024
PIECES_AHEAD: Final = 8
_LOOK_SECONDS: Final = 0.2

Join = Callable[[list[bytes]], bytes]


def plain(rows: list[bytes]) -> bytes:
    """Return the rows as the database ends them, with a line feed."""
    return b"".join(rows)


def rfc_4180(rows: list[bytes]) -> bytes:
    """Return the rows ended as RFC 4180 says; a line feed within a cell stays what it is."""
    rows.append(b"")
    return b"\r\n".join([row[:-1] for row in rows])


class _Left(Exception):
    """Nobody wants the rest."""


class Copy:
    """One COPY over the connection of this thread, which nothing else uses meanwhile."""

    def __init__(self, statement: bytes, join: Join) -> None:
        """Take a COPY statement without parameters, and how rows become a piece."""
        connection.ensure_connection()
        self._raw = connection.connection
        self._errors = connection.wrap_database_errors
        self._statement = statement
        self._join = join
        self._pieces: queue.Queue[bytes | None] = queue.Queue(PIECES_AHEAD)
        self._left = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="bulk-copy", daemon=True)
        self._thread.start()

    def take(self) -> bytes | None:
        """Return the next piece, None after the last. Raises what the database raised."""
        piece = self._pieces.get()
        if piece is None:
            self._pieces.put(None)  # for whoever asks again
            self._thread.join()
            if self._failure is not None:
                with self._errors:
                    raise self._failure
        return piece

    def __iter__(self) -> Iterator[bytes]:
        """Yield every piece; leave when the last is out or nobody wants more."""
        try:
            while (piece := self.take()) is not None:
                yield piece
        finally:
            self.leave()

    def leave(self) -> None:
        """End it. Before the last piece the connection is of no use any more: close it."""
        if self._thread.is_alive():
            self._left.set()
            with contextlib.suppress(Exception):  # the server may be gone; the thread ends then too
                self._raw.cancel()
            self._thread.join()
        self._end()

    def _end(self) -> None:
        """Let whoever still waits for a piece, in another thread, find the end."""
        while True:
            try:
                self._pieces.put_nowait(None)
            except queue.Full:
                with contextlib.suppress(queue.Empty):
                    self._pieces.get_nowait()
            else:
                return

    def _run(self) -> None:
        try:
            with self._raw.cursor() as cursor:
                sink, flush = self._sink()
                cursor.copy_expert(self._statement, sink)
                flush()
        except _Left:
            pass
        except BaseException as error:  # raised again by whoever takes
            self._failure = error
        with contextlib.suppress(_Left):
            self._put(None)

    def _sink(self) -> "tuple[_Sink, Callable[[], None]]":
        """Return what the driver writes to, one row a call, and what hands over the last rows."""
        rows: list[bytes] = []
        size = 0

        def write(row: bytes) -> None:
            nonlocal size
            rows.append(row)
            size += len(row)
            if size >= PIECE_BYTES:
                flush()

        def flush() -> None:
            nonlocal size
            if rows:
                self._put(self._join(rows))
                rows.clear()
                size = 0

        return _Sink(write), flush

    def _put(self, piece: bytes | None) -> None:
        """Hand over a piece as soon as there is room. Raises _Left."""
        while not self._left.is_set():
            try:
                self._pieces.put(piece, timeout=_LOOK_SECONDS)
            except queue.Full:
                continue
            return
        raise _Left


class _Sink:
    """A file, as far as the driver cares."""

    __slots__ = ("write",)

    def __init__(self, write: Callable[[bytes], Any]) -> None:
        self.write = write
