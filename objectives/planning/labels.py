"""Words for steps and history entries."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from objectives.planning.choices import PlanState
from objectives.planning.smart_texts import MOTIVATED, motivated_text

MOVES: Mapping[str, Promise] = {
    PlanState.DRAFT: _("Return to the planner"),
    PlanState.SUBMITTED: _("Submit for approval"),
    PlanState.APPROVED: _("Approve"),
    PlanState.CLOSED: _("Close"),
}

ACTIONS: Mapping[str, Promise] = {
    "created": _("created"),
    "changed": _("changed"),
    "loaded": _("loaded from the source"),
    PlanState.DRAFT: _("returned"),
    PlanState.SUBMITTED: _("submitted"),
    PlanState.APPROVED: _("approved"),
    PlanState.CLOSED: _("closed"),
    "redefined": _("definition changed"),
    "indicator_reused": _("indicator taken from the library"),
    "indicator_retargeted": _("targets of an indicator changed"),
    "indicator_weighed": _("weight of an indicator changed"),
    "indicator_withdrawn": _("indicator withdrawn"),
    "overridden": _("judged by the head"),
    "override_withdrawn": _("judgement of the head taken back"),
    "not_applicable": _("period declared not applicable"),
    "applicable": _("period declared applicable again"),
}


def move_text(to: str) -> str:
    """Return the button's text for a step."""
    return str(MOVES.get(to, to))


def action_text(action: str) -> str:
    """Return a history entry's verb."""
    if action.startswith(MOTIVATED):
        return motivated_text(action)
    return str(ACTIONS.get(action, action))
