"""How the API shows operational plans and objectives."""

from datetime import date
from typing import TypedDict
from uuid import UUID

from ibzplan.core.api.links import Links
from ibzplan.core.api.shapes import Localised, Reference, localised, reference
from ibzplan.core.filtersets import camel
from objectives.planning.models import ObjectiveIndicator, OperationalObjective, OperationalPlan
from objectives.strategy.serializers import PlanReference, plan_reference


class OperationalPlanItem(TypedDict):
    """The plan of one calendar year."""

    id: UUID
    href: str
    plan: PlanReference
    year: int
    state: str
    approvedOn: date | None
    sentOn: date | None
    closedOn: date | None
    fictional: bool


class YearReference(TypedDict):
    """An operational plan: it has a year, not a code."""

    id: UUID
    year: int
    href: str


class IndicatorLink(TypedDict):
    """An indicator that an objective uses; `key` ones cap its status."""

    id: UUID
    code: str
    href: str
    weight: int
    key: bool


class OperationalObjectiveItem(TypedDict):
    """What a directorate will achieve within the year."""

    id: UUID
    code: str
    href: str
    title: Localised | None
    description: Localised | None
    state: str
    operationalPlan: YearReference
    strategicObjective: Reference
    werf: Reference
    goals: list[Reference]
    unit: Reference
    holder: str | None
    startsOn: date
    endsOn: date
    indicators: list[IndicatorLink]
    securityObjectives: list[Reference]
    fictional: bool


def operational_plan_item(plan: OperationalPlan, links: Links) -> OperationalPlanItem:
    """Needs `plan`."""
    return {
        "id": plan.uuid,
        "href": links.to("operationalPlans", plan.uuid),
        "plan": plan_reference(plan.plan),
        "year": plan.year,
        "state": camel(plan.state),
        "approvedOn": plan.approved_on,
        "sentOn": plan.sent_on,
        "closedOn": plan.closed_on,
        "fictional": plan.is_demo,
    }


def _indicator_link(link: ObjectiveIndicator, links: Links) -> IndicatorLink:
    return {
        **reference(links, "indicators", link.indicator.uuid, link.indicator.code),
        "weight": link.weight,
        "key": link.is_key,
    }


def operational_objective_item(
    objective: OperationalObjective, links: Links
) -> OperationalObjectiveItem:
    """Needs `plan`, `unit`, `werf__objective`; prefetched `goals`, `indicator_links__indicator`
    (those the user may see) and `security_links__security_objective`.
    """
    plan, werf, unit = objective.plan, objective.werf, objective.unit
    above = werf.objective
    return {
        "id": objective.uuid,
        "code": objective.code,
        "href": links.to("operationalObjectives", objective.uuid),
        "title": localised(objective.title),
        "description": localised(objective.description),
        "state": camel(objective.state),
        "operationalPlan": {
            "id": plan.uuid,
            "year": plan.year,
            "href": links.to("operationalPlans", plan.uuid),
        },
        "strategicObjective": reference(links, "strategicObjectives", above.uuid, above.code),
        "werf": reference(links, "werven", werf.uuid, werf.code),
        "goals": [reference(links, "goals", g.uuid, g.code) for g in objective.goals.all()],
        "unit": reference(links, "organisationUnits", unit.uuid, unit.code),
        "holder": objective.holder or None,
        "startsOn": objective.starts_on,
        "endsOn": objective.ends_on,
        "indicators": [_indicator_link(link, links) for link in objective.indicator_links.all()],
        "securityObjectives": [
            reference(
                links,
                "securityObjectives",
                link.security_objective.uuid,
                link.security_objective.code,
            )
            for link in objective.security_links.all()
        ],
        "fictional": objective.is_demo,
    }
