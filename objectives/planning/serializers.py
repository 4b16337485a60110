"""How the API shows operational plans and objectives."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, TypedDict
from uuid import UUID

from ibzplan.core.api.links import Links
from ibzplan.core.api.shapes import Localised, Reference, localised, reference
from ibzplan.core.clocks import Clocks
from ibzplan.core.filtersets import camel
from objectives.indicators import engine
from objectives.indicators.choices import SlotState
from objectives.indicators.models import Indicator
from objectives.indicators.selectors import SlotReading
from objectives.planning.models import (
    ObjectiveIndicator,
    OperationalObjective,
    OperationalPlan,
    Risk,
    StatusOverride,
)
from objectives.planning.selectors.parts import ActivityParts, ObjectiveParts
from objectives.planning.selectors.statuses import StatusRow
from objectives.strategy.serializers import PlanReference, plan_reference
from personnel.models import ManagementFunction

ATTAINMENT_DECIMALS: Final = 4
_ValueState = Literal["measured", "missing", "notApplicable", "notYetDue"]
_VALUE_STATES: Final[Mapping[SlotState, _ValueState]] = {
    SlotState.MEASURED: "measured",
    SlotState.MISSING: "missing",
    SlotState.NOT_APPLICABLE: "notApplicable",
    SlotState.NOT_YET_DUE: "notYetDue",
}


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


class MilestoneItem(TypedDict):
    """A dated step of an activity."""

    id: UUID
    title: Localised | None
    dueOn: date
    forecastOn: date | None
    doneOn: date | None


class ActivityItem(TypedDict):
    """A process, project or action that carries out an objective."""

    id: UUID
    kind: str
    title: Localised | None
    description: Localised | None
    startsOn: date | None
    endsOn: date | None
    milestones: list[MilestoneItem]


class RiskItem(TypedDict):
    """A risk; `likelihood` and `impact` from 1 (very low) to 5, `score` is their product."""

    id: UUID
    title: Localised | None
    likelihood: int
    impact: int
    score: int
    response: str
    measure: Localised | None


class Holder(TypedDict):
    """The management function that answers for it."""

    id: UUID
    code: str
    title: Localised | None


class OperationalObjectiveItem(TypedDict):
    """What a directorate will achieve within the year, in the words known at `asOf`."""

    id: UUID
    code: str
    href: str
    title: Localised | None
    description: Localised | None
    means: Localised | None
    state: str
    operationalPlan: YearReference
    strategicObjective: Reference
    werf: Reference
    goals: list[Reference]
    unit: Reference
    subUnit: Reference | None
    coOwners: list[Reference]
    holder: Holder | None
    origin: str | None
    originReference: str | None
    startsOn: date
    endsOn: date
    activities: list[ActivityItem]
    risks: list[RiskItem]
    indicators: list[IndicatorLink]
    securityObjectives: list[Reference]
    fictional: bool


class StatusStep(TypedDict):
    """One line of the explanation. Values are exact text: a fraction as 17/20, a date in ISO."""

    code: str
    values: dict[str, str]


class StatusSlot(TypedDict):
    """One period of the plan year: what is known of its figure.

    `awaitingValidation`: there is a figure that the caller may see once it is validated; until
    then it counts as missing.
    """

    period: str
    periodEnd: date
    dueOn: date
    valueState: _ValueState
    awaitingValidation: bool


class OverrideItem(TypedDict):
    """The status that the head of the unit puts beside the computed one; never rolled up.

    It speaks of reference dates from `holdsFrom` on.
    """

    status: str
    reason: str
    holdsFrom: date
    recordedAt: datetime


class StatusItem(TypedDict):
    """What the status engine answers of one objective or indicator within one plan year.

    `status` is always the computed one, `override` the head's own judgement of an objective.
    `attainment` is rounded to 4 decimals, and so are `actual` and `expected`, which are in the
    indicator's unit of measure at `measuredTo`. `slots` are an indicator's periods of that year.
    `asOf` is there when the request names it.
    """

    id: UUID
    href: str
    kind: str
    code: str
    operationalObjective: Reference | None
    indicator: Reference | None
    unit: Reference
    year: int
    referenceDate: date
    asOf: datetime | None
    status: str
    override: OverrideItem | None
    attainment: Decimal | None
    actual: Decimal | None
    expected: Decimal | None
    measuredTo: date | None
    slots: list[StatusSlot] | None
    stale: bool
    provisional: bool
    ruleVersion: int
    remarks: list[str]
    steps: list[StatusStep]
    fictional: bool


def year_reference(plan: OperationalPlan, links: Links) -> YearReference:
    """Return a reference to an operational plan."""
    return {"id": plan.uuid, "year": plan.year, "href": links.to("operationalPlans", plan.uuid)}


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


def _activity_item(parts: ActivityParts) -> ActivityItem:
    activity = parts.activity
    return {
        "id": activity.uuid,
        "kind": camel(activity.kind),
        "title": localised(activity.title),
        "description": localised(activity.description),
        "startsOn": activity.starts_on,
        "endsOn": activity.ends_on,
        "milestones": [
            {
                "id": milestone.uuid,
                "title": localised(milestone.title),
                "dueOn": milestone.due_on,
                "forecastOn": milestone.forecast_on,
                "doneOn": milestone.done_on,
            }
            for milestone in parts.milestones
        ],
    }


def _risk_item(risk: Risk) -> RiskItem:
    return {
        "id": risk.uuid,
        "title": localised(risk.title),
        "likelihood": risk.likelihood,
        "impact": risk.impact,
        "score": risk.score,
        "response": camel(risk.response),
        "measure": localised(risk.measure),
    }


def _holder(function: ManagementFunction | None) -> Holder | None:
    if function is None:
        return None
    return {"id": function.uuid, "code": function.code, "title": localised(function.title)}


def operational_objective_item(
    objective: OperationalObjective, parts: ObjectiveParts, links: Links
) -> OperationalObjectiveItem:
    """Needs `plan`, `unit`, `sub_unit`, `holder`, `werf__objective`; prefetched
    `indicator_links__indicator` (those the user may see), `security_links__security_objective`.
    """
    plan, werf, unit, sub_unit = objective.plan, objective.werf, objective.unit, objective.sub_unit
    above = werf.objective
    return {
        "id": objective.uuid,
        "code": objective.code,
        "href": links.to("operationalObjectives", objective.uuid),
        "title": localised(objective.title),
        "description": localised(objective.description),
        "means": localised(objective.means),
        "state": camel(objective.state),
        "operationalPlan": year_reference(plan, links),
        "strategicObjective": reference(links, "strategicObjectives", above.uuid, above.code),
        "werf": reference(links, "werven", werf.uuid, werf.code),
        "goals": [reference(links, "goals", goal.uuid, goal.code) for goal in parts.goals],
        "unit": reference(links, "organisationUnits", unit.uuid, unit.code),
        "subUnit": (
            reference(links, "organisationUnits", sub_unit.uuid, sub_unit.code)
            if sub_unit
            else None
        ),
        "coOwners": [
            reference(links, "organisationUnits", co_owner.uuid, co_owner.code)
            for co_owner in parts.co_owners
        ],
        "holder": _holder(objective.holder),
        "origin": camel(objective.origin) or None,
        "originReference": objective.origin_reference or None,
        "startsOn": objective.starts_on,
        "endsOn": objective.ends_on,
        "activities": [_activity_item(one) for one in parts.activities],
        "risks": [_risk_item(risk) for risk in parts.risks],
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


def _rounded(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(engine.render_decimal(value, ATTAINMENT_DECIMALS))


def _step(step: engine.Step) -> StatusStep:
    """Names and codes as elsewhere in the API; numbers and dates have no underscore to lose."""
    values = {camel(name): camel(value) for name, value in step.values.items()}
    return {"code": camel(step.code), "values": values}


def _override(row: StatusOverride | None) -> OverrideItem | None:
    if row is None:
        return None
    return {
        "status": camel(row.status),
        "reason": row.reason,
        "holdsFrom": row.holds_from,
        "recordedAt": row.recorded_at,
    }


def _slot(slot: SlotReading) -> StatusSlot:
    return {
        "period": str(slot.period),
        "periodEnd": slot.period.end,
        "dueOn": slot.due_on,
        "valueState": _VALUE_STATES[slot.state],
        "awaitingValidation": slot.is_withheld,
    }


def status_item(row: StatusRow, links: Links, clocks: Clocks) -> StatusItem:
    """Needs the objective's `unit` or the indicator's `owner`."""
    subject, status = row.subject, row.status
    figures = status if isinstance(status, engine.IndicatorStatus) else None
    is_indicator = isinstance(subject, Indicator)
    unit = subject.owner if isinstance(subject, Indicator) else subject.unit
    collection = "indicators" if is_indicator else "operationalObjectives"
    about = reference(links, collection, subject.uuid, subject.code)
    return {
        "id": subject.uuid,
        "href": f"{links.to('statuses', subject.uuid)}?year={row.year}",
        "kind": camel(row.kind),
        "code": subject.code,
        "operationalObjective": None if is_indicator else about,
        "indicator": about if is_indicator else None,
        "unit": reference(links, "organisationUnits", unit.uuid, unit.code),
        "year": row.year,
        "referenceDate": clocks.reference_date,
        # The present moment would make two equal answers differ, and no ETag would ever match.
        "asOf": clocks.moment_asked,
        "status": camel(status.status),
        "override": _override(row.override),
        "attainment": _rounded(status.attainment),
        "actual": _rounded(figures.actual) if figures else None,
        "expected": _rounded(figures.expected) if figures else None,
        "measuredTo": figures.measured_to if figures else None,
        "slots": [_slot(slot) for slot in row.slots] if figures else None,
        "stale": status.stale,
        "provisional": status.provisional,
        "ruleVersion": status.rule_version,
        "remarks": [camel(remark) for remark in status.remarks],
        "steps": [_step(step) for step in status.steps],
        "fictional": subject.is_demo,
    }
