"""Keys of the API as their page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Case, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import ApiToken, HistoryEntry
from personnel.access import Access
from personnel.models import User
from personnel.services.api_keys import WARN_DAYS, keeps_all_keys, may_revoke, may_rotate
from personnel.structure import all_ministers, all_units

# How the entries of a key's history read.
ACTIONS: Final[dict[str, Promise]] = {
    "token_created": _("key made"),
    "token_rotated": _("made in the place of another key"),
    "token_replaced": _("another key takes its place"),
    "token_narrowed": _("narrowed to the directorate or minister of its client"),
    "token_revoked": _("ended"),
}


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key, how it stands at a moment, and what the reader may do with it.

    `reach` are the units, or else the ministers, that it is narrowed to; empty: all that its user
    reaches. `of_ministers` are those to which the units have to answer as well.
    """

    token: ApiToken
    now: datetime
    reach: tuple[LocalisedText, ...]
    of_ministers: tuple[LocalisedText, ...]
    is_own: bool
    may_rotate: bool
    may_revoke: bool

    @property
    def is_usable(self) -> bool:
        """Tell whether the key still opens anything."""
        return self.token.is_usable(self.now)

    @property
    def ends_soon(self) -> bool:
        """Tell whether it ends in the days in which its owner is warned."""
        end = self.token.expires_at
        return self.is_usable and end is not None and end <= self.now + timedelta(days=WARN_DAYS)

    @property
    def is_replaced(self) -> bool:
        """Tell whether another key takes its place."""
        return hasattr(self.token, "replaced_by")

    @property
    def last_moment(self) -> datetime | None:
        """Return the last moment at which it works; None: it has no end."""
        end = self.token.expires_at
        return end - timedelta(microseconds=1) if end else None


def keys_visible(user: User, access: Access) -> QuerySet[ApiToken]:
    """Return the keys that the user may look at: their own, or everyone's.

    Those that work come first, the newest first. One query, with their users.
    """
    rows = ApiToken.objects.select_related("user", "created_by", "replaces", "replaced_by")
    if not keeps_all_keys(access):
        rows = rows.filter(user=user)
    return rows


def works_first(rows: QuerySet[ApiToken], now: datetime) -> QuerySet[ApiToken]:
    """Order keys: those that work, then the others, each the newest first."""
    is_over = Case(
        When(revoked_at__isnull=False, then=Value(1)),
        When(expires_at__lte=now, then=Value(1)),
        default=Value(0),
    )
    return rows.order_by(is_over, "-created_at", "-pk")


def key_rows(tokens: Iterable[ApiToken], user: User, access: Access, now: datetime) -> list[KeyRow]:
    """Return them with what they reach by name: no query but those of all units and ministers."""
    offices = {str(row.uuid): row.short_title for row in all_ministers()}
    units = {str(row.uuid): row.title for row in all_units()}
    found = []
    for token in tokens:
        is_open = token.is_usable(now)
        is_last = not hasattr(token, "replaced_by")
        named = tuple(units[one] for one in token.unit_uuids if one in units)
        above = tuple(offices[one] for one in token.minister_uuids if one in offices)
        found.append(
            KeyRow(
                token=token,
                now=now,
                reach=named if token.unit_uuids else above,
                of_ministers=above if token.unit_uuids else (),
                is_own=token.user_id == user.pk,
                may_rotate=is_open and is_last and may_rotate(user, access, token),
                may_revoke=is_open and may_revoke(user, access, token),
            )
        )
    return found


def key_history(token: ApiToken) -> list[tuple[HistoryEntry, str]]:
    """Return what happened with a key and how that reads, the newest first: one query."""
    rows = HistoryEntry.objects.filter(
        target_type=token._meta.label_lower, target_uuid=token.uuid
    ).select_related("actor")
    return [(row, str(ACTIONS.get(row.action, row.action))) for row in rows]
