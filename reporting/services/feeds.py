"""Secret addresses of calendar feeds: made once, shown once, kept as a hash."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from ibzplan.core.models import HistoryEntry
from ibzplan.core.services import next_instant
from personnel.models import User
from reporting.models import CalendarFeed

SECRET_BYTES: Final = 32
LAST_READ_SECONDS: Final = 3600


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def calendar_feed_make(*, actor: User) -> str:
    """Return the secret of a new address of the user's own feed; the one before is worth nothing.

    It cannot be shown again: only its hash is kept.
    """
    at = next_instant()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    CalendarFeed.objects.filter(user=actor).delete()
    feed = CalendarFeed.objects.create(user=actor, digest=_digest(secret), created_at=at)
    _note(actor, feed, "calendar_feed_made", at)
    return secret


@transaction.atomic
def calendar_feed_stop(*, actor: User) -> bool:
    """Let the user's address lead nowhere any more; return whether there was one."""
    at = next_instant()
    feed = CalendarFeed.objects.filter(user=actor).first()
    if feed is None:
        return False
    _note(actor, feed, "calendar_feed_stopped", at)
    feed.delete()
    return True


def calendar_feed_user(*, secret: str) -> User | None:
    """Return the active user behind an address, or None. Notes the reading, once an hour.

    The database compares hashes by its index, so that the time it takes tells nothing of the
    secret: who guesses cannot choose what the hash of a guess begins with.
    """
    feed = (
        CalendarFeed.objects.select_related("user")
        .filter(digest=_digest(secret), user__is_active=True)
        .first()
    )
    if feed is None:
        return None
    now = timezone.now()
    if not feed.last_read_at or now - feed.last_read_at > timedelta(seconds=LAST_READ_SECONDS):
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)
    return feed.user


def _note(actor: User, feed: CalendarFeed, action: str, at: datetime) -> None:
    HistoryEntry.objects.create(
        target_type=feed._meta.label_lower,
        target_uuid=feed.uuid,
        actor=actor,
        at=at,
        action=action,
        is_demo=actor.is_demo,
    )
