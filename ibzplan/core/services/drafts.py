"""Keeping what a user typed and did not save yet.

A draft is not a recorded fact: it has no history, and takes no instant of the record clock.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ibzplan.core.drafts.registry import DraftKind, kind_of
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import FormDraft

if TYPE_CHECKING:
    from personnel.models import User

# What a browser still sends while the page closes: 64 KiB, names and percent signs included.
MAX_DRAFT_BYTES: Final = 60_000
DRAFT_LIFE_DAYS: Final = 30


def draft_kind(actor: "User", form: str, target: UUID) -> DraftKind:
    """Return the form, or raise NotAllowed when there is none or the user may not write there."""
    kind = kind_of(form)
    if kind is None or not kind.may_write(target, actor):
        raise NotAllowed("draft_not_allowed", _("You cannot write this form."))
    return kind


@transaction.atomic
def draft_save(
    *,
    actor: "User",
    form: str,
    target: UUID,
    data: Mapping[str, Sequence[str]],
    base_version: int | None = None,
) -> FormDraft:
    """Keep what the actor typed, in the place of what they typed before in the same form.

    Raises NotAllowed for an unknown form or a record that they may not write, DomainError when it
    is too much.
    """
    kind = draft_kind(actor, form, target)
    # PostgreSQL keeps no NUL character, and no form takes one.
    content = {
        name.replace("\x00", ""): [value.replace("\x00", "") for value in values]
        for name, values in data.items()
    }
    if len(json.dumps(content).encode()) > MAX_DRAFT_BYTES:
        raise DomainError(
            "draft_too_large", _("This is too long to be kept while you type: save the form.")
        )
    now = timezone.now()
    values = {"data": content, "base_version": base_version, "saved_at": now}
    draft, _created = FormDraft.objects.update_or_create(
        user=actor,
        form=kind.name,
        target_type=kind.target_type,
        target_uuid=target,
        defaults=values,
        create_defaults={**values, "started_at": now},
    )
    return draft


@transaction.atomic
def draft_drop(*, actor: "User", form: str, target: UUID) -> bool:
    """Forget what the actor typed in a form; return whether there was anything."""
    if kind_of(form) is None:  # its name comes from an address, and may be anything
        return False
    dropped, _by_table = FormDraft.objects.filter(
        user=actor, form=form, target_uuid=target
    ).delete()
    return dropped > 0


def drafts_expire(*, now: datetime | None = None) -> int:
    """Remove what nobody came back to within DRAFT_LIFE_DAYS; return how many."""
    oldest = (now or timezone.now()) - timedelta(days=DRAFT_LIFE_DAYS)
    removed, _by_table = FormDraft.objects.filter(saved_at__lt=oldest).delete()
    return removed
