"""Writes about operational plans and objectives."""

from objectives.planning.services.figures import figure_exempt, figure_record
from objectives.planning.services.indicators import (
    indicator_add,
    indicator_reuse,
    indicator_weigh,
    indicator_withdraw,
    may_reuse,
)
from objectives.planning.services.links import indicators_refresh
from objectives.planning.services.objectives import (
    ObjectiveSheet,
    objective_create,
    objective_move,
    objective_update,
)
from objectives.planning.services.overrides import status_override
from objectives.planning.services.plans import operational_plan_create

__all__ = [
    "ObjectiveSheet",
    "figure_exempt",
    "figure_record",
    "indicator_add",
    "indicator_reuse",
    "indicator_weigh",
    "indicator_withdraw",
    "indicators_refresh",
    "may_reuse",
    "objective_create",
    "objective_move",
    "objective_update",
    "operational_plan_create",
    "status_override",
]
