"""The final evaluation on the page of its objective."""

from typing import Any

from ibzplan.core.clocks import Clocks
from ibzplan.core.comments.threads import comments_panel
from objectives.planning.choices import LineageKind, PlanState
from objectives.planning.forms.evaluations import ReopenForm
from objectives.planning.selectors import ObjectiveReading
from objectives.planning.selectors.closing import (
    EvaluationReading,
    contradicts,
    sees_evaluation,
)
from objectives.planning.selectors.objective_page import Below
from objectives.planning.selectors.readings import indicator_is_visible
from objectives.planning.services.evaluations import may_evaluate
from objectives.planning.views.lookup import ObjectiveAccess
from personnel.choices import Role
from personnel.models import User


def evaluation_context(
    reading: ObjectiveReading,
    found: ObjectiveAccess,
    clocks: Clocks,
    user: User,
    below_it: Below,
) -> dict[str, Any]:
    """Return what the page of an objective shows of its final evaluation, as known then.

    `below_it` names the successors that the user could see.
    """
    shown = _read(reading, found, below_it)
    evaluation, is_now = shown.evaluation, not clocks.pinned_known
    may_write = is_now and may_evaluate(found.objective, found.access)
    return {
        "evaluation": evaluation,
        "evaluated": shown,
        "evaluation_contradicts": evaluation is not None
        and shown.shows_status
        and contradicts(evaluation.result, evaluation.computed_status),
        "evaluation_comments": comments_panel(evaluation, user, clocks.moment_asked)
        if evaluation
        else None,
        "may_evaluate": may_write and not shown.is_handed_in,
        "reopen_form": ReopenForm() if is_now and _may_reopen(shown, found) else None,
    }


def _read(
    reading: ObjectiveReading,
    found: ObjectiveAccess,
    below_it: Below,
) -> EvaluationReading:
    """Return what evaluation_readings gives of one objective, from what its page read already."""
    objective, access = reading.objective, found.access
    evaluation = below_it.evaluation
    if evaluation is not None and not sees_evaluation(evaluation, objective, access):
        evaluation = None
    return EvaluationReading(
        reading,
        evaluation,
        tuple(
            link.successor
            for link in below_it.parts.successors
            if link.kind == LineageKind.CONTINUED
        ),
        shows_status=all(indicator_is_visible(row, access) for row in below_it.confidential),
    )


def _may_reopen(shown: EvaluationReading, found: ObjectiveAccess) -> bool:
    return (
        found.access.has(Role.CORPORATE)
        and shown.is_handed_in
        and found.objective.plan.state == PlanState.APPROVED
    )
