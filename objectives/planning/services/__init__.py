"""Writes about operational plans and objectives."""

from objectives.planning.services.figures import (
    correction_settle,
    figure_exempt,
    figure_record,
)
from objectives.planning.services.indicators import (
    indicator_add,
    indicator_redefine,
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
from objectives.planning.services.smart import smart_motivate
from objectives.planning.services.targets import (
    PlannedTargets,
    indicator_retarget,
    last_target,
    objective_to_retarget,
    planned_targets,
)

__all__ = [
    "ObjectiveSheet",
    "PlannedTargets",
    "correction_settle",
    "figure_exempt",
    "figure_record",
    "indicator_add",
    "indicator_redefine",
    "indicator_retarget",
    "indicator_reuse",
    "indicator_weigh",
    "indicator_withdraw",
    "indicators_refresh",
    "last_target",
    "may_reuse",
    "objective_create",
    "objective_move",
    "objective_to_retarget",
    "objective_update",
    "operational_plan_create",
    "planned_targets",
    "smart_motivate",
    "status_override",
]
