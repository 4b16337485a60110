"""Public identifiers that follow from the seed, so that the demo is the same every time."""

import uuid
from typing import Final

_DEMO: Final = uuid.UUID("0b8f5a52-6d0e-4f0c-9c43-5a1f6f0e2026")


class Identity:
    """Hands out UUIDs for what is named by a kind and its codes."""

    def __init__(self, seed: int) -> None:
        """Take the seed."""
        self._space = uuid.uuid5(_DEMO, str(seed))

    def of(self, kind: str, *names: str) -> uuid.UUID:
        """Return the identifier of that kind and those names; the same names give the same."""
        return uuid.uuid5(self._space, "\x1f".join((kind, *names)))
