"""Writes about operational plans and objectives."""

from objectives.planning.services.figures import figure_record
from objectives.planning.services.objectives import (
    ObjectiveSheet,
    indicator_add,
    indicators_refresh,
    objective_create,
    objective_move,
    objective_update,
)
from objectives.planning.services.plans import operational_plan_create

__all__ = [
    "ObjectiveSheet",
    "figure_record",
    "indicator_add",
    "indicators_refresh",
    "objective_create",
    "objective_move",
    "objective_update",
    "operational_plan_create",
]
