"""API tokens: made once, shown once, kept as a hash."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ibzplan.core.models import ApiToken, HistoryEntry
from ibzplan.core.services.clock import next_instant

if TYPE_CHECKING:
    from personnel.models import User

TOKEN_BYTES: Final = 32
LAST_USE_SECONDS: Final = 60


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def token_create(
    *, user: "User", name: str, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Return the token row and its key. The key cannot be shown again."""
    key = f"ibz_{secrets.token_urlsafe(TOKEN_BYTES)}"
    return (
        ApiToken.objects.create(user=user, name=name, digest=_digest(key), expires_at=expires_at),
        key,
    )


def token_user(*, key: str) -> "User | None":
    """Return the active user behind a key, or None. Notes the last use, at most once a minute."""
    now = timezone.now()
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=_digest(key), revoked_at=None, user__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .first()
    )
    if token is None:
        return None
    if not token.last_used_at or now - token.last_used_at > timedelta(seconds=LAST_USE_SECONDS):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user


@transaction.atomic
def token_revoke(*, actor: "User | None", token: ApiToken) -> bool:
    """Refuse the key from now on; return whether it was not revoked before."""
    at = next_instant()
    revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)
    if not revoked:
        return False
    token.revoked_at = at
    HistoryEntry.objects.create(
        target_type=token._meta.label_lower,
        target_uuid=token.uuid,
        actor=actor,
        at=at,
        action="token_revoked",
        changes={"revoked_at": [None, at]},
        is_demo=token.user.is_demo,
    )
    return True
