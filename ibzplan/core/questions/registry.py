"""What can be asked about and who takes part: apps register it in ready(), core imports none."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Question, Record

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.access import Access
    from personnel.models import User

Reference = tuple[str, UUID]
"""Type name and UUID of a record."""


class Side(StrEnum):
    """Who is told: everyone who plans for the unit, those who lead it, or a minister's cabinet."""

    UNIT = "unit"
    HEAD = "head"
    CABINET = "cabinet"


@dataclass(frozen=True, slots=True)
class About:
    """What a question is about, with the name of its page; `unit` is the code of who has it."""

    code: str
    title: LocalisedText
    page: str
    uuid: UUID
    unit: str

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return reverse(self.page, args=[self.uuid])


@dataclass(frozen=True, slots=True, kw_only=True)
class Askable:
    """One type of record; `collection` is where the API shows it.

    `find` gives the record that the reader may see, or None. `visible` and `of_units` give UUIDs:
    of what the reader may see, and of what these units (keys) have now. `unit` is the unit that
    has a record now, `owners` the same by key for many. `is_open` tells whether cabinets know the
    record at all, `anchors` the places of it that one can ask about (place -> label). `about` says
    what records are called, by clocks of an earlier moment as they were known then.
    """

    label: Promise | str
    collection: str
    find: Callable[["Access", UUID], Record | None]
    visible: Callable[["Access"], QuerySet[Any]]
    of_units: Callable[[Collection[int]], QuerySet[Any]]
    unit: Callable[[Any], Record]
    owners: Callable[[Collection[UUID]], Mapping[UUID, int]]
    is_open: Callable[[Any], bool]
    anchors: Callable[[Any], Mapping[str, str]]
    anchor_label: Callable[[str], str]
    about: Callable[[Collection[UUID], Clocks | None], Mapping[UUID, About]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """What roles let people do. A unit is named by its key, a minister's office by its UUID.

    `reads` and `to_answer` filter questions by role alone; `kinds` says what someone may put about
    a record of a unit, `offices` between which ministers (UUID -> name) of a kind.
    """

    access_of: Callable[["User | AnonymousUser"], "Access"]
    takes_part: Callable[["Access"], bool]
    reads: Callable[["Access"], Q]
    to_answer: Callable[["Access"], Q]
    kinds: Callable[["Access", int], tuple[str, ...]]
    offices: Callable[["Access", str, int], Mapping[UUID, LocalisedText]]
    answers: Callable[["Access", Question, int], bool]
    withdraws: Callable[["Access", Question, int], bool]
    told: Callable[[Side, int, UUID], Iterable["User"]]
    ministers: Callable[[], Mapping[UUID, tuple[str, LocalisedText]]]
    units: Callable[[], Mapping[UUID, tuple[str, LocalisedText]]]


_TYPES: dict[str, Askable] = {}
_PARTIES: list[Parties] = []


def register(type_name: str, askable: Askable) -> None:
    """Let one ask about a type; called from an app's ready(). The last registration counts."""
    _TYPES[type_name] = askable


def register_parties(parties: Parties) -> None:
    """Say what roles let people do; the last registration counts."""
    _PARTIES[:] = [parties]


def askable(type_name: str) -> Askable | None:
    """Return how one asks about a type, or None where one does not."""
    return _TYPES.get(type_name)


def askable_types() -> Mapping[str, Askable]:
    """Return every type that one can ask about."""
    return _TYPES


def parties() -> Parties:
    """Return what roles let people do. Raises IndexError before an app said so."""
    return _PARTIES[0]


def find(access: "Access", type_name: str, uuid: UUID) -> Record | None:
    """Return the record when its type can be asked about and the reader may see it."""
    found = askable(type_name)
    return found.find(access, uuid) if found else None


def unit_of(target: Record) -> Record:
    """Return the unit that has the record now. Raises KeyError for a type without questions."""
    return _TYPES[target.type_name()].unit(target)


def place_label(type_name: str, anchor: str) -> str:
    """Return what a place of a record is called; '' for the whole."""
    found = askable(type_name)
    return found.anchor_label(anchor) if found and anchor else ""


def owned_by(unit_ids: Collection[int]) -> Q:
    """Return the condition that a question is about something that these units have now."""
    return _any_type(lambda one: one.of_units(unit_ids))


def seen_by(access: "Access") -> Q:
    """Return the condition that the reader may see what a question is about."""
    return _any_type(lambda one: one.visible(access))


def _any_type(uuids: Callable[[Askable], QuerySet[Any]]) -> Q:
    found = Q(pk=None)
    for type_name, one in _TYPES.items():
        found |= Q(target_type=type_name, target_uuid__in=uuids(one))
    return found


def abouts(references: Iterable[Reference], clocks: Clocks | None = None) -> dict[Reference, About]:
    """Return what questions are about. The caller checked that it is seen.

    One query a type; by clocks of an earlier moment, as it was called then, a few more each.
    """
    then = clocks if clocks is not None and clocks.pinned_known else None
    return {
        (type_name, uuid): about
        for type_name, uuids in _by_type(references).items()
        for uuid, about in _TYPES[type_name].about(uuids, then).items()
    }


def owners(references: Iterable[Reference]) -> dict[Reference, int]:
    """Return the key of the unit that has each record now: one query a type."""
    return {
        (type_name, uuid): unit
        for type_name, uuids in _by_type(references).items()
        for uuid, unit in _TYPES[type_name].owners(uuids).items()
    }


def _by_type(references: Iterable[Reference]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = {}
    for type_name, uuid in references:
        if type_name in _TYPES:
            found.setdefault(type_name, set()).add(uuid)
    return found
