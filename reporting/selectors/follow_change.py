"""One thing that changed in what someone follows, as a message can keep it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeVar

from django.conf import settings
from django.utils import translation

T = TypeVar("T")

# The kind of message that tells of them.
FOLLOWED_KIND: Final = "followed"


class ChangeKind(StrEnum):
    """What can be told of what is followed, in the order in which it is told."""

    STATUS = "status"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    ADDED = "added"
    ANSWER = "answer"
    AMENDMENT = "amendment"
    CORRECTED = "corrected"
    FIGURE = "figure"
    ADJUSTED = "adjusted"
    MILESTONE_DONE = "milestone_done"
    MILESTONE_MOVED = "milestone_moved"
    MILESTONE_ADDED = "milestone_added"
    MILESTONE_WITHDRAWN = "milestone_withdrawn"
    NARRATIVE = "narrative"


_PLACE = {kind: place for place, kind in enumerate(ChangeKind)}


@dataclass(frozen=True, slots=True)
class Change:
    """A change; `values` is JSON, with texts by language where they are made of several parts.

    `code` is that of the objective it happened to, '' when that is the followed record itself.
    """

    kind: ChangeKind
    code: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> tuple[bool, int, str]:
        """Return where it is told: of the record itself before what lies below it."""
        return bool(self.code), _PLACE[self.kind], self.code

    def as_json(self) -> dict[str, Any]:
        """Return what a message keeps."""
        return {"kind": self.kind.value, "code": self.code, **self.values}


def in_each_language(make: Callable[[], T]) -> dict[str, T]:
    """Return what `make` gives in each language of the interface."""
    found: dict[str, T] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = make()
    return found
