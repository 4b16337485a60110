"""How long a reader may take for a file: while it is sent it holds a connection to the database.

The server asks for the next piece when the reader has the last one. Until then none of our code
runs in its thread, so another thread looks at the clock.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_log = logging.getLogger(__name__)

_LOOKS_EVERY_SECONDS: Final = 1.0


class TakenTooSlowly(Exception):
    """The reader took nothing for too long, or the whole lasted too long."""


@dataclass(frozen=True, slots=True)
class Limits:
    """For how many seconds a reader may take nothing, and how many the whole may last."""

    idle_seconds: float
    most_seconds: float


class Patience:
    """Hands pieces to a reader, and ends what makes them when that takes too long."""

    def __init__(
        self, limits: Limits, *, end: Callable[[], None], hang_up: Callable[[], None]
    ) -> None:
        """Take what ends the making of pieces, and what ends the connection to the reader.

        The first runs once, and never while a piece is being made.
        """
        self._limits = limits
        self._end = end
        self._hang_up = hang_up
        self._begun = time.monotonic()
        self._waits_since: float | None = None
        self._is_over = False
        self._done = threading.Event()
        self._lock = threading.Lock()

    def hand_out(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the pieces. Raises TakenTooSlowly when the reader comes back too late for one."""
        threading.Thread(target=self._look, name="bulk-patience", daemon=True).start()
        try:
            while True:
                self._resume()
                piece = next(pieces, None)
                if piece is None:
                    return
                with self._lock:
                    self._waits_since = time.monotonic()
                yield piece
        finally:
            self._done.set()

    def close(self) -> None:
        """End it now, whoever has the last piece."""
        self._done.set()
        with self._lock:
            if not self._is_over:
                self._is_over = True
                self._end()

    def _resume(self) -> None:
        with self._lock:
            if self._is_over or time.monotonic() - self._begun > self._limits.most_seconds:
                raise TakenTooSlowly
            self._waits_since = None

    def _look(self) -> None:
        often = min(_LOOKS_EVERY_SECONDS, self._limits.idle_seconds / 4)
        while not self._done.wait(often):
            with self._lock:
                if self._is_too_slow(time.monotonic()):
                    self._is_over = True
                    self._give_up()
                    return

    def _give_up(self) -> None:
        try:
            self._end()
        except Exception:
            _log.exception("A file that nobody takes could not be ended")
        finally:
            self._hang_up()

    def _is_too_slow(self, now: float) -> bool:
        if self._waits_since is None or self._is_over:
            return False
        waits, lasts = now - self._waits_since, now - self._begun
        return waits > self._limits.idle_seconds or lasts > self._limits.most_seconds
