"""Words for steps and history entries."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from objectives.planning.choices import PlanState

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
}


def move_text(to: str) -> str:
    """Return the button's text for a step."""
    return str(MOVES.get(to, to))


def action_text(action: str) -> str:
    """Return a history entry's verb."""
    return str(ACTIONS.get(action, action))
