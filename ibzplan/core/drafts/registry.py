"""Which forms keep what is typed in them: apps register theirs in ready().

A form that nobody registered keeps nothing, so no page can use the store for something else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.forms import BaseForm

if TYPE_CHECKING:
    from personnel.models import User

MayWrite = Callable[[UUID, "User"], bool]
"""Tells whether the user may write the record, or make a new one under that key."""

Stored = Callable[[UUID, "User"], BaseForm | None]
"""Gives the form with what is stored now, None for a new record."""


def nothing_stored(_target: UUID, _user: "User") -> None:
    """Return None: a new record has no stored version to compare with."""


@dataclass(frozen=True, slots=True)
class DraftKind:
    """A form whose unsaved content is kept; `target_type` is the type of record that it writes."""

    name: str
    target_type: str
    may_write: MayWrite
    stored: Stored = nothing_stored


_kinds: dict[str, DraftKind] = {}


def register(kind: DraftKind) -> None:
    """Let a form keep what is typed; the last registration of a name counts."""
    _kinds[kind.name] = kind


def kind_of(name: str) -> DraftKind | None:
    """Return the registered form of that name."""
    return _kinds.get(name)
