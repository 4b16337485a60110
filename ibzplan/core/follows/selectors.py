"""Reads about follows: whether a user follows a record, and what all they follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from ibzplan.core.clocks import Clocks
from ibzplan.core.follows.registry import followable, followables
from ibzplan.core.models import Follow, Record
from ibzplan.core.steady import steady
from ibzplan.core.subjects import Reference, Subject

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.models import User


@dataclass(frozen=True, slots=True)
class FollowState:
    """Whether the user follows one record now: what the button on its page shows.

    `can_change` is False on a page of an earlier moment: following begins and ends in the present.
    """

    type_name: str
    uuid: UUID
    is_followed: bool
    can_change: bool


def follow_state(
    user: "User | AnonymousUser", target: Record, clocks: Clocks
) -> FollowState | None:
    """Return whether the user follows a record that they see, for its page: one query at most.

    None where there is nothing to follow, or nobody who could.
    """
    if not user.is_authenticated or followable(target.type_name()) is None:
        return None
    key = (target.type_name(), target.uuid)
    return FollowState(*key, key in _followed(user.pk), can_change=not clocks.pinned_known)


@steady
def _followed(user_pk: int) -> frozenset[Reference]:
    """Return all that a user follows."""
    rows = Follow.objects.filter(user=user_pk).order_by()
    return frozenset(rows.values_list("target_type", "target_uuid"))


def follows_of(user: "User") -> QuerySet[Follow]:
    """Return everything that a user follows, oldest first, of types that can be followed still."""
    return Follow.objects.filter(user=user, target_type__in=[name for name, _kind in followables()])


def subjects_followed(follows: Iterable[Follow], user: "User") -> dict[Reference, Subject]:
    """Return how what is followed is called: one query a type.

    What the user may not open any more is left out.
    """
    wanted: dict[str, list[UUID]] = {}
    for row in follows:
        wanted.setdefault(row.target_type, []).append(row.target_uuid)
    return {
        (type_name, uuid): subject
        for type_name, kind in followables()
        if type_name in wanted
        for uuid, subject in kind.describe(wanted[type_name], user).items()
    }
