"""Closing a plan at the end of its year: nothing closes with an open evaluation."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import next_instant, record_change
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors.closing import ClosingState, closing_state
from objectives.planning.services.evaluations import plan_must_be_open
from objectives.planning.services.workflow import objective_close
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import User


def may_close(access: Access) -> bool:
    """Tell whether this user closes plans: the direction committee does."""
    return access.has(Role.COMMITTEE)


def _refuse_open(state: ClosingState) -> None:
    """Refuse to close over what is still open, naming all of it."""
    parts = []
    if state.to_evaluate:
        parts.append(
            _("without a final evaluation handed in: %(codes)s")
            % {"codes": ", ".join(f"{row.code} ({row.unit.code})" for row in state.to_evaluate)}
        )
    if state.undecided:
        parts.append(
            _("submitted and not decided: %(codes)s")
            % {"codes": ", ".join(row.code for row in state.undecided)}
        )
    if state.amendments:
        parts.append(
            _("amendments still open: %(codes)s")
            % {"codes": ", ".join(str(row) for row in state.amendments)}
        )
    if parts:
        raise DomainError(
            "still_open", _("The plan cannot be closed: %(what)s.") % {"what": "; ".join(parts)}
        )


@transaction.atomic
def plan_close(*, actor: User, plan: OperationalPlan, expected_version: int | None = None) -> int:
    """Close a plan with everything in it, at one instant; return how many objectives closed.

    Raises NotAllowed for anyone but the direction committee, DomainError that names every
    objective without an evaluation handed in, every one not decided and every open amendment.
    """
    if not may_close(access_of(actor)):
        raise NotAllowed("committee_only", _("Only the direction committee closes a plan."))
    at = next_instant()
    current = OperationalPlan.objects.select_for_update().get(pk=plan.pk)
    plan_must_be_open(current)
    _refuse_open(closing_state(current))
    objectives = OperationalObjective.objects.filter(plan=plan, state=PlanState.APPROVED)
    count = 0
    for objective in objectives.order_by("code", "pk"):
        objective_close(actor=actor, objective=objective, at=at)
        count += 1
    record_change(
        actor=actor,
        target=plan,
        values={"state": PlanState.CLOSED, "closed_on": timezone.localdate(at)},
        expected_version=expected_version,
        action=PlanState.CLOSED,
        at=at,
    )
    return count
