"""On which records one can remark: apps register their types in ready(), core imports none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ibzplan.core.models import Record

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Commentable:
    """One type of record.

    `find` gives the record that the user may see, or None; `may_see` and `may_comment` say who
    reads and writes remarks on it, `fields` what they can be anchored to (field -> label, in the
    order of the form), `url` where the record is shown.
    """

    find: Callable[["User | AnonymousUser", UUID], Record | None]
    may_see: Callable[["User | AnonymousUser", Any], bool]
    may_comment: Callable[["User | AnonymousUser", Any], bool]
    fields: Callable[[Any], Mapping[str, str]]
    url: Callable[[Any], str]


_TYPES: dict[str, Commentable] = {}


def register(type_name: str, commentable: Commentable) -> None:
    """Let a type take remarks; called from an app's ready(). The last registration counts."""
    _TYPES[type_name] = commentable


def commentable(type_name: str) -> Commentable | None:
    """Return how remarks on a type work, or None where there are none."""
    return _TYPES.get(type_name)


def field_labels(target: Record) -> Mapping[str, str]:
    """Return what remarks on the record can be anchored to: field -> label in the language."""
    found = commentable(target.type_name())
    return found.fields(target) if found else {}


def may_see(user: "User | AnonymousUser", target: Record) -> bool:
    """Tell whether the user reads the remarks on a record."""
    found = commentable(target.type_name())
    return found is not None and found.may_see(user, target)


def may_comment(user: "User | AnonymousUser", target: Record) -> bool:
    """Tell whether the user writes remarks on a record, answers and settles them."""
    found = commentable(target.type_name())
    return found is not None and found.may_comment(user, target)
