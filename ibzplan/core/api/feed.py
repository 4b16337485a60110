"""The change feed of a list: what a client that read it needs to have the same rows again.

`changedSince=start` walks the whole list and gives a cursor; `changedSince=<cursor>` gives what
changed since and the next cursor. An answer holds whole items, new or changed, and the names of
rows that are in the list no more. A change set has a fixed end; its pages go through the trails of
the collection's Feed (see `feed_window`) one after the other, each in the order of its rows. A row
may come more than once, and with what was recorded after the end of its change set; then it comes
again. Why no row is skipped: docs/adr/0011-the-change-feed-follows-the-record-clock.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, TypedDict
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from ibzplan.core.api.feed_cursor import (
    CHANGED_SINCE,
    START,
    Cursor,
    Moment,
    Place,
    context_of,
    rights,
)
from ibzplan.core.api.feed_window import Tells, Trail, Window, whole
from ibzplan.core.api.pagination import Page
from ibzplan.core.api.presenting import Presentation
from ibzplan.core.api.problems import NOT_TOGETHER, InvalidInput, Issue, Refused
from ibzplan.core.models import Record
from ibzplan.core.selectors import last_rewritten

if TYPE_CHECKING:
    from django.http import QueryDict
    from rest_framework.request import Request

    from ibzplan.core.api.base import BaseCollection, Collection, Read

# A feed has its own order and its own clock.
_OF_PAGES: Final = ("asOf", "page", "after", "sort")
# IETF RFC 5989: where changes of this resource can be followed.
MONITOR: Final = "monitor"

# What the history calls it when a row goes for good.
_REMOVED: Final = "removed"

Reason = Literal["deleted", "notVisible", "notInSelection"]


class Removed(TypedDict):
    """A row that is not in the list any more; the client may never have had it.

    `notInSelection`: the caller may see it, but what is asked for does not name it (it was
    corrected, or a filter fits no longer). `notVisible`: it is not for the caller any more.
    """

    id: UUID
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Touched:
    """A row that trails found: its key and identity, to whom its absence is told.

    `comes`: it is sent when it is in the list.
    """

    pk: int
    uuid: UUID
    tells: Tells
    comes: bool

    def and_(self, other: "_Touched | None") -> "_Touched":
        """Return what both trails say of the row."""
        if other is None:
            return self
        tells = max(self.tells, other.tells, key=lambda one: one.value)
        return replace(self, tells=tells, comes=self.comes or other.comes)


def feed_answer(
    collection: "BaseCollection[Any]", request: "Request", read: "Read"
) -> tuple[Mapping[str, Any], Presentation]:
    """Return one page of the change feed and how it is shown. Raises InvalidInput or Refused."""
    query = request.query_params
    _refuse_pages(query)
    size = Page.from_query(query, collection.page_size_max).size
    presentation = Presentation.of(request, collection)
    context = context_of(collection.name, query, read.user.pk)
    text = query[CHANGED_SINCE]
    is_start = text in ("", START)
    cursor = Cursor(None, rights().told(read.user)) if is_start else Cursor.read(text, context)
    followed: Collection[Any] = collection  # type: ignore[assignment]  # it has rows
    page = _Reading(followed, query, read, cursor, size).answer()
    items, beside = presentation.show(
        [collection.item(row, page.window.read) for row in page.rows], page.window.read
    )
    following = page.cursor.signed(context)
    body = {
        "items": items,
        "removed": page.removed,
        "cursor": following,
        "hasMore": page.has_more,
        "self": read.links.here,
        "next": feed_address(collection.name, query, read, following),
        **beside,
    }
    return body, presentation


def feed_address(name: str, query: "QueryDict", read: "Read", cursor: str) -> str:
    """Return the address at which a list is followed from a cursor on."""
    kept = [(key, value) for key, value in query.items() if key not in (CHANGED_SINCE, *_OF_PAGES)]
    return f"{read.links.collection(name)}?{urlencode([*kept, (CHANGED_SINCE, cursor)])}"


def feed_link(collection: "BaseCollection[Any]", query: "QueryDict", read: "Read") -> str | None:
    """Return the Link header of a whole list: from where on its changes are to be followed.

    None for a list that is not followed, or is one of the past.
    """
    if collection.feed is None or read.clocks.pinned_known:
        return None
    known = Moment(read.clocks.known_at, read.clocks.reference_date)
    cursor = Cursor(known, rights().told(read.user))
    context = context_of(collection.name, query, read.user.pk)
    address = feed_address(collection.name, query, read, cursor.signed(context))
    return f'<{address}>; rel="{MONITOR}"'


def _refuse_pages(query: "QueryDict") -> None:
    detail = _("A change feed has an order and a clock of its own: leave this out.")
    issues = [Issue(NOT_TOGETHER, name, detail, query[name]) for name in _OF_PAGES if name in query]
    if issues:
        raise InvalidInput(issues)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one answer says, and from where the next one goes on; `has_more`: at once."""

    rows: Sequence[Any]
    removed: Sequence[Removed]
    cursor: Cursor
    window: Window
    has_more: bool


@dataclass(frozen=True, slots=True)
class _Reading:
    """One request to read on."""

    collection: "Collection[Any]"
    query: "QueryDict"
    read: "Read"
    cursor: Cursor
    size: int

    def answer(self) -> _Answer:
        """Return the page at the cursor."""
        place = self._place()
        window = self._window(place)
        trails = self._trails(window)
        touched, following = self._touched(trails, window, place)
        rows, removed = self._judged(touched, window)
        if place.trail == 0 and place.after is None and self.cursor.since is not None:
            removed = [*removed, *self._deleted(window)]
        end = Cursor(place.until, place.rights)
        cursor = end if following is None else replace(self.cursor, place=following)
        # The change set ended when it was begun: more may have come while it was read.
        is_late = place.until.instant < self.read.clocks.known_at
        return _Answer(rows, removed, cursor, window, is_late or following is not None)

    def _place(self) -> Place:
        """Return where to read: at the place of the cursor, or at the begin of what came since."""
        told, place = rights().told(self.read.user), self.cursor.place
        if place is None:
            clocks = self.read.clocks
            return Place(Moment(clocks.known_at, clocks.reference_date), told, 0, None)
        if place.rights != told:
            # Its earlier pages were read by other rights: nobody knows what the client holds.
            _refuse_cursor()
        return place

    def _window(self, place: Place) -> Window:
        since = self.cursor.since or place.until
        if since.instant > place.until.instant:
            _refuse_cursor()  # the database is older than the cursor
        rewritten_at = last_rewritten()
        has_begun = self.cursor.since is not None or self.cursor.place is not None
        if has_begun and rewritten_at is not None and since.instant < rewritten_at:
            _refuse_cursor()  # what came or went then no trail finds
        user = self.read.user
        if self.cursor.rights != place.rights:
            user = rights().then(user, self.cursor.rights)
            if user is None:
                _refuse_cursor()
        read = self._read_at(place.until)
        return Window(
            since.instant,
            place.until.instant,
            min(since.day, place.until.day),
            max(since.day, place.until.day),
            self.query,
            read,
            replace(self._read_at(since), user=user),
        )

    def _read_at(self, moment: Moment) -> "Read":
        """Return the request with that moment as its present."""
        clocks = replace(
            self.read.clocks, known_at=moment.instant, reference_date=self._day(moment.day)
        )
        return replace(self.read, clocks=clocks)

    def _day(self, day: date) -> date:
        clocks = self.read.clocks
        return clocks.reference_date if clocks.pinned_reference else day

    def _trails(self, window: Window) -> Sequence[Trail]:
        if self.cursor.since is None:
            return (whole(self.collection),)
        assert self.collection.feed is not None  # noqa: S101 (for the type checker)
        return self.collection.feed.trails(self.collection, window)

    def _touched(
        self, trails: Sequence[Trail], window: Window, place: Place
    ) -> tuple[Sequence[_Touched], Place | None]:
        """Return the touched rows of one page, each once, and where the next one begins."""
        found: dict[int, _Touched] = {}
        number, after = place.trail, place.after
        while number < len(trails):
            room = self.size - len(found)
            if not room:
                return [*found.values()], replace(place, trail=number, after=after)
            trail = trails[number]
            more = self._rows(trail, window, after)[:room]
            rows = [_Touched(pk, uuid, trail.tells, trail.brings) for pk, uuid in more]
            found.update((row.pk, row.and_(found.get(row.pk))) for row in rows)
            if len(rows) < room:
                number, after = number + 1, None
            else:
                after = rows[-1].uuid
        return [*found.values()], None

    def _rows(self, trail: Trail, window: Window, after: UUID | None) -> QuerySet[Any, Any]:
        rows = trail.rows(window)
        if trail.is_fixed:
            rows = self.collection.matching(rows, self.query)
        if after is not None:
            last = rows.model._default_manager.filter(uuid=after).values_list("pk", flat=True)
            # A row that is gone since names no place: the trail begins anew.
            rows = rows.filter(pk__gt=last.first() or 0)
        return rows.order_by("pk").values_list("pk", "uuid")

    def _judged(
        self, touched: Sequence[_Touched], window: Window
    ) -> tuple[Sequence[Any], Sequence[Removed]]:
        """Return which of the rows are in the list now, and which are told to be out of it."""
        if not touched:
            return (), ()
        collection, read = self.collection, window.read
        listed = collection.unsorted(self.query, read).filter(pk__in=[row.pk for row in touched])
        rows = collection.shown(collection.loaded(listed), read)
        shown = {row.pk for row in rows}
        absent = [row for row in touched if row.pk not in shown]
        coming = {row.pk for row in touched if row.comes}
        return [row for row in rows if row.pk in coming], list(self._removed(absent, window))

    def _removed(self, absent: Sequence[_Touched], window: Window) -> Iterator[Removed]:
        asked = [row.pk for row in absent if row.tells is not Tells.NEVER]
        if not asked:
            return
        visible = self.collection.visible(window.read).order_by().filter(pk__in=asked)
        seen = set(visible.values_list("pk", flat=True))
        for row in absent:
            if row.tells is Tells.ALWAYS or (row.tells is Tells.SEEN and row.pk in seen):
                yield {
                    "id": row.uuid,
                    "reason": "notInSelection" if row.pk in seen else "notVisible",
                }

    def _deleted(self, window: Window) -> Iterator[Removed]:
        """Yield the rows that were deleted within the window, by their history."""
        model = self.collection.visible(window.read).model
        if not issubclass(model, Record):
            return
        gone = window.history(model).filter(action=_REMOVED)
        there = model._default_manager.filter(uuid=OuterRef("target_uuid"))
        for uuid in gone.exclude(Exists(there)).values_list("target_uuid", flat=True).distinct():
            yield {"id": uuid, "reason": "deleted"}


def _refuse_cursor() -> NoReturn:
    raise Refused(
        HTTPStatus.GONE,
        _("From this cursor the list cannot be followed any more: read it anew with “start”."),
        name="ibzplan:cursorGone",
    )
