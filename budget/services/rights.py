"""Who keeps the credits (design.md section 9)."""

from django.utils.translation import gettext as _

from ibzplan.core.errors import NotAllowed
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import User


def may_keep_credits(access: Access) -> bool:
    """Tell whether the user keeps credits: B&B officers do, and the corporate cell."""
    return access.has(Role.RESOURCES, Role.CORPORATE) and access.only_unit_ids is None


def must_keep_credits(actor: User) -> None:
    """Raise NotAllowed for anyone else."""
    if not may_keep_credits(access_of(actor)):
        raise NotAllowed(
            "resources_only",
            _("Only the B&B officers and the corporate cell keep the credits."),
        )
