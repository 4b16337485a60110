"""API tokens: made once, shown once, kept as a hash."""

import hashlib
import secrets
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ibzplan.core.choices import TokenScope
from ibzplan.core.errors import DomainError
from ibzplan.core.models import ApiToken, HistoryEntry
from ibzplan.core.services.clock import next_instant
from ibzplan.core.sqlite_patience import sqlite_not_waiting

if TYPE_CHECKING:
    from personnel.models import User

TOKEN_BYTES: Final = 32
PREFIX_CHARACTERS: Final = 10
LAST_USE_SECONDS: Final = 60
# How long a key lives: a client that is forgotten does not stay open.
LIFE_DAYS: Final = 365
LIFE_MAX_DAYS: Final = 730
# A key that was rotated works on for so long, so that the client can change over.
OVERLAP_HOURS: Final = 24


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _life(expires_at: datetime | None) -> datetime:
    """Return until when a new key lives. Raises DomainError for a day that is past or too far."""
    now = timezone.now()
    if expires_at is None:
        return now + timedelta(days=LIFE_DAYS)
    # A day counts until it is over.
    if not now < expires_at <= now + timedelta(days=LIFE_MAX_DAYS + 1):
        raise DomainError(
            "token_life",
            _("Choose a day from tomorrow to %(days)s days from now.") % {"days": LIFE_MAX_DAYS},
            "expires_at",
        )
    return expires_at


def _scopes(scopes: Collection[str]) -> list[str]:
    """Return the scopes in their order; who writes also reads. Raises DomainError."""
    unknown = sorted(set(scopes) - set(TokenScope.values))
    if unknown:
        raise DomainError(
            "token_scope", _("There is no scope “%(scope)s”.") % {"scope": unknown[0]}, "scopes"
        )
    return [one for one in TokenScope.values if one in {*scopes, TokenScope.READ.value}]


@transaction.atomic
def token_create(
    *,
    user: "User",
    name: str,
    expires_at: datetime | None = None,
    actor: "User | None" = None,
    scopes: Collection[str] = (TokenScope.READ.value,),
    ministers: Collection[UUID] = (),
    units: Collection[UUID] = (),
) -> tuple[ApiToken, str]:
    """Return the token row and its key. The key cannot be shown again.

    Raises DomainError for an unknown scope and for a life that is over or too long.
    """
    token = ApiToken(
        user=user,
        name=name,
        expires_at=_life(expires_at),
        created_by=actor,
        scopes=_scopes(scopes),
        minister_uuids=sorted(str(uuid) for uuid in ministers),
        unit_uuids=sorted(str(uuid) for uuid in units),
    )
    return token, _keep(token, actor=actor, action="token_created")


@transaction.atomic
def token_rotate(*, actor: "User | None", token: ApiToken) -> tuple[ApiToken, str]:
    """Return a token that takes the place of this one, with its key.

    The old key works on for `OVERLAP_HOURS`; the new one may do the same and lives as long again.
    Raises DomainError when the token is revoked, expired or was replaced before.
    """
    at = next_instant()
    token.refresh_from_db(fields=["expires_at", "revoked_at"])
    if not token.is_usable(at) or ApiToken.objects.filter(replaces=token).exists():
        raise DomainError("token_over", _("This key is no longer in use: make a new one."))
    life = timedelta(days=LIFE_DAYS)
    if token.expires_at:
        life = min(token.expires_at - token.created_at, timedelta(days=LIFE_MAX_DAYS))
    new = ApiToken(
        user=token.user,
        name=token.name,
        expires_at=at + life,
        created_by=actor,
        scopes=token.scopes,
        minister_uuids=token.minister_uuids,
        unit_uuids=token.unit_uuids,
        replaces=token,
    )
    key = _keep(new, actor=actor, action="token_rotated", at=at)
    ends = at + timedelta(hours=OVERLAP_HOURS)
    if token.expires_at is None or token.expires_at > ends:
        changes: dict[str, list[Any]] = {"expires_at": [token.expires_at, ends]}
        ApiToken.objects.filter(pk=token.pk).update(expires_at=ends)
        token.expires_at = ends
        _tell(token, actor=actor, action="token_replaced", changes=changes, at=at)
    return new, key


def _keep(token: ApiToken, *, actor: "User | None", action: str, at: datetime | None = None) -> str:
    """Write a new token with its history; return its key."""
    key = f"ibz_{secrets.token_urlsafe(TOKEN_BYTES)}"
    token.digest, token.prefix = _digest(key), key[:PREFIX_CHARACTERS]
    at = at or next_instant()
    token.save(force_insert=True)
    changes = {
        "name": [None, token.name],
        "scopes": [None, token.scopes],
        "ministers": [None, token.minister_uuids],
        "units": [None, token.unit_uuids],
        "expires_at": [None, token.expires_at],
    }
    _tell(token, actor=actor, action=action, changes=changes, at=at)
    return key


def _tell(
    token: ApiToken,
    *,
    actor: "User | None",
    action: str,
    changes: dict[str, list[Any]],
    at: datetime,
) -> None:
    HistoryEntry.objects.create(
        target_type=token._meta.label_lower,
        target_uuid=token.uuid,
        actor=actor,
        at=at,
        action=action,
        changes=changes,
        is_demo=token.user.is_demo,
    )


def token_find(*, key: str) -> ApiToken | None:
    """Return the token behind a key, with its user; None when it or its user serves no more.

    Notes the last use, at most once a minute.
    """
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
        _note_use(token, now)
    return token


def _note_use(token: ApiToken, now: datetime) -> None:
    """Note that a key is used; of requests at the same time one does.

    Whoever reads waits for no writer: on SQLite, while someone writes, a later request notes it.
    """
    before = now - timedelta(seconds=LAST_USE_SECONDS)
    unnoted = Q(last_used_at=None) | Q(last_used_at__lt=before)
    with suppress(OperationalError), sqlite_not_waiting():
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)


@transaction.atomic
def token_revoke(*, actor: "User | None", token: ApiToken) -> bool:
    """Refuse the key from now on; return whether it was not revoked before."""
    at = next_instant()
    revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)
    if not revoked:
        return False
    token.revoked_at = at
    changes = {"revoked_at": [None, at]}
    _tell(token, actor=actor, action="token_revoked", changes=changes, at=at)
    return True
