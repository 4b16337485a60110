"""What a type and a UUID stand for: apps register in ready() how their records are called.

Lower layers keep such references (the report that locked a figure) without importing the app.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.models import User

Reference = tuple[str, UUID]
"""Type name and UUID of a record."""


@dataclass(frozen=True, slots=True)
class Subject:
    """How a record is called; `url` is empty for whoever may not open it."""

    title: str
    url: str = ""


Describe = Callable[[Sequence[UUID], "User | AnonymousUser"], Mapping[UUID, Subject]]
"""Gives the records of one type that still exist, in the active language."""

_describers: dict[str, Describe] = {}


def register(type_name: str, describe: Describe) -> None:
    """Say how the records of a type are called; the last registration counts."""
    _describers[type_name] = describe


def subjects_of(
    references: Iterable[Reference], user: "User | AnonymousUser"
) -> dict[Reference, Subject]:
    """Return what is known of the references: one call a type. What is gone is left out."""
    wanted: dict[str, list[UUID]] = defaultdict(list)
    for type_name, uuid in dict.fromkeys(references):
        wanted[type_name].append(uuid)
    return {
        (type_name, uuid): subject
        for type_name, uuids in wanted.items()
        if type_name in _describers
        for uuid, subject in _describers[type_name](uuids, user).items()
    }
