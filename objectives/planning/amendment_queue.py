"""The amendments that wait for a user, on the page "waiting for you"."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from objectives.planning.models import Amendment
from objectives.planning.selectors.amendments import (
    amendments_to_decide,
    amendments_to_submit,
    may_return,
)
from objectives.planning.selectors.queues import QueueRow, QueueSource, register
from personnel.access import Access
from personnel.choices import Role
from personnel.models import User


def _row(amendment: Amendment, since: datetime | None) -> QueueRow:
    return QueueRow(
        title=amendment.title,
        url=reverse("planning:amendment", args=[amendment.uuid]),
        code=f"W{amendment.number}",
        unit=amendment.unit.code if amendment.unit else "",
        year=amendment.plan.year,
        since=since,
    )


def _to_decide(_user: User, access: Access) -> Iterable[QueueRow]:
    if not may_return(access):
        return []
    return [_row(row, row.submitted_at) for row in amendments_to_decide(access)]


def _to_submit(_user: User, access: Access) -> Iterable[QueueRow]:
    return [_row(row, row.created_at) for row in _drafts(access)]


def _drafts(access: Access) -> QuerySet[Amendment]:
    """Return the drafts to submit; for whom they do not concern, none without a query."""
    if not (access.head_unit_ids or access.has(Role.CORPORATE)):
        return Amendment.objects.none()
    return amendments_to_submit(access)


def register_amendments() -> None:
    """Register both: what the committee and the corporate cell look at, and what is unfinished."""
    register(
        QueueSource(
            name="amendments",
            order=15,
            label=_("Amendments to review or approve"),
            rows=_to_decide,
            count=lambda _user, access: (
                amendments_to_decide(access) if may_return(access) else None
            ),
        )
    )
    register(
        QueueSource(
            name="amendment_drafts",
            order=35,
            label=_("Amendments to submit"),
            rows=_to_submit,
            count=lambda _user, access: _drafts(access),
        )
    )
