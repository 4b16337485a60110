"""Freezing the consolidated text of a plan; a frozen version is never changed again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ibzplan.core.canonical import canonical_json, sha256_of
from ibzplan.core.errors import DomainError
from ibzplan.core.services import history_record, next_instant
from objectives.planning.choices import AmendmentState
from objectives.planning.models import Amendment, OperationalPlan, PlanVersion
from objectives.planning.selectors.versions import plan_content
from personnel.models import User


@transaction.atomic
def plan_version_freeze(
    *,
    actor: User,
    plan: OperationalPlan,
    reason: str = "",
    at: datetime | None = None,
    amendment: Amendment | None = None,
    is_reorganisation: bool = False,
) -> PlanVersion:
    """Append the plan as it is known at `at`, with the next number and the day of `at`.

    The caller has checked who may, and gives the instant at which it wrote what is frozen here.
    With `is_reorganisation` units went over: a fact of the organisation, no change of the plan.
    Raises DomainError for a second first version, or an amendment that was not approved.
    """
    at = at or next_instant()
    OperationalPlan.objects.select_for_update().get(pk=plan.pk)  # one number at a time
    last = PlanVersion.objects.filter(plan=plan).order_by("number").last()
    if amendment is None and last is not None and not is_reorganisation:
        raise DomainError(
            "in_force_already",
            _("The plan of %(year)s is in force already: it changes by amendment only.")
            % {"year": plan.year},
        )
    if amendment is not None and amendment.state != AmendmentState.APPROVED:
        raise DomainError("not_approved", _("This amendment is not approved."))
    text = canonical_json(plan_content(plan, at))
    version = PlanVersion.objects.create(
        plan=plan,
        number=last.number + 1 if last else 1,
        dated_on=timezone.localdate(at),
        amendment=amendment,
        content=text,
        sha256=sha256_of(text),
        recorded_at=at,
        recorded_by=actor,
        reason=reason,
        is_demo=plan.is_demo,
    )
    history_record(
        actor=actor,
        target=plan,
        action="version_frozen",
        changes={"version_number": (last.number if last else None, version.number)},
        reason=reason,
        at=at,
    )
    return version
