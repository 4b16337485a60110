"""What the page of an objective says of amendments."""

from typing import Any

from ibzplan.core.clocks import Clocks
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.amendments import (
    may_propose,
    open_amendment_of_draft,
    own_drafts,
    takes_amendments,
    withdrawal_of,
)
from objectives.planning.views.lookup import ObjectiveAccess


def amendment_context(
    shown: OperationalObjective, found: ObjectiveAccess, clocks: Clocks
) -> dict[str, Any]:
    """Return what took the objective out, what brings or could bring it in, and who may propose."""
    objective = found.objective
    withdrawn = withdrawal_of(objective) if shown.is_withdrawn else None
    coming_with = None if objective.is_in_force else open_amendment_of_draft(objective)
    is_left = objective.is_open and coming_with is None and not clocks.pinned_known
    needs_amendment = is_left and found.may_plan and takes_amendments(objective.plan)
    return {
        "withdrawal": withdrawn,
        "coming_with": coming_with,
        "needs_amendment": needs_amendment,
        "own_amendments": own_drafts(objective.plan, found.access) if needs_amendment else [],
        "may_propose": not clocks.pinned_known and may_propose(found.access, objective),
    }
