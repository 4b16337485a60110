"""Who remarks on operational objectives, and on which of their fields."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ibzplan.core.comments import registry
from objectives.planning.models import OperationalObjective
from personnel.access import Access, access_of
from personnel.choices import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.models import User

# What a remark can be anchored to, in the order of the form; a text in two languages is one field.
FIELDS: Final[Mapping[str, Promise]] = {
    "title": _("Name"),
    "description": _("Description"),
    "unit": _("Directorate"),
    "sub_unit": _("Service"),
    "holder": _("Responsible holder"),
    "co_owners": _("Co-owners"),
    "starts_on": _("From"),
    "ends_on": _("Until"),
    "werf": _("Werf"),
    "goals": _("Goals"),
    "security_objectives": _("Contributes to objectives of the NVP"),
    "origin": _("Origin"),
    "activities": _("Activities and milestones"),
    "risks": _("Risks"),
    "indicators": _("Indicators"),
    "targets": _("Targets"),
}


def reads_remarks(access: Access, unit_id: int) -> bool:
    """Tell whether remarks on what a unit plans are for this user: never for a cabinet.

    Its planners and heads, the corporate cell, the committee and the auditor read them.
    """
    return access.plans_for(unit_id) or access.has(Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR)


def writes_remarks(access: Access, unit_id: int) -> bool:
    """Tell whether the user remarks on what a unit plans: as reads_remarks, the auditor not."""
    return access.plans_for(unit_id) or access.has(Role.CORPORATE, Role.COMMITTEE)


def find_objective(user: "User | AnonymousUser", uuid: UUID) -> OperationalObjective | None:
    """Return the objective when the user may see it: one query."""
    rows = OperationalObjective.objects.visible_to(access_of(user)).select_related("plan", "unit")
    found: OperationalObjective | None = rows.filter(uuid=uuid).first()
    return found


def _labels(_objective: OperationalObjective) -> Mapping[str, str]:
    return {name: str(label) for name, label in FIELDS.items()}


def _sees(user: "User | AnonymousUser", objective: OperationalObjective) -> bool:
    """Corporate cell and committee read no drafts, so no remarks on them either."""
    access = access_of(user)
    seen = OperationalObjective.objects.visible_to(access).filter(pk=objective.pk)
    return reads_remarks(access, objective.unit_id) and seen.exists()


def _writes(user: "User | AnonymousUser", objective: OperationalObjective) -> bool:
    return writes_remarks(access_of(user), objective.unit_id) and _sees(user, objective)


def register_all() -> None:
    """Let operational objectives take remarks."""
    registry.register(
        OperationalObjective.type_name(),
        registry.Commentable(
            find=find_objective,
            may_see=_sees,
            may_comment=_writes,
            fields=_labels,
            url=lambda objective: reverse("planning:objective", args=[objective.uuid]),
        ),
    )
