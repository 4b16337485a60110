"""What the page of an objective says of amendments."""

from typing import Any

from ibzplan.core.clocks import Clocks
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.amendments import (
    may_propose,
    open_amendment_of_draft,
    withdrawal_of,
)
from objectives.planning.views.lookup import ObjectiveAccess


def amendment_context(
    shown: OperationalObjective, found: ObjectiveAccess, clocks: Clocks
) -> dict[str, Any]:
    """Return what took the objective out, what brings it in, and whether the user may propose."""
    objective = found.objective
    withdrawn = withdrawal_of(objective) if shown.is_withdrawn else None
    return {
        "withdrawal": withdrawn,
        "coming_with": None if objective.is_in_force else open_amendment_of_draft(objective),
        "may_propose": not clocks.pinned_known and may_propose(found.access, objective),
    }
