"""Writes about operational plans and objectives."""

from objectives.planning.services.objectives import (
    ObjectiveSheet,
    indicator_add,
    objective_create,
    objective_move,
    objective_update,
    security_links_set,
)
from objectives.planning.services.plans import operational_plan_create

__all__ = [
    "ObjectiveSheet",
    "indicator_add",
    "objective_create",
    "objective_move",
    "objective_update",
    "operational_plan_create",
    "security_links_set",
]
