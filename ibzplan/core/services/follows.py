"""Following a record, and stopping."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import NotAllowed
from ibzplan.core.follows.registry import followable
from ibzplan.core.models import Follow
from ibzplan.core.services.clock import next_instant

if TYPE_CHECKING:
    from personnel.models import User


@transaction.atomic
def follow(*, actor: "User", type_name: str, uuid: UUID) -> bool:
    """Let the actor follow a record; return whether that is new.

    They are told of what is recorded after this instant. Raises NotAllowed for a record that they
    may not see, or that cannot be followed.
    """
    kind = followable(type_name)
    if kind is None or kind.find(actor, uuid) is None:
        raise NotAllowed("not_visible", _("You cannot follow what you may not read."))
    at = next_instant()
    _row, is_new = Follow.objects.get_or_create(
        user=actor,
        target_type=type_name,
        target_uuid=uuid,
        defaults={"created_at": at, "told_until": at},
    )
    return is_new


def unfollow(*, actor: "User", type_name: str, uuid: UUID) -> bool:
    """Let the actor stop following a record, seen still or not; return whether they did follow it.

    What they were told stays with their messages.
    """
    rows = Follow.objects.filter(user=actor, target_type=type_name, target_uuid=uuid)
    deleted, _per_model = rows.delete()
    return deleted > 0
