"""Threads of remarks on records, as they stood at a moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from ibzplan.core.comments.registry import field_labels, may_comment, may_see
from ibzplan.core.models import Comment, Record
from ibzplan.core.rewind import rows_known
from ibzplan.core.steady import steady

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.models import User


@dataclass(frozen=True, slots=True)
class Thread:
    """A remark with its answers, the oldest first, as known at the moment shown."""

    comment: Comment
    answers: tuple[Comment, ...]

    @property
    def is_settled(self) -> bool:
        """Tell whether it was settled then, and not opened again."""
        return self.comment.settled_at is not None

    @property
    def is_request(self) -> bool:
        """Tell whether it still asks for a change."""
        return self.comment.asks_change and not self.is_settled


@dataclass(frozen=True, slots=True)
class FieldThreads:
    """The threads of one field, the newest first; `field` '' is the record as a whole."""

    field: str
    label: str
    threads: tuple[Thread, ...]


@dataclass(frozen=True, slots=True)
class CommentsPanel:
    """The remarks on a record, for one reader."""

    target: Record
    groups: tuple[FieldThreads, ...]
    fields: Mapping[str, str]
    may_write: bool

    @property
    def open_requests(self) -> int:
        """Return how many threads ask for a change still."""
        return sum(thread.is_request for group in self.groups for thread in group.threads)

    @property
    def by_field(self) -> dict[str, tuple[Thread, ...]]:
        """Return the threads by field, for the form."""
        return {group.field: group.threads for group in self.groups}


def threads_of(target: Record, moment: datetime | None = None) -> list[Thread]:
    """Return the threads of a record, the newest first: one query, none while nothing was
    recorded since it was asked for. `moment` None means now; an earlier one takes three at most.
    """
    answers: dict[int, list[Comment]] = {}
    first: list[Comment] = []
    for row in _remarks(target.type_name(), target.uuid, moment):
        if row.parent_id is None:
            first.append(row)
        else:
            answers.setdefault(row.parent_id, []).append(row)
    return [Thread(row, tuple(answers.get(row.pk, ()))) for row in reversed(first)]


@steady
def _remarks(type_name: str, uuid: UUID, moment: datetime | None) -> tuple[Comment, ...]:
    """Return all remarks on a record as known then, in their order."""
    rows = Comment.objects.filter(target_type=type_name, target_uuid=uuid)
    return tuple(rows_known(rows.select_related("author", "settled_by"), moment))


def comments_panel(
    target: Record, user: "User | AnonymousUser", moment: datetime | None = None
) -> CommentsPanel | None:
    """Return the remarks by field, in the order of the form; None for whoever may not read them.

    A remark on a field that the record has no more stands with the record as a whole. On a page of
    an earlier `moment` nobody writes.
    """
    if not may_see(user, target):
        return None
    fields = field_labels(target)
    found: dict[str, list[Thread]] = {}
    for thread in threads_of(target, moment):
        field = thread.comment.field
        found.setdefault(field if field in fields else "", []).append(thread)
    groups = (
        FieldThreads(field, fields.get(field, ""), tuple(found[field]))
        for field in ("", *fields)
        if field in found
    )
    writes = moment is None and may_comment(user, target)
    return CommentsPanel(target, tuple(groups), fields, writes)


def open_requests(type_name: str, uuids: Iterable[UUID]) -> dict[UUID, list[Comment]]:
    """Return by record the remarks that ask for a change and are not settled: one query."""
    rows = Comment.objects.filter(
        target_type=type_name,
        target_uuid__in=list(uuids),
        asks_change=True,
        parent=None,
        settled_at=None,
    )
    found: dict[UUID, list[Comment]] = {}
    for row in rows.select_related("author"):
        found.setdefault(row.target_uuid, []).append(row)
    return found
