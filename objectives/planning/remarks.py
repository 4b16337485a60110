"""Who remarks on objectives, amendments and final evaluations, and on which of their fields."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ibzplan.core.comments import registry
from ibzplan.core.steady import steady
from objectives.planning.models import Amendment, FinalEvaluation, OperationalObjective
from objectives.planning.selectors.amendments import with_changes
from objectives.planning.selectors.judgements import was_visible
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
    "means": _("Means"),
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
    seen = was_visible(objective, access, objective.created_at)
    return reads_remarks(access, objective.unit_id) and seen


def _writes(user: "User | AnonymousUser", objective: OperationalObjective) -> bool:
    return writes_remarks(access_of(user), objective.unit_id) and _sees(user, objective)


def _reads_amendment(access: Access, amendment: Amendment) -> bool:
    """Tell as reads_remarks; one of the corporate cell has no unit of its own."""
    if amendment.unit_id is not None:
        return reads_remarks(access, amendment.unit_id)
    return access.has(Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR)


def find_amendment(user: "User | AnonymousUser", uuid: UUID) -> Amendment | None:
    """Return the amendment when the user may see it: one query."""
    rows = Amendment.objects.visible_to(access_of(user)).select_related("plan", "unit")
    found: Amendment | None = rows.filter(uuid=uuid).first()
    return found


def _sees_amendment(user: "User | AnonymousUser", amendment: Amendment) -> bool:
    access = access_of(user)
    return _reads_amendment(access, amendment) and amendment.pk in _amendments_seen(access)


@steady
def _amendments_seen(access: Access) -> frozenset[int]:
    return frozenset(Amendment.objects.visible_to(access).order_by().values_list("pk", flat=True))


def _writes_amendment(user: "User | AnonymousUser", amendment: Amendment) -> bool:
    access = access_of(user)
    writes = access.has(Role.CORPORATE, Role.COMMITTEE) or (
        amendment.unit_id is not None and access.plans_for(amendment.unit_id)
    )
    return writes and _sees_amendment(user, amendment)


def _amendment_labels(amendment: Amendment) -> Mapping[str, str]:
    """Return what is said of the whole, and each of its changes by the UUID that it keeps."""
    labels = {"title": str(_("Name")), "motivation": str(_("Why"))}
    for number, change in enumerate(with_changes(amendment).changes.all(), start=1):
        codes = [row.code for row in (*change.objectives.all(), *change.results.all())]
        label = f"{number}. {change.get_kind_display()} {', '.join(codes)}"
        labels[f"change_{change.uuid.hex}"] = label
    return labels


# What a remark on a final evaluation can be anchored to, in the order of its form.
EVALUATION_FIELDS: Final[Mapping[str, Promise]] = {
    "result": _("Result"),
    "explanation": _("Explanation"),
    "lessons": _("Lessons"),
    "discontinued_because": _("Goes on in"),
}


def find_evaluation(user: "User | AnonymousUser", uuid: UUID) -> FinalEvaluation | None:
    """Return the evaluation of an objective that the user may see: one query."""
    seen = OperationalObjective.objects.visible_to(access_of(user))
    rows = FinalEvaluation.objects.filter(uuid=uuid, objective__in=seen.values("pk"))
    return rows.select_related("objective", "objective__plan", "objective__unit").first()


def _evaluation_labels(_evaluation: FinalEvaluation) -> Mapping[str, str]:
    return {name: str(label) for name, label in EVALUATION_FIELDS.items()}


def register_all() -> None:
    """Let operational objectives, amendments and final evaluations take remarks."""
    registry.register(
        Amendment.type_name(),
        registry.Commentable(
            find=find_amendment,
            may_see=_sees_amendment,
            may_comment=_writes_amendment,
            fields=_amendment_labels,
            url=lambda amendment: reverse("planning:amendment", args=[amendment.uuid]),
        ),
    )
    registry.register(
        FinalEvaluation.type_name(),
        registry.Commentable(
            find=find_evaluation,
            may_see=lambda user, row: _sees(user, row.objective),
            may_comment=lambda user, row: _writes(user, row.objective),
            fields=_evaluation_labels,
            url=lambda row: reverse("planning:objective", args=[row.objective.uuid]),
        ),
    )
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
