"""What may have changed between two instants of the record clock: the trails of a change feed.

A trail finds the rows that one kind of change touched. It may find too many, never too few: what
becomes of a row that it finds is decided by the list as it is now.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q, QuerySet

from ibzplan.core.models import HistoryEntry, KnownSpan, Record

if TYPE_CHECKING:
    from django.http import QueryDict

    from ibzplan.core.api.base import Collection as Listed
    from ibzplan.core.api.base import Read


@dataclass(frozen=True, slots=True)
class Window:
    """The instants after `after` until `until`, and the days that came with them.

    `read` is the caller's request, with `until` as its present; `then` is the same with `after` and
    the rights of then.
    """

    after: datetime
    until: datetime
    first_day: date
    last_day: date
    query: "QueryDict"
    read: "Read"
    then: "Read"

    @property
    def is_still(self) -> bool:
        """Tell whether nothing was recorded and no day came."""
        return self.after == self.until and self.first_day == self.last_day

    def instants(self, name: str) -> Q:
        """Return the condition that a column holds an instant of the window."""
        return Q(**{f"{name}__gt": self.after, f"{name}__lte": self.until})

    def days(self, name: str) -> Q:
        """Return the condition that a column holds a day that came since."""
        return Q(**{f"{name}__gt": self.first_day, f"{name}__lte": self.last_day})

    def ended_days(self, name: str) -> Q:
        """Return the condition that a column holds a last day that is over since."""
        return Q(**{f"{name}__gte": self.first_day, f"{name}__lt": self.last_day})

    def ends(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep spans that began or ended within the window."""
        return rows.filter(self.instants("known_from") | self.instants("known_until"))

    def not_ended(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep spans that held at an instant of the window, or may hold later."""
        return rows.filter(Q(known_until=None) | Q(known_until__gt=self.after))

    def history(self, *models: type[Record]) -> QuerySet[HistoryEntry]:
        """Return what the history says of records of these types within the window."""
        names = [model.type_name() for model in models]
        return HistoryEntry.objects.filter(self.instants("at"), target_type__in=names).order_by()

    def changed(self, *models: type[Record], keys: Collection[str] = ()) -> QuerySet[Any]:
        """Return the UUIDs of records that changed; with `keys`, of which one of these did."""
        entries = self.history(*models)
        if keys:
            entries = entries.filter(changes__has_any_keys=list(keys))
        return entries.values("target_uuid")


Found = Callable[[Window], QuerySet[Any]]


class Tells(Enum):
    """To whom it is told that a touched row is not in the list: nobody, who sees it, everyone.

    `ALWAYS` is for what may have been in the list until now and is hidden now.
    """

    NEVER = 0
    SEEN = 1
    ALWAYS = 2


@dataclass(frozen=True, slots=True)
class Trail:
    """One kind of change. `rows` gives what it touched, of the collection's model.

    `is_fixed`: it changes nothing that the filters of the list look at, so that they may be applied
    to what it touched. Without `brings` it only tells what is gone: another trail brings the rest.
    """

    rows: Found
    tells: Tells = Tells.SEEN
    is_fixed: bool = False
    brings: bool = True


class Feed:
    """What a collection declares so that its changes can be followed.

    `by_the_hour`: some of it is not dated by the record clock, so that it is looked at even where
    that stood still.
    """

    def __init__(self, trails: Sequence[Trail], *, by_the_hour: bool = False) -> None:
        """Keep the trails, in an order that stays: a cursor names them by number."""
        self._trails = tuple(trails)
        self._by_the_hour = by_the_hour

    def trails(self, collection: "Listed[Any]", window: Window) -> Sequence[Trail]:
        """Return the trails of one window: with other rights, the whole list is read again."""
        if window.then.user is not window.read.user:
            return (*self._trails, lost(collection), whole(collection))
        return () if window.is_still and not self._by_the_hour else self._trails


def whole(collection: "Listed[Any]") -> Trail:
    """Return the trail that touches everything in the list."""
    return Trail(lambda window: collection.unsorted(window.query, window.read), Tells.NEVER)


def lost(collection: "Listed[Any]") -> Trail:
    """Return the trail of what the rights of then let in: those of now may not.

    The two lists are not subtracted from each other: for a million figures no database does that
    page by page in reasonable time.
    """
    before: Found = lambda window: collection.unsorted(window.query, window.then)  # noqa: E731
    return Trail(before, Tells.ALWAYS, brings=False)


def keys(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the primary keys of rows as a subquery."""
    return rows.order_by().values("pk")


def recorded(model: type[Model], name: str = "recorded_at", *, is_fixed: bool = True) -> Trail:
    """Return the trail of rows that were recorded: they were in nobody's list before.

    It is not fixed where filters of the list look at what the list works out of a row.
    """
    found: Found = lambda window: model._default_manager.filter(window.instants(name))  # noqa: E731
    return Trail(found, Tells.NEVER, is_fixed=is_fixed)


def touching(model: type[Model], *rules: Callable[[Window], Q], tells: Tells = Tells.SEEN) -> Trail:
    """Return the trail of rows for which one of the conditions holds."""

    def rows(window: Window) -> QuerySet[Any]:
        condition = Q(pk__in=[])
        for rule in rules:
            condition |= rule(window)
        found = model._default_manager.filter(condition)
        # Conditions on what hangs below a row would give it more than once.
        return model._default_manager.filter(pk__in=keys(found))

    return Trail(rows, tells)


def changed(
    kind: type[Record], path: str = "uuid", *, fields: Collection[str] = ()
) -> Callable[[Window], Q]:
    """Return the condition that a record changed, by its history; `path` leads to its UUID."""
    return lambda window: Q(**{f"{path}__in": window.changed(kind, keys=fields)})


def created(model: type[Record]) -> Trail:
    """Return the trail of new records.

    The hour of a record may lie behind the instant of its history: the list of then did not
    show it yet.
    """
    return recorded(model, "created_at", is_fixed=False)


def spans(kind: type[KnownSpan], owner: str, path: str = "pk") -> Callable[[Window], Q]:
    """Return the condition that a span of `kind` began or ended.

    `owner` is its column that names the row, `path` what that is of the row.
    """

    def rule(window: Window) -> Q:
        found = window.ends(kind._default_manager.all()).order_by()
        return Q(**{f"{path}__in": found.values(owner)})

    return rule
