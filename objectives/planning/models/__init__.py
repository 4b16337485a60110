"""Operational plans, their objectives, and what happens to both in the course of a plan year."""

from objectives.planning.models.amendments import Amendment, AmendmentChange
from objectives.planning.models.evaluations import FinalEvaluation
from objectives.planning.models.judgements import SmartMotivation, StatusOverride
from objectives.planning.models.narratives import Narrative
from objectives.planning.models.objectives import (
    CoOwner,
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveLineage,
    ObjectiveSecurityLink,
    OperationalObjective,
    TransversalKpi,
)
from objectives.planning.models.plans import OperationalPlan, PlanVersion
from objectives.planning.models.risks import Risk
from objectives.planning.models.workbooks import WorkbookImport

__all__ = [
    "Amendment",
    "AmendmentChange",
    "CoOwner",
    "FinalEvaluation",
    "Narrative",
    "ObjectiveGoal",
    "ObjectiveIndicator",
    "ObjectiveLineage",
    "ObjectiveSecurityLink",
    "OperationalObjective",
    "OperationalPlan",
    "PlanVersion",
    "Risk",
    "SmartMotivation",
    "StatusOverride",
    "TransversalKpi",
    "WorkbookImport",
]
