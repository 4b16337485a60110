"""What waits for a user: apps register their sources in ready(), the page shows them together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language

from ibzplan.core.models import Comment
from ibzplan.core.steady import steady
from objectives.planning.choices import Step
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import RoleAssignment, User


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


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSource:
    """One kind of thing that waits.

    `count` asks one query at most for whoever it concerns and none for others: it stands in the
    navigation of every page. `rows` asks a fixed number. `step` is what can be done with many.
    """

    name: str
    order: int
    label: Promise | str
    rows: Callable[[User, Access], Iterable[QueueRow]]
    count: Callable[[User, Access], int]
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


_SOURCES: dict[str, QueueSource] = {}


def register(source: QueueSource) -> None:
    """Add a source; called from an app's ready(). The last registration of a name counts."""
    _SOURCES[source.name] = source


def sources() -> list[QueueSource]:
    """Return the sources in their order."""
    return sorted(_SOURCES.values(), key=lambda one: (one.order, one.name))


def has_queue(access: Access) -> bool:
    """Tell whether something can wait for the user: those who plan, review, decide and answer."""
    return access.has(Role.PLANNER, Role.HEAD, Role.CORPORATE, Role.COMMITTEE, Role.CABINET)


def queue_of(user: User) -> list[QueueGroup]:
    """Return what waits for the user, without empty kinds; see QueueSource for the queries.

    They are asked again when a fact was recorded or another day began.
    """
    return list(_groups(user, timezone.localdate(), get_language()))


@steady(User, RoleAssignment, Comment)
def _groups(user: User, _today: date, _language: str | None) -> tuple[QueueGroup, ...]:
    access = access_of(user)
    groups = (QueueGroup(one, tuple(one.rows(user, access))) for one in sources())
    return tuple(group for group in groups if group.rows)


def queue_count(user: User) -> int:
    """Return how many things wait for the user: a query a kind that concerns them, asked again
    when a fact was recorded or another day began.
    """
    return _count(user, timezone.localdate())


@steady(User, RoleAssignment)
def _count(user: User, _today: date) -> int:
    access = access_of(user)
    return sum(one.count(user, access) for one in sources())
