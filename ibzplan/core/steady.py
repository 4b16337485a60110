"""What many pages need: read once, and kept until a table that it was read from changes.

In a request that only reads, the result of a function marked `@steady` comes from the memory of
the process, for as long as the database says that the tables it was read from are as they were
(`ibzplan.core.table_versions`). Which tables those are, nobody declares: they are seen in the
statements while the function runs. A figure that comes in leaves the units in memory; a unit that
gets another name does not. Everywhere else (a request that writes, a task, a command) the
function just runs.

One statement a request asks the state of every table, and the instant of the record clock.
"""

import contextvars
import functools
import inspect
import logging
import re
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar, overload

from django.db import DatabaseError, connection
from django.db.models import Subquery
from django.http import HttpRequest, HttpResponse

from ibzplan.core.models import RecordClock, TableVersion

T = TypeVar("T")

_log = logging.getLogger(__name__)

# What is kept says nothing of the hour; what counts back from now may lag behind for so long.
LONGEST_SECONDS: Final = 600.0
_MOST_KEYS: Final = 512
# Of what is large, and asked for by any moment of the past.
FEW: Final = 16
_CLOCK: Final = RecordClock._meta.db_table
# Both databases quote names the same way.
_TABLE: Final = re.compile(r'(?:FROM|JOIN) \(*"([a-z_]+)"')


@dataclass(slots=True)
class _Reading:
    """One request that only reads: the state of the tables, asked for once."""

    is_asked: bool = False
    instant: datetime | None = None
    versions: Mapping[str, Hashable] = field(default_factory=dict)
    observers: list[set[str]] = field(default_factory=list)

    def saw(self, tables: frozenset[str] | set[str]) -> None:
        """Note that these tables were read, for every function that runs."""
        for observer in self.observers:
            observer |= tables

    def state(self, tables: frozenset[str]) -> Mapping[str, Hashable] | None:
        """Return the state of these tables; None when one of them is not watched."""
        if not tables <= self.versions.keys():
            return None
        return {table: self.versions[table] for table in tables}


@dataclass(slots=True, frozen=True)
class _Kept:
    """What was read, and the state of the tables that it was read from."""

    tables: frozenset[str]
    state: Mapping[str, Hashable] | None
    until: float
    value: Any

    def holds(self, now: _Reading) -> bool:
        """Return whether the tables are as they were; never for one that is not watched."""
        return (
            self.state is not None
            and self.until > time.monotonic()
            and self.state == now.state(self.tables)
        )


_reading: contextvars.ContextVar[_Reading | None] = contextvars.ContextVar("reading", default=None)
_stores: list[dict[Hashable, _Kept]] = []
_at_start: list[Callable[[], object]] = []


@contextmanager
def reading() -> Iterator[None]:
    """Let what happens inside read only: the state of the tables is asked for once."""
    token = _reading.set(_Reading())
    try:
        yield
    finally:
        _reading.reset(token)


def is_reading() -> bool:
    """Tell whether this is a request that only reads: what it asks for may be kept."""
    return _reading.get() is not None


def clock_read() -> datetime | None:
    """Return the last committed instant of the record clock: one query, once a reading request."""
    now = _reading.get()
    if now is None:
        return _last_instant()
    _ask(now)
    return now.instant


def clock_moved() -> None:
    """Note that this thread records a fact: what it reads from here on is not kept."""
    _reading.set(None)


def _last_instant() -> datetime | None:
    rows = RecordClock.objects.filter(pk=1).order_by()
    return rows.values_list("last_instant", flat=True).first()


def _ask(now: _Reading) -> None:
    if now.is_asked:
        return
    now.is_asked = True
    clock = Subquery(RecordClock.objects.filter(pk=1).values("last_instant"))
    rows = TableVersion.objects.annotate(instant=clock)
    found = list(rows.values_list("name", "token", "instant"))
    if not found:  # a database that nobody migrated with this version
        now.instant = _last_instant()
        return
    now.instant = found[0][2]
    now.versions = {name: token for name, token, _instant in found}


@contextmanager
def _observed(now: _Reading) -> Iterator[set[str]]:
    """Collect the tables that are read inside, by whatever function."""

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        now.saw(set(_TABLE.findall(sql)))
        return execute(sql, *rest)

    tables: set[str] = set()
    with ExitStack() as stack:
        if not now.observers:
            stack.enter_context(connection.execute_wrapper(note))
        now.observers.append(tables)
        try:
            yield tables
        finally:
            now.observers.pop()


@overload
def steady(load: Callable[..., T]) -> Callable[..., T]: ...
@overload
def steady(*, most: int) -> Callable[[Callable[..., T]], Callable[..., T]]: ...
def steady(
    load: Callable[..., T] | None = None, *, most: int = _MOST_KEYS
) -> Callable[..., T] | Callable[[Callable[..., T]], Callable[..., T]]:
    """Keep what a function reads, by its arguments, which are given by place only.

    They name everything that the result depends on besides the database: reader, language, day.
    What it gives is shared by all requests: nobody changes it, and nothing in it still has to be
    read. It may ask the record clock: facts in other tables than those it reads change nothing.
    `most` results are kept, the last ones: few where each is large.
    """
    if load is None:
        return functools.partial(_keep, most=most)
    return _keep(load, most=most)


def _keep(load: Callable[..., T], *, most: int) -> Callable[..., T]:
    store: dict[Hashable, _Kept] = {}
    _stores.append(store)

    @functools.wraps(load)
    def kept(*key: Hashable) -> T:
        now = _reading.get()
        if now is None:
            return load(*key)
        _ask(now)
        place = (connection.settings_dict["NAME"], *key)
        found = store.get(place)
        if found is None or not found.holds(now):
            found = _load(now, load, key)
            store.pop(place, None)
            _make_room(store, most)
            store[place] = found
        now.saw(found.tables)
        value: T = found.value
        return value

    if not inspect.signature(load).parameters:
        _at_start.append(kept)
    return kept


def _make_room(store: dict[Hashable, _Kept], most: int) -> None:
    """Let go of what was read longest ago: too many, or for too long."""
    now = time.monotonic()
    for place, kept in store.copy().items():  # other threads keep results meanwhile
        if len(store) < most and kept.until > now:
            return
        store.pop(place, None)


def _load(now: _Reading, load: Callable[..., T], key: tuple[Hashable, ...]) -> _Kept:
    with _observed(now) as tables:
        value = load(*key)
    seen = frozenset(tables - {_CLOCK})
    is_clean = _reading.get() is now  # nothing was recorded meanwhile
    state = now.state(seen) if is_clean else None
    return _Kept(seen, state, time.monotonic() + LONGEST_SECONDS, value)


def ahead(read: Callable[[], object]) -> None:
    """Add what a process reads when it starts; called from an app's ready()."""
    _at_start.append(read)


def read_ahead() -> None:
    """Read what every page needs, so that the first one finds it: for the start of a process.

    That is every kept function without arguments, and what the apps add.

    A database that is not there yet is no reason not to start: the first page reads it then.
    """
    try:
        with reading():
            for function in _at_start:
                function()
    except DatabaseError as error:
        _log.warning("Nothing read ahead: %s", error)
    finally:
        connection.close()  # a fork shares none


def forget() -> None:
    """Forget everything that is kept in this process."""
    for store in _stores:
        store.clear()


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
