"""Writes about the strategic plan's own life: signature, addenda, replacement, lineage."""

from objectives.strategy.services.addenda import (
    AddendumSheet,
    addendum_create,
    addendum_update,
    transversal_objective_add,
)
from objectives.strategy.services.entries import (
    EntrySheet,
    objective_add,
    objective_text_set,
    werf_add,
)
from objectives.strategy.services.lineage import LineageSheet, lineage_set
from objectives.strategy.services.plans import (
    PlanSheet,
    may_keep_plans,
    plan_replacement_set,
    plan_sign,
    plan_succeed,
)

__all__ = [
    "AddendumSheet",
    "EntrySheet",
    "LineageSheet",
    "PlanSheet",
    "addendum_create",
    "addendum_update",
    "lineage_set",
    "may_keep_plans",
    "objective_add",
    "objective_text_set",
    "plan_replacement_set",
    "plan_sign",
    "plan_succeed",
    "transversal_objective_add",
    "werf_add",
]
