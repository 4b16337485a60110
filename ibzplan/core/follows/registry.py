"""What can be followed: apps register their types in ready(), core imports none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.functional import Promise

from ibzplan.core.models import Record
from ibzplan.core.subjects import Describe

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Followable:
    """One type of record, and where it stands in the list of what someone follows.

    `find` gives the record that the user may see, or None; `describe` how many of them are called,
    those that the user may not open left out, in one query.
    """

    order: int
    label: Promise | str
    find: Callable[["User | AnonymousUser", UUID], Record | None]
    describe: Describe


_TYPES: dict[str, Followable] = {}


def register(type_name: str, followable: Followable) -> None:
    """Let a type be followed; called from an app's ready(). The last registration counts."""
    _TYPES[type_name] = followable


def followable(type_name: str) -> Followable | None:
    """Return how a type is followed, or None where it cannot be."""
    return _TYPES.get(type_name)


def followables() -> list[tuple[str, Followable]]:
    """Return every type that can be followed, in order."""
    return sorted(_TYPES.items(), key=lambda item: (item[1].order, item[0]))
