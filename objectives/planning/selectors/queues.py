"""What waits for a user: apps register their sources in ready(), the page shows them together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language

from ibzplan.core.steady import steady
from objectives.planning.choices import Step
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One thing that waits: what, where it is done, since when and through whom, until when.

    `title` may be a localised text. `uuid` and `version` let it take part in a bulk step, unless
    `hindrance` says why it goes on its own only.
    """

    title: Any
    url: str
    code: str = ""
    unit: str = ""
    year: int | None = None
    since: datetime | None = None
    by: str = ""
    deadline: date | None = None
    is_late: bool = False
    note: str = ""
    uuid: UUID | None = None
    version: int = 0
    hindrance: str = ""


# What waits of a kind: rows to count, or how many; None for whoever it does not concern.
Counted = QuerySet[Any] | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSource:
    """One kind of thing that waits.

    `count` gives rows without asking for them: all kinds are counted in one statement, for the
    navigation of every page. `rows` asks a fixed number, and none of whoever it does not concern.
    `details` adds what the page of the queue alone shows: who, since when, why not with others.
    `step` is what can be done with many.
    """

    name: str
    order: int
    label: Promise | str
    rows: Callable[[User, Access], Iterable[QueueRow]]
    count: Callable[[User, Access], Counted]
    details: Callable[[Access, Sequence[QueueRow]], Iterable[QueueRow]] | None = None
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """One kind with what waits of it."""

    source: QueueSource
    rows: tuple[QueueRow, ...]

    @property
    def free(self) -> int:
        """Return how many can take the step together."""
        return sum(row.uuid is not None and not row.hindrance for row in self.rows)


_Kept = Callable[[User, Access, date, str | None], tuple[QueueRow, ...]]

_SOURCES: dict[str, QueueSource] = {}
# What was read of each kind stays in memory on its own: a figure asks for no objectives again.
_ROWS: dict[str, _Kept] = {}
_DETAILED: dict[str, _Kept] = {}


def register(source: QueueSource) -> None:
    """Add a source; called from an app's ready(). The last registration of a name counts."""

    def rows(
        user: User, access: Access, _today: date, _language: str | None
    ) -> tuple[QueueRow, ...]:
        return tuple(source.rows(user, access))

    kept = steady(rows)

    def detailed(
        user: User, access: Access, today: date, language: str | None
    ) -> tuple[QueueRow, ...]:
        found = kept(user, access, today, language)
        return tuple(source.details(access, found)) if source.details and found else found

    _SOURCES[source.name] = source
    _ROWS[source.name] = kept
    _DETAILED[source.name] = steady(detailed)


def sources() -> list[QueueSource]:
    """Return the sources in their order."""
    return sorted(_SOURCES.values(), key=lambda one: (one.order, one.name))


def has_queue(access: Access) -> bool:
    """Tell whether something can wait for the user: those who plan, review, decide and answer."""
    return access.has(Role.PLANNER, Role.HEAD, Role.CORPORATE, Role.COMMITTEE, Role.CABINET)


def queue_of(user: User) -> list[QueueGroup]:
    """Return what waits for the user with all details, without empty kinds.

    See QueueSource for the queries: each kind is asked again when one of its tables changed, or
    another day began.
    """
    return _groups(user, _DETAILED)


def queue_brief(user: User) -> list[QueueGroup]:
    """Return what waits for the user, without empty kinds and without the details."""
    return _groups(user, _ROWS)


def _groups(user: User, kept: Mapping[str, _Kept]) -> list[QueueGroup]:
    access, today, language = access_of(user), timezone.localdate(), get_language()
    found = (QueueGroup(one, kept[one.name](user, access, today, language)) for one in sources())
    return [group for group in found if group.rows]


def queue_count(user: User) -> int:
    """Return how many things wait for the user: one query, for as long as its tables are as they
    were and the day is the same; two more for whoever writes narratives.
    """
    return _count(user, access_of(user), timezone.localdate())


@steady
def _count(user: User, access: Access, _today: date) -> int:
    counted = [one.count(user, access) for one in sources()]
    asked = [rows for rows in counted if isinstance(rows, QuerySet)]
    return sum(one for one in counted if isinstance(one, int)) + _length(asked)


def _length(asked: Sequence[QuerySet[Any]]) -> int:
    """Return how many rows there are in all: one query."""
    if not asked:
        return 0
    first, *others = (rows.order_by().values_list("pk") for rows in asked)
    return first.union(*others, all=True).count() if others else first.count()
