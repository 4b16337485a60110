"""The demo accounts, one a role, and the file with their password."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password

from ibzplan.core.models import HistoryEntry
from personnel.models import OrganisationUnit, RoleAssignment, SupervisingMinister, User
from reporting.demo.content import AccountContent
from reporting.demo.errors import DemoUnavailable
from reporting.demo.identity import Identity
from reporting.demo.writing import dated_rows_write

LOGINS_FILE: Final = "demo-logins.txt"
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True)
class Login:
    """An account to sign in with; all share one password."""

    username: str
    name: str


def logins_path() -> Path:
    """Return where the logins are written."""
    return Path(settings.DATA_DIR) / LOGINS_FILE


def logins_write(logins: Iterable[Login], password: str) -> Path:
    """Write usernames and password to a file that only its owner can read."""
    path = logins_path()
    path.unlink(missing_ok=True)
    lines = [f"{login.username:<16} {login.name}" for login in logins]
    text = "\n".join([f"Password of every demo account: {password}", "", *lines, ""])
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def accounts_create(
    contents: Iterable[AccountContent],
    *,
    password: str,
    identity: Identity,
    at: datetime,
    units: Mapping[str, OrganisationUnit],
    ministers: Mapping[str, SupervisingMinister],
) -> tuple[dict[str, User], list[HistoryEntry]]:
    """Make the accounts with their roles; return them by username, and unsaved history.

    A demo account that an earlier removal had to keep is taken into use again. Raises
    DemoUnavailable when a username belongs to a real account.
    """
    wanted = list(contents)
    kept = {
        user.username: user
        for user in User.objects.filter(username__in=[one.username for one in wanted])
    }
    real = sorted(name for name, user in kept.items() if not user.is_demo)
    if real:
        raise DemoUnavailable(
            f"There are real accounts with a demo username: {', '.join(real)}. Rename them first."
        )
    hashed = make_password(password)
    fresh: list[User] = []
    for one in wanted:
        user = kept.get(one.username) or User(
            username=one.username,
            uuid=identity.of("user", one.username),
            is_demo=True,
            date_joined=at,
        )
        user.display_name, user.password, user.is_active = one.name, hashed, True
        user.email = one.email
        if user.pk is None:
            fresh.append(user)
            kept[one.username] = user
    User.objects.bulk_update(
        [user for user in kept.values() if user.pk],
        ["display_name", "password", "is_active", "email"],
    )
    User.objects.bulk_create(fresh)
    return kept, _roles_create(wanted, kept, identity, at, units, ministers)


def _roles_create(
    contents: Iterable[AccountContent],
    users: Mapping[str, User],
    identity: Identity,
    at: datetime,
    units: Mapping[str, OrganisationUnit],
    ministers: Mapping[str, SupervisingMinister],
) -> list[HistoryEntry]:
    roles, history = [], []
    for one in contents:
        role = RoleAssignment(
            uuid=identity.of("role", one.username),
            user=users[one.username],
            role=one.role,
            unit=units[one.unit] if one.unit else None,
            minister=ministers[one.minister] if one.minister else None,
            is_demo=True,
            created_at=at,
        )
        roles.append(role)
        history.append(
            HistoryEntry(
                uuid=identity.of("history", str(role.uuid)),
                target_type=RoleAssignment.type_name(),
                target_uuid=role.uuid,
                actor=None,
                at=at,
                action="role_assigned",
                changes={
                    "user": [None, one.username],
                    "role": [None, one.role],
                    "unit": [None, one.unit or None],
                    "minister": [None, one.minister or None],
                },
                is_demo=True,
            )
        )
    dated_rows_write(roles)
    return history
