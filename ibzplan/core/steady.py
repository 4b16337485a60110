"""What changes seldom and every page needs: read once for as long as the record clock stands still.

Units, ministers, roles, plans and werven are small tables that a page would ask for again and
again. Within a request that only reads, their rows come from the memory of the process while no
fact was recorded since they were read. Everywhere else (a request that writes, a task, a command)
they are read anew, each time.

Some are kept longer: while nothing was recorded of those very tables (`by_table`). A figure that
comes in then leaves the units in memory. The statement that reads the clock counts the rows of
such tables and the entries of their history, which nobody changes or deletes.

A write that passes the record clock by reaches this process at once when it saves or deletes a
row, and any process within `LONGEST_SECONDS`.
"""

import contextvars
import functools
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db import connection, models, transaction
from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse

from ibzplan.core.models import HistoryEntry, RecordClock

T = TypeVar("T")

LONGEST_SECONDS: Final = 30.0
_MOST_KEYS: Final = 512


@dataclass(slots=True)
class _Reading:
    """One request that only reads: the instant of the clock, asked for once."""

    is_asked: bool = False
    instant: datetime | None = None
    counts: Mapping[str, Hashable] = field(default_factory=dict)


@dataclass(slots=True)
class _Kept:
    """What was read at an instant of the clock."""

    state: Hashable
    until: float
    value: Any


@dataclass(slots=True)
class _Store:
    """What one function gave, by key; emptied when one of its models is written."""

    kept: dict[Hashable, _Kept] = field(default_factory=dict)

    def empty(self, **_signal: object) -> None:
        """Forget what was read: a row was written."""
        self.kept = {}
        if connection.in_atomic_block:  # until the commit, others still read the old rows
            transaction.on_commit(self._empty_now)

    def _empty_now(self) -> None:
        self.kept = {}


_reading: contextvars.ContextVar[_Reading | None] = contextvars.ContextVar("reading", default=None)
_stores: list[_Store] = []
_counted: dict[str, type[models.Model]] = {}


@contextmanager
def reading() -> Iterator[None]:
    """Let what happens inside read only: the clock is asked for once, steady tables are kept."""
    token = _reading.set(_Reading())
    try:
        yield
    finally:
        _reading.reset(token)


def clock_read() -> datetime | None:
    """Return the last committed instant of the record clock: one query, once a reading request."""
    now = _reading.get()
    if now is None:
        return _last_instant()
    if not now.is_asked:
        now.is_asked = True
        now.instant, now.counts = _clock_and_counts()
    return now.instant


def clock_moved() -> None:
    """Note that this thread records a fact: what it reads from here on is not kept."""
    _reading.set(None)


def _last_instant() -> datetime | None:
    rows = RecordClock.objects.filter(pk=1).order_by()
    return rows.values_list("last_instant", flat=True).first()


def _clock_and_counts() -> tuple[datetime | None, Mapping[str, Hashable]]:
    """Return the instant of the clock, and what was counted of each table kept by table."""
    labels = sorted(_counted)
    counts = {
        f"{what}_{place}": Coalesce(Subquery(rows), 0)
        for place, label in enumerate(labels)
        for what, rows in (
            ("rows", _count(_counted[label]._base_manager.all())),
            ("changes", _count(HistoryEntry.objects.filter(target_type=label))),
        )
    }
    clock = RecordClock.objects.filter(pk=1).order_by().annotate(**counts)
    found = clock.values("last_instant", *counts).first()
    if found is None:
        return None, {}
    return found["last_instant"], {
        label: (found[f"rows_{place}"], found[f"changes_{place}"])
        for place, label in enumerate(labels)
    }


def _count(rows: models.QuerySet[Any]) -> models.QuerySet[Any, Any]:
    """Return the number of rows as a subquery: one row, none when there is nothing to count."""
    every = rows.order_by().annotate(one=Value(1)).values("one")
    counted: models.QuerySet[Any, Any] = every.annotate(number=Count("pk")).values("number")
    return counted


def steady(
    *written: type[models.Model], by_table: bool = False
) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Keep what a function reads; `written` are the tables that it reads from.

    Its arguments, by place only, are the key. What it gives is shared by all requests: nobody
    changes it. `by_table`: it reads from these tables alone, not even the day, and whatever changes
    a row of theirs makes or deletes one, or has a history of that table's type.
    """

    def decorate(load: Callable[..., T]) -> Callable[..., T]:
        store = _Store()
        _stores.append(store)
        for model in written:
            if by_table:
                _counted[model._meta.label_lower] = model
            post_save.connect(store.empty, sender=model, weak=False)
            post_delete.connect(store.empty, sender=model, weak=False)

        @functools.wraps(load)
        def kept(*key: Hashable) -> T:
            now = _reading.get()
            instant = clock_read() if now is not None else None
            if now is None or instant is None:
                return load(*key)
            counts = tuple(now.counts.get(model._meta.label_lower) for model in written)
            state = (counts if by_table else instant, connection.settings_dict["NAME"])
            found = store.kept.get(key)
            if found is None or found.state != state or found.until < time.monotonic():
                found = _Kept(state, time.monotonic() + LONGEST_SECONDS, load(*key))
                if len(store.kept) >= _MOST_KEYS:
                    store.kept = {}
                store.kept[key] = found
            value: T = found.value
            return value

        return kept

    return decorate


def forget() -> None:
    """Forget everything that is kept in this process."""
    for store in _stores:
        store.kept = {}


class ReadingMiddleware:
    """Serve requests with a safe method as reading ones."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request."""
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with reading():
            return self.get_response(request)
