"""Remarks on records: written, answered, settled."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.comments.registry import field_labels, may_comment
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Comment, Record
from ibzplan.core.services.clock import next_instant
from ibzplan.core.services.history import history_record, record_change
from ibzplan.core.services.texts import text_check

if TYPE_CHECKING:
    from personnel.models import User


@transaction.atomic
def comment_add(
    *, actor: "User", target: Record, text: str, field: str = "", asks_change: bool = False
) -> Comment:
    """Begin a thread on a record, or on one field of it.

    Raises NotAllowed, or DomainError for an empty or too long text or a field it does not have.
    """
    _must_comment(actor, target)
    return comment_write(
        actor=actor,
        target=target,
        field=field,
        text=text,
        asks_change=asks_change,
        at=next_instant(),
    )


@transaction.atomic
def comment_answer(*, actor: "User", comment: Comment, target: Record, text: str) -> Comment:
    """Answer in a thread; an answer to an answer stands in the same thread.

    Raises as comment_add.
    """
    _must_comment(actor, target)
    at = next_instant()
    first = comment.parent or comment
    return comment_write(
        actor=actor, target=target, field=first.field, text=text, parent=first, at=at
    )


@transaction.atomic
def comment_settle(
    *, actor: "User", comment: Comment, target: Record, settled: bool = True
) -> bool:
    """Settle a thread, or open it again; return whether that changed anything.

    Raises NotAllowed.
    """
    _must_comment(actor, target)
    at = next_instant()
    first = Comment.objects.select_for_update().get(pk=comment.parent_id or comment.pk)
    if (first.settled_at is not None) == settled:
        return False
    return record_change(
        actor=actor,
        target=first,
        values={
            "settled_at": at if settled else None,
            "settled_by": actor if settled else None,
        },
        action="settled" if settled else "reopened",
        at=at,
    )


def comment_write(
    *,
    actor: "User",
    target: Record,
    text: str,
    at: datetime,
    field: str = "",
    asks_change: bool = False,
    parent: Comment | None = None,
) -> Comment:
    """Write a remark for a caller who checked the rights and took the instant `at`.

    Its history is its own: what is said within the house does not follow the record when that
    becomes public. Raises DomainError with the field's name.
    """
    text = text.strip()
    text_check(text)
    if field and field not in field_labels(target):
        raise DomainError(
            "unknown_field",
            _("There is no field “%(value)s” to remark on. Choose one of the list.")
            % {"value": field},
            "field",
        )
    row = Comment.objects.create(
        target_type=target.type_name(),
        target_uuid=target.uuid,
        field=field,
        parent=parent,
        text=text,
        author=actor,
        asks_change=asks_change,
        is_demo=target.is_demo,
    )
    row.created_at = at  # an insert sets the wall clock, which is past the instant by now
    row.save(update_fields=["created_at"])
    history_record(actor=actor, target=row, action="created", changes={"text": (None, text)}, at=at)
    return row


def _must_comment(actor: "User", target: Record) -> None:
    if not may_comment(actor, target):
        raise NotAllowed("comment_not_allowed", _("You do not remark on this record."))
