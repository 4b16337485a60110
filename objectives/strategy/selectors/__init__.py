"""Reads of the strategic plan: the two plans themselves, their structure, the organisation."""

from objectives.strategy.selectors.organisation import (
    MinisterRow,
    OrganisationPage,
    UnitRow,
    ministers_with_holders,
    organisation_page,
)
from objectives.strategy.selectors.plans import (
    ObjectivePage,
    OverviewPage,
    PlanCounts,
    WerfPage,
    communication_plan,
    current_plan,
    elements_by_kind,
    missions_of,
    objective_page,
    overview_page,
    werf_page,
)

__all__ = [
    "MinisterRow",
    "ObjectivePage",
    "OrganisationPage",
    "OverviewPage",
    "PlanCounts",
    "UnitRow",
    "WerfPage",
    "communication_plan",
    "current_plan",
    "elements_by_kind",
    "ministers_with_holders",
    "missions_of",
    "objective_page",
    "organisation_page",
    "overview_page",
    "werf_page",
]
