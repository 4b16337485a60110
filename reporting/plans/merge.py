"""The three-way merge of one value: stored, last loaded, and in the fixture now. Pure."""

from enum import Enum, auto
from typing import Any


class Outcome(Enum):
    """What a load does with one value."""

    SAME = auto()
    TAKEN = auto()
    KEPT_EDIT = auto()
    CONFLICT = auto()


def merge(*, stored: Any, loaded: Any, fixture: Any) -> Outcome:
    """Return what becomes of `stored`; all three are in their JSON form.

    Only a value that nobody touched since the last load is replaced. A user's edit stays: as a
    kept edit while the fixture says what it said, as a conflict once the fixture changed too.
    """
    if stored == fixture:
        return Outcome.SAME
    if stored == loaded:
        return Outcome.TAKEN
    return Outcome.KEPT_EDIT if fixture == loaded else Outcome.CONFLICT
