"""Where a client is in a change feed: opaque, signed, good for one user and one question.

It holds the instant and the day until which the client knows the list, and the rights by which it
was read; within a change set of several pages also where that set ends and the place in it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from ibzplan.core.api.problems import UNKNOWN_PLACE
from ibzplan.core.api.query import invalid
from ibzplan.core.api.signed import NotOurs, OfAnotherQuestion, Signed
from ibzplan.core.api.signed import context_of as context_beside

CHANGED_SINCE: Final = "changedSince"
START: Final = "start"
_SIGNED: Final = Signed("feed")
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)
# What only says how an answer is shown or cut, or where it begins.
_SHOWN_BY: Final = frozenset({CHANGED_SINCE, "pageSize", "select", "embed", "sort"})


@dataclass(frozen=True, slots=True)
class Rights:
    """How the rights of a user are written down, and how a user has those of then again.

    `then` gives None for what cannot be read any more. Who knows about rights registers it.
    """

    told: Callable[[Any], str]
    then: Callable[[Any, str], Any | None]


_RIGHTS: Final[list[Rights]] = []


def register_rights(rights: Rights) -> None:
    """Say how rights are written down; the last registration counts."""
    _RIGHTS[:] = [rights]


def rights() -> Rights:
    """Return how rights are written down. Raises IndexError before an app said so."""
    return _RIGHTS[0]


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant of the record clock with the reference date of then."""

    instant: datetime
    day: date

    def as_numbers(self) -> list[int]:
        """Return it for a cursor, exactly."""
        return [(self.instant - _EPOCH) // _TICK, self.day.toordinal()]

    @classmethod
    def of(cls, numbers: list[int]) -> "Moment":
        """Return what `as_numbers` gave."""
        return cls(_EPOCH + numbers[0] * _TICK, date.fromordinal(numbers[1]))


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a change set that is not read out: its end, the trail, the last row of it.

    `rights` are those by which its pages are read.
    """

    until: Moment
    rights: str
    trail: int
    after: UUID | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Until when the list is known (None: not yet at all), by which rights, and the place."""

    since: Moment | None
    rights: str
    place: Place | None = None

    def signed(self, context: str) -> str:
        """Return it as text that may stand in an address."""
        place = self.place
        return _SIGNED.write(
            context,
            self.since and self.since.as_numbers(),
            self.rights,
            place
            and [
                place.until.as_numbers(),
                place.rights if place.rights != self.rights else "",
                place.trail,
                place.after and place.after.hex,
            ],
        )

    @classmethod
    def read(cls, text: str, context: str) -> "Cursor":
        """Read what `signed` gave. Raises InvalidInput when it cannot be one of this question."""
        try:
            since, rights, place = _SIGNED.read(text, context)
        except NotOurs as error:
            detail = _(
                "This is no cursor. Give it back as it was given, or “start” to read the list anew."
            )
            raise invalid(CHANGED_SINCE, text, detail, UNKNOWN_PLACE) from error
        except OfAnotherQuestion as error:
            detail = _(
                "This cursor was given for other filters, another list or another user. Ask the "
                "same as before, or give “start” to read the list anew."
            )
            raise invalid(CHANGED_SINCE, text, detail, UNKNOWN_PLACE) from error
        return cls(since and Moment.of(since), rights, place and _place(place, rights))


def _place(content: list[Any], rights: str) -> Place:
    until, own, trail, after = content
    return Place(Moment.of(until), own or rights, trail, after and UUID(after))


def context_of(name: str, query: QueryDict, caller: object) -> str:
    """Return what a cursor belongs to: a collection, what is asked of it, and who asks."""
    return context_beside(name, query, caller, shown_by=_SHOWN_BY)
