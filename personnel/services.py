"""Writes about users and roles."""

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.models import ApiToken
from ibzplan.core.services import history_record, token_create
from personnel.choices import Role
from personnel.models import OrganisationUnit, RoleAssignment, SupervisingMinister, User


def role_assign(
    *,
    actor: User | None,
    user: User,
    role: str,
    unit: OrganisationUnit | None = None,
    minister: SupervisingMinister | None = None,
) -> RoleAssignment:
    """Give a role. Raises DomainError when the role needs a unit or a minister and has none."""
    if role not in Role.values:
        raise DomainError(
            "unknown_role", _("There is no role “%(role)s”.") % {"role": role}, "role"
        )
    if role in (Role.PLANNER, Role.HEAD) and unit is None:
        raise DomainError("unit_required", _("This role needs a unit."), "unit")
    if role == Role.CABINET and minister is None:
        raise DomainError("minister_required", _("This role needs a minister."), "minister")
    with transaction.atomic():
        assignment, made = RoleAssignment.objects.get_or_create(
            user=user, role=role, unit=unit, minister=minister, defaults={"is_demo": user.is_demo}
        )
        if made:
            history_record(
                actor=actor,
                target=assignment,
                action="role_assigned",
                changes={
                    "user": (None, user.username),
                    "role": (None, role),
                    "unit": (None, unit.code if unit else None),
                    "minister": (None, minister.code if minister else None),
                },
            )
    return assignment


@transaction.atomic
def client_create(
    *,
    name: str,
    role: str,
    unit: OrganisationUnit | None = None,
    minister: SupervisingMinister | None = None,
) -> tuple[ApiToken, str]:
    """Make an API client with one role; return its token and the key, shown once.

    Raises DomainError when a client of that name exists or the role lacks its unit or minister.
    """
    username = f"client:{name}"
    if User.objects.filter(username=username).exists():
        raise DomainError(
            "client_exists", _("There is already a client “%(name)s”.") % {"name": name}, "name"
        )
    user = User(username=username, display_name=name, is_client=True)
    user.set_unusable_password()
    user.save()
    role_assign(actor=None, user=user, role=role, unit=unit, minister=minister)
    return token_create(user=user, name=name)
