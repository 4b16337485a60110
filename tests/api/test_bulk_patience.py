"""A reader that takes a file too slowly is hung up on: nothing of it stays open."""

import time
import zlib
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import pytest

from ibzplan.core.api.bulk.patience import TakenTooSlowly
from ibzplan.core.api.bulk.response import Begun

ENOUGH_SECONDS = 10.0


@dataclass
class Source:
    """Something to send, in pieces, and whether it was let go of."""

    said: list[str] = field(default_factory=list)

    def pieces(self) -> Generator[bytes, None, None]:
        try:
            for number in range(5):
                yield b"%d\n" % number
        finally:
            self.said.append("closed")

    def begun(self, *, compresses: bool = False) -> Begun:
        hang_up = lambda: self.said.append("hung up")  # noqa: E731
        return Begun(self.pieces(), compresses=compresses, hang_up=hang_up)


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + ENOUGH_SECONDS
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.005)


@pytest.fixture
def source(settings: Any) -> Source:
    settings.API_FILE_IDLE_SECONDS, settings.API_FILE_MOST_SECONDS = ENOUGH_SECONDS, ENOUGH_SECONDS
    return Source()


def test_who_takes_it_all_gets_it_all_and_stays_connected(source: Source) -> None:
    whole = source.begun()

    assert b"".join(whole) == b"0\n1\n2\n3\n4\n"
    whole.close()

    assert source.said == ["closed"]


@pytest.mark.parametrize("compresses", [False, True])
def test_who_takes_nothing_for_too_long_is_hung_up_on(
    source: Source, settings: Any, caplog: pytest.LogCaptureFixture, compresses: bool
) -> None:
    settings.API_FILE_IDLE_SECONDS = 0.02
    whole = source.begun(compresses=compresses)
    taken = iter(whole)
    first = next(taken)

    wait_for(lambda: bool(source.said[1:]))

    assert source.said == ["closed", "hung up"]
    with pytest.raises(TakenTooSlowly):
        next(taken)
    assert "was broken off" in caplog.text
    if compresses:  # no end was written: what came does not look whole
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        unpacker.decompress(first)
        assert not unpacker.eof
    whole.close()
    assert source.said == ["closed", "hung up"]


def test_who_takes_a_little_now_and_then_is_stopped_in_the_end(
    source: Source, settings: Any
) -> None:
    settings.API_FILE_MOST_SECONDS = 0.02
    whole = source.begun()
    taken = iter(whole)

    with pytest.raises(TakenTooSlowly):
        while True:
            next(taken)
            time.sleep(0.008)

    whole.close()
    assert source.said[0] == "closed"


def test_who_leaves_leaves_nothing_open(source: Source) -> None:
    whole = source.begun()
    assert next(iter(whole)) == b"0\n"

    whole.close()

    assert source.said == ["closed"]
