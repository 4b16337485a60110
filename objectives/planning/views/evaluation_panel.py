"""The final evaluation on the page of its objective."""

from typing import Any

from ibzplan.core.clocks import Clocks
from ibzplan.core.comments.threads import comments_panel
from objectives.planning.choices import PlanState
from objectives.planning.forms.evaluations import ReopenForm
from objectives.planning.selectors import ObjectiveReading
from objectives.planning.selectors.closing import (
    EvaluationReading,
    contradicts,
    evaluation_readings,
)
from objectives.planning.services.evaluations import may_evaluate
from objectives.planning.views.lookup import ObjectiveAccess
from personnel.choices import Role
from personnel.models import User


def evaluation_context(
    reading: ObjectiveReading, found: ObjectiveAccess, clocks: Clocks, user: User
) -> dict[str, Any]:
    """Return what the page of an objective shows of its final evaluation, as known then."""
    (shown,) = evaluation_readings([reading], clocks=clocks, access=found.access)
    evaluation, is_now = shown.evaluation, not clocks.pinned_known
    may_write = is_now and may_evaluate(found.objective, found.access)
    return {
        "evaluation": evaluation,
        "evaluated": shown,
        "evaluation_contradicts": evaluation is not None
        and shown.shows_status
        and contradicts(evaluation.result, evaluation.computed_status),
        "evaluation_comments": comments_panel(
            evaluation, user, clocks.known_at if clocks.pinned_known else None
        )
        if evaluation
        else None,
        "may_evaluate": may_write and not shown.is_handed_in,
        "reopen_form": ReopenForm() if is_now and _may_reopen(shown, found) else None,
    }


def _may_reopen(shown: EvaluationReading, found: ObjectiveAccess) -> bool:
    return (
        found.access.has(Role.CORPORATE)
        and shown.is_handed_in
        and found.objective.plan.state == PlanState.APPROVED
    )
