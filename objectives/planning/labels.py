"""Words for steps and history entries."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from objectives.planning.choices import PlanState, Step, WaitsFor
from objectives.planning.models import OperationalObjective
from objectives.planning.smart_texts import MOTIVATED, motivated_text

# Where an objective lies, as a sentence says it after its code.
DESKS: Mapping[str, Promise] = {
    WaitsFor.PLANNER: _("a draft on the planner's desk"),
    WaitsFor.HEAD: _("waits for the head of the directorate"),
    WaitsFor.CORPORATE: _("waits for the corporate cell"),
    WaitsFor.COMMITTEE: _("waits for the direction committee"),
}

ACTIONS: Mapping[str, Promise] = {
    "created": _("created"),
    "changed": _("changed"),
    "loaded": _("loaded from the source"),
    "copied": _("taken over from the year before"),
    "continued": _("continued in the next plan"),
    PlanState.DRAFT: _("returned"),
    Step.HAND_OVER: _("handed over to the head"),
    Step.PASS_ON: _("passed on to the direction committee"),
    Step.RETURN: _("returned to the planner"),
    Step.RETURN_TO_CORPORATE: _("returned to the corporate cell"),
    Step.TAKE_BACK: _("taken back"),
    PlanState.SUBMITTED: _("submitted"),
    PlanState.APPROVED: _("approved"),
    PlanState.CLOSED: _("closed"),
    "amended": _("changed by an amendment"),
    "change_added": _("change added"),
    "change_removed": _("change taken out"),
    "rejected": _("rejected"),
    PlanState.WITHDRAWN: _("withdrawn"),
    "version_frozen": _("version frozen"),
    "budget_voted": _("day of the budget vote entered"),
    "returned": _("returned"),
    "sent": _("sent to the ministers"),
    "redefined": _("definition changed"),
    "indicator_reused": _("indicator taken from the library"),
    "indicator_retargeted": _("targets of an indicator changed"),
    "indicator_weighed": _("weight of an indicator changed"),
    "indicator_withdrawn": _("indicator withdrawn"),
    "activity_added": _("activity added"),
    "activity_changed": _("activity changed"),
    "activity_withdrawn": _("activity withdrawn"),
    "milestone_added": _("milestone added"),
    "milestone_changed": _("milestone changed"),
    "milestone_withdrawn": _("milestone withdrawn"),
    "milestone_reported": _("milestone reported"),
    "risk_added": _("risk added"),
    "risk_changed": _("risk changed"),
    "risk_withdrawn": _("risk withdrawn"),
    "narrative_written": _("narrative written"),
    "narrative_changed": _("narrative changed"),
    "handed_in": _("final evaluation handed in"),
    "reopened": _("final evaluation opened again"),
    "reorganised": _("gone over in a reorganisation"),
    "applied": _("carried out"),
    "overridden": _("judged by the head"),
    "override_withdrawn": _("judgement of the head taken back"),
    "not_applicable": _("period declared not applicable"),
    "applicable": _("period declared applicable again"),
    "kpi_withdrawn": _("KPI withdrawn"),
    "kpi_added": _("KPI added"),
    "translated": _("translated"),
}


def step_text(step: str) -> str:
    """Return the button's text for a step."""
    return str(Step(step).label)


def desk_text(objective: OperationalObjective) -> str:
    """Return where an objective lies: 'waits for the corporate cell', 'approved'."""
    return str(DESKS.get(objective.waits_for, objective.get_state_display().lower()))


def action_text(action: str) -> str:
    """Return a history entry's verb."""
    if action.startswith(MOTIVATED):
        return motivated_text(action)
    return str(ACTIONS.get(action, action))
