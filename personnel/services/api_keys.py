"""Keys of the API, as people make and keep them on their page."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ibzplan.core.choices import TokenScope
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import ApiToken
from ibzplan.core.services import clock_hold, token_create, token_revoke, token_rotate
from ibzplan.core.services.notifications import Message, notifications_make
from personnel.access import Access, access_of, reach_of
from personnel.choices import Role
from personnel.models import OrganisationUnit, SupervisingMinister, User

ENDS_KIND: Final = "api_key_ends"
# A key's owner is told so many days before it ends.
WARN_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class KeySheet:
    """What someone asks a key for; it lasts until `ends_on` is over."""

    name: str
    ends_on: date
    scopes: Collection[str] = (TokenScope.READ.value,)
    ministers: Sequence[SupervisingMinister] = ()
    units: Sequence[OrganisationUnit] = ()


def has_keys(access: Access) -> bool:
    """Tell whether the user may have keys: whoever has a role."""
    return access.is_superuser or bool(access.roles)


def keeps_all_keys(access: Access) -> bool:
    """Tell whether the user sees and revokes the keys of everyone."""
    return access.has(Role.CORPORATE)


def may_rotate(user: User, access: Access, token: ApiToken) -> bool:
    """Tell whether the user gets a new key: the owner, for a client that cannot sign in who
    keeps all keys. For one that writes or has a role of persons that is the superuser: to others
    its key would open more than is theirs.
    """
    if token.user_id == user.pk:
        return has_keys(access)
    if not token.user.is_client or not keeps_all_keys(access):
        return False
    only_reads = not token.allows(TokenScope.WRITE) and access_of(token.user).roles <= {
        Role.API_CLIENT
    }
    return only_reads or access.is_superuser


def may_revoke(user: User, access: Access, token: ApiToken) -> bool:
    """Tell whether the user ends a key: the owner, and who keeps all keys."""
    return token.user_id == user.pk or keeps_all_keys(access)


@transaction.atomic
def key_make(*, actor: User, sheet: KeySheet) -> tuple[ApiToken, str]:
    """Make a key that acts as the actor, within what the sheet says; return its row and the key.

    The key cannot be shown again. Raises NotAllowed without a role, and DomainError for a name that
    the actor uses already, for ministers and units that have nothing in common, and for a life
    that is over or too long.
    """
    if not has_keys(access_of(actor)):
        raise NotAllowed("no_role", _("Only who has a role can have a key."))
    refuse_empty_reach(ministers=sheet.ministers, units=sheet.units)
    clock_hold()  # nobody makes a key of the same name between the look at the names and the write
    _refuse_taken(actor, sheet.name)
    try:
        return token_create(
            user=actor,
            name=sheet.name,
            expires_at=_end_of(sheet.ends_on),
            actor=actor,
            scopes=sheet.scopes,
            ministers=[row.uuid for row in sheet.ministers],
            units=[row.uuid for row in sheet.units],
        )
    except DomainError as error:
        error.field = "ends_on" if error.field == "expires_at" else error.field
        raise


def refuse_empty_reach(
    *, ministers: Iterable[SupervisingMinister], units: Iterable[OrganisationUnit]
) -> None:
    """Raise DomainError when none of the units that a key would name is of its ministers."""
    named = {
        "minister_uuids": [str(row.uuid) for row in ministers],
        "unit_uuids": [str(row.uuid) for row in units],
    }
    if all(named.values()) and not reach_of(**named):
        raise DomainError(
            "key_reaches_nothing",
            _(
                "None of these directorates answers to the ministers chosen: the key would open "
                "nothing. Choose a directorate of theirs, or only ministers or only directorates."
            ),
            "units",
        )


def _refuse_taken(actor: User, name: str) -> None:
    now = timezone.now()
    for token in ApiToken.objects.filter(user=actor, name=name):
        if token.is_usable(now):
            raise DomainError(
                "key_name_taken",
                _("You have a key “%(name)s” already. Name what this one is for.") % {"name": name},
                "name",
            )


def _end_of(day: date) -> datetime:
    """Return when a day is over; the last day that there is ends a little before."""
    if day == date.max:
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def key_rotate(*, actor: User, token: ApiToken) -> tuple[ApiToken, str]:
    """Give a new key in the place of one, which works on for a day. Raises NotAllowed."""
    if not may_rotate(actor, access_of(actor), token):
        raise NotAllowed("owner_only", _("Only its owner gets a new key."))
    return token_rotate(actor=actor, token=token)


def key_revoke(*, actor: User, token: ApiToken) -> bool:
    """End a key now; return whether it was not ended before. Raises NotAllowed."""
    if not may_revoke(actor, access_of(actor), token):
        raise NotAllowed("owner_only", _("Only its owner and the corporate cell end a key."))
    return token_revoke(actor=actor, token=token)


@transaction.atomic
def ending_keys_tell(*, now: datetime) -> int:
    """Tell the owners of keys that end soon and that nothing takes the place of; return how many.

    Of a client that cannot sign in: who made its key, else the corporate cell. Four queries, and
    none more where nothing ends.
    """
    rows = ApiToken.objects.filter(
        revoked_at=None,
        warned_at=None,
        expires_at__gt=now,
        expires_at__lte=now + timedelta(days=WARN_DAYS),
        replaced_by=None,
        user__is_active=True,
    )
    ending = list(rows.select_related("user", "created_by"))
    if not ending:
        return 0
    corporate = User.objects.filter(
        role_assignments__role=Role.CORPORATE, is_active=True, is_client=False
    ).distinct()
    keepers = list(corporate) if any(token.user.is_client for token in ending) else []
    notifications_make(
        messages=[
            Message(
                user=user,
                kind=ENDS_KIND,
                key=f"{ENDS_KIND}|{token.uuid}",
                values={
                    "name": token.name,
                    "uuid": str(token.uuid),
                    "day": _last_day(token).isoformat(),
                },
            )
            for token in ending
            for user in _told(token, keepers)
        ]
    )
    ApiToken.objects.filter(pk__in=[token.pk for token in ending]).update(warned_at=now)
    return len(ending)


def _last_day(token: ApiToken) -> date:
    """Return the day until the end of which a key works."""
    assert token.expires_at is not None  # noqa: S101 (it ends soon)
    return timezone.localdate(token.expires_at - timedelta(microseconds=1))


def _told(token: ApiToken, keepers: Sequence[User]) -> Sequence[User]:
    if not token.user.is_client:
        return [token.user]
    maker = token.created_by
    return [maker] if maker and maker.is_active and not maker.is_client else keepers
