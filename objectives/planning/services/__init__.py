"""Writes about operational plans and objectives."""

from objectives.planning.services.activities import (
    ActivitySheet,
    MilestoneSheet,
    activity_add,
    activity_update,
    activity_withdraw,
    milestone_add,
    milestone_update,
    milestone_withdraw,
)
from objectives.planning.services.figures import (
    correction_settle,
    figure_exempt,
    figure_record,
    figures_record,
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
from objectives.planning.services.milestone_reports import (
    MilestoneReport,
    milestone_report,
    milestones_report,
)
from objectives.planning.services.narratives import NarrativeSheet, narrative_write
from objectives.planning.services.objective_sheets import ObjectiveSheet
from objectives.planning.services.objectives import objective_create, objective_update
from objectives.planning.services.overrides import status_override
from objectives.planning.services.plans import operational_plan_create
from objectives.planning.services.risks import RiskSheet, risk_add, risk_update, risk_withdraw
from objectives.planning.services.smart import smart_motivate
from objectives.planning.services.targets import (
    PlannedTargets,
    indicator_retarget,
    last_target,
    objective_to_retarget,
    planned_targets,
)
from objectives.planning.services.workflow import (
    objective_close,
    objective_move,
    objectives_move,
)

__all__ = [
    "ActivitySheet",
    "MilestoneReport",
    "MilestoneSheet",
    "NarrativeSheet",
    "ObjectiveSheet",
    "PlannedTargets",
    "RiskSheet",
    "activity_add",
    "activity_update",
    "activity_withdraw",
    "correction_settle",
    "figure_exempt",
    "figure_record",
    "figures_record",
    "indicator_add",
    "indicator_redefine",
    "indicator_retarget",
    "indicator_reuse",
    "indicator_weigh",
    "indicator_withdraw",
    "indicators_refresh",
    "last_target",
    "may_reuse",
    "milestone_add",
    "milestone_report",
    "milestone_update",
    "milestone_withdraw",
    "milestones_report",
    "narrative_write",
    "objective_close",
    "objective_create",
    "objective_move",
    "objective_to_retarget",
    "objective_update",
    "objectives_move",
    "operational_plan_create",
    "planned_targets",
    "risk_add",
    "risk_update",
    "risk_withdraw",
    "smart_motivate",
    "status_override",
]
