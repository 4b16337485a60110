"""Writes about users and roles."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.choices import TokenScope
from ibzplan.core.errors import DomainError
from ibzplan.core.models import ApiToken, HistoryEntry
from ibzplan.core.services import history_record, next_instant, token_create
from personnel.choices import Role
from personnel.models import OrganisationUnit, RoleAssignment, SupervisingMinister, User
from personnel.services.api_keys import refuse_empty_reach

PASSWORD_BYTES: Final = 15


def role_check(
    *, role: str, unit: OrganisationUnit | None, minister: SupervisingMinister | None
) -> None:
    """Raise DomainError when the role is unknown, or needs a unit or a minister and has none."""
    if role not in Role.values:
        raise DomainError(
            "unknown_role", _("There is no role “%(role)s”.") % {"role": role}, "role"
        )
    if role in (Role.PLANNER, Role.HEAD) and unit is None:
        raise DomainError("unit_required", _("This role needs a unit."), "unit")
    if role == Role.CABINET and minister is None:
        raise DomainError("minister_required", _("This role needs a minister."), "minister")


def _role_changes(assignment: RoleAssignment) -> dict[str, Any]:
    unit, minister = assignment.unit, assignment.minister
    return {
        "user": assignment.user.username,
        "role": assignment.role,
        "unit": unit.code if unit else None,
        "minister": minister.code if minister else None,
    }


def role_assign(
    *,
    actor: User | None,
    user: User,
    role: str,
    unit: OrganisationUnit | None = None,
    minister: SupervisingMinister | None = None,
    at: datetime | None = None,
) -> RoleAssignment:
    """Give a role. Raises DomainError when the role needs a unit or a minister and has none."""
    role_check(role=role, unit=unit, minister=minister)
    with transaction.atomic():
        at = at or next_instant()
        assignment, made = RoleAssignment.objects.get_or_create(
            user=user, role=role, unit=unit, minister=minister, defaults={"is_demo": user.is_demo}
        )
        if made:
            history_record(
                actor=actor,
                target=assignment,
                action="role_assigned",
                changes={name: (None, now) for name, now in _role_changes(assignment).items()},
                at=at,
            )
    return assignment


@transaction.atomic
def role_withdraw(*, actor: User | None, assignment: RoleAssignment) -> None:
    """Take a role away; its history stays, and says what is stored, not what a form left out."""
    stored = RoleAssignment.objects.select_related("user", "unit", "minister").get(pk=assignment.pk)
    history_record(
        actor=actor,
        target=stored,
        action="role_withdrawn",
        changes={name: (was, None) for name, was in _role_changes(stored).items()},
    )
    stored.delete()


@transaction.atomic(savepoint=False)
def user_record(
    *,
    actor: User | None,
    user: User,
    action: str,
    changes: Mapping[str, tuple[Any, Any]],
    at: datetime | None = None,
) -> None:
    """Note in the history what happened to an account; never give it a password.

    `at` is the instant that the caller took before it wrote the account.
    """
    HistoryEntry.objects.create(
        target_type=user._meta.label_lower,
        target_uuid=user.uuid,
        actor=actor,
        at=at or next_instant(),
        action=action,
        changes={name: list(pair) for name, pair in changes.items()},
        is_demo=user.is_demo,
    )


def _valid_account(user: User, password: str) -> None:
    """Raise DomainError for a username or address that cannot be, or a weak password."""
    if User.objects.filter(username=user.username).exists():
        raise DomainError(
            "user_exists",
            _("There is already a user “%(name)s”.") % {"name": user.username},
            "username",
        )
    try:
        user.clean_fields(exclude=["password"])
        validate_password(password, user)
    except ValidationError as error:
        field = next(iter(getattr(error, "error_dict", {})), "password")
        raise DomainError("invalid_account", " ".join(error.messages), field) from error


@transaction.atomic
def user_create(
    *,
    actor: User | None,
    username: str,
    display_name: str,
    role: str,
    unit: OrganisationUnit | None = None,
    minister: SupervisingMinister | None = None,
    email: str = "",
    password: str = "",
) -> tuple[User, str]:
    """Make an account with one role; return it and its password, generated when none is given.

    Raises DomainError when the username is taken or cannot be, when the password is weak, or
    when the role lacks its unit or minister.
    """
    password = password or secrets.token_urlsafe(PASSWORD_BYTES)
    user = User(username=username, display_name=display_name, email=email)
    _valid_account(user, password)
    user.set_password(password)
    at = next_instant()
    user.save()
    user_record(
        actor=actor,
        user=user,
        action="created",
        changes={"username": (None, username), "display_name": (None, display_name)},
        at=at,
    )
    role_assign(actor=actor, user=user, role=role, unit=unit, minister=minister, at=at)
    return user, password


def _check_client(
    unit: OrganisationUnit | None, minister: SupervisingMinister | None, scopes: Collection[str]
) -> None:
    """Raise DomainError for a client that would write for no unit, or whose key opens nothing."""
    if TokenScope.WRITE in scopes and unit is None:
        raise DomainError(
            "unit_required",
            _(
                "A client with the role API client writes for one directorate: name it. Without "
                "one it only reads."
            ),
            "unit",
        )
    if unit and minister:
        refuse_empty_reach(ministers=[minister], units=[unit])


@transaction.atomic
def client_create(
    *,
    name: str,
    role: str,
    unit: OrganisationUnit | None = None,
    minister: SupervisingMinister | None = None,
    scopes: Collection[str] = (TokenScope.READ.value,),
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make an API client with one role; return its token and the key, shown once.

    The unit or minister of the role API client narrows the key; with the scope to write it plans
    for the unit (see personnel.access). Raises DomainError when a client of that name exists, when
    the role lacks its unit or minister, when a key would reach nothing, and as token_create does.
    """
    is_narrowed = role == Role.API_CLIENT
    if is_narrowed:
        _check_client(unit, minister, scopes)
    username = f"client:{name}"
    if User.objects.filter(username=username).exists():
        raise DomainError(
            "client_exists", _("There is already a client “%(name)s”.") % {"name": name}, "name"
        )
    user = User(username=username, display_name=name, is_client=True)
    user.set_unusable_password()
    at = next_instant()
    user.save()
    role_assign(actor=None, user=user, role=role, unit=unit, minister=minister, at=at)
    return token_create(
        user=user,
        name=name,
        scopes=scopes,
        expires_at=expires_at,
        units=[unit.uuid] if unit and is_narrowed else (),
        ministers=[minister.uuid] if minister and is_narrowed else (),
    )
