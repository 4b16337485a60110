"""How the API shows the strategic plan."""

from typing import TypedDict
from uuid import UUID

from ibzplan.core.api.links import Links
from ibzplan.core.api.shapes import Localised, Reference, Source, localised, reference, source_of
from ibzplan.core.filtersets import camel
from objectives.strategy.models import Goal, Mission, Plan, PlanEntry, StrategicObjective, Werf


class PlanReference(TypedDict):
    """A plan: the strategic plan or the National Security Plan."""

    id: UUID
    code: str


class PlanEntryItem(TypedDict):
    """What every entry of a plan shows."""

    id: UUID
    code: str
    href: str
    title: Localised | None
    description: Localised | None
    order: int
    source: Source | None


class MissionItem(PlanEntryItem):
    """A kernopdracht."""

    plan: PlanReference
    law: Localised | None


class StrategicObjectiveItem(PlanEntryItem):
    """A strategische doelstelling."""

    plan: PlanReference
    coalitionLine: Localised | None


class GoalItem(PlanEntryItem):
    """A doel."""

    strategicObjective: Reference


class WerfElementItem(TypedDict):
    """A commitment or pillar under a werf."""

    id: UUID
    code: str
    kind: str
    title: Localised | None


class WerfItem(PlanEntryItem):
    """A werf."""

    strategicObjective: Reference
    units: list[Reference]
    elements: list[WerfElementItem]


def plan_reference(plan: Plan) -> PlanReference:
    """Return a plan's identity."""
    return {"id": plan.uuid, "code": plan.code}


def plan_entry_item(entry: PlanEntry, collection: str, links: Links) -> PlanEntryItem:
    """Return what every entry of a plan shows."""
    return {
        "id": entry.uuid,
        "code": entry.code,
        "href": links.to(collection, entry.uuid),
        "title": localised(entry.title),
        "description": localised(entry.description),
        "order": entry.order,
        "source": source_of(entry),
    }


def mission_item(mission: Mission, links: Links) -> MissionItem:
    """Needs `plan`."""
    return {
        **plan_entry_item(mission, "missions", links),
        "plan": plan_reference(mission.plan),
        "law": localised(mission.law),
    }


def strategic_objective_item(objective: StrategicObjective, links: Links) -> StrategicObjectiveItem:
    """Needs `plan` and `coalition_line`."""
    line = objective.coalition_line
    return {
        **plan_entry_item(objective, "strategicObjectives", links),
        "plan": plan_reference(objective.plan),
        "coalitionLine": localised(line.title) if line else None,
    }


def goal_item(goal: Goal, links: Links) -> GoalItem:
    """Needs `objective`."""
    above = goal.objective
    return {
        **plan_entry_item(goal, "goals", links),
        "strategicObjective": reference(links, "strategicObjectives", above.uuid, above.code),
    }


def werf_item(werf: Werf, links: Links) -> WerfItem:
    """Needs `objective`, and prefetched `unit_links__unit` and `elements`."""
    above = werf.objective
    return {
        **plan_entry_item(werf, "werven", links),
        "strategicObjective": reference(links, "strategicObjectives", above.uuid, above.code),
        "units": [
            reference(links, "organisationUnits", link.unit.uuid, link.unit.code)
            for link in werf.unit_links.all()
        ],
        "elements": [
            {
                "id": element.uuid,
                "code": element.code,
                "kind": camel(element.kind),
                "title": localised(element.title),
            }
            for element in werf.elements.all()
        ],
    }
