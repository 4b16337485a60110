"""Pages of the strategic plan: overview, strategic objective, werf, and the parts to read."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from objectives.strategy.choices import ElementKind, PlanKind, WerfElementKind
from objectives.strategy.models import (
    CommunicationAction,
    Goal,
    Mission,
    Plan,
    PlanElement,
    StrategicObjective,
    Werf,
    WerfElement,
)
from objectives.strategy.selectors.organisation import MinisterRow, ministers_with_holders
from objectives.strategy.selectors.structure import (
    all_goals,
    all_source_plans,
    all_strategic_objectives,
    all_werven,
    elements_of_werf,
    werven_of,
)
from personnel.models import OrganisationUnit


def current_plan(kind: str, on: date | None = None) -> Plan | None:
    """Return the plan of that kind that holds on a day (today), or None before they are loaded.

    A plan that takes the place of another one does so on the day recorded with that one.
    """
    day = on or timezone.localdate()
    plans = (plan for plan in all_source_plans() if plan.kind == kind)
    return next((plan for plan in plans if _is_in_place(plan, day)), None)


def _is_in_place(plan: Plan, day: date) -> bool:
    if plan.predecessor is None:
        return True
    replaced_on = plan.predecessor.replaced_on
    return replaced_on is not None and replaced_on <= day


def plan_asked(code: str) -> Plan | None:
    """Return the strategic plan with that code, without one the current plan; None: unknown."""
    if not code:
        return current_plan(PlanKind.STRATEGIC)
    plans = (plan for plan in all_source_plans() if plan.kind == PlanKind.STRATEGIC)
    return next((plan for plan in plans if plan.code == code), None)


def elements_by_kind(plan: Plan, *kinds: ElementKind) -> dict[str, list[PlanElement]]:
    """Return the plan's elements of those kinds, in the plan's order; every kind has its list."""
    found: dict[str, list[PlanElement]] = {kind.value: [] for kind in kinds}
    for element in PlanElement.objects.filter(plan=plan, kind__in=kinds):
        found[element.kind].append(element)
    return found


def missions_of(plan: Plan) -> list[Mission]:
    """Return the core missions."""
    return list(Mission.objects.filter(plan=plan))


def communication_plan(plan: Plan) -> list[CommunicationAction]:
    """Return the rows of the communication plan."""
    return list(CommunicationAction.objects.filter(plan=plan))


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """How many of each the plan has."""

    missions: int
    objectives: int
    goals: int
    werven: int


@dataclass(frozen=True, slots=True)
class ObjectiveOutline:
    """A strategic objective with its two lists, which do not pair up."""

    objective: StrategicObjective
    goals: list[Goal]
    werven: list[Werf]


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The strategic plan on one page."""

    plan: Plan
    ministers: list[MinisterRow]
    missions: list[Mission]
    outline: list[ObjectiveOutline]

    @property
    def counts(self) -> PlanCounts:
        """Count what the page lists."""
        return PlanCounts(
            len(self.missions),
            len(self.outline),
            sum(len(part.goals) for part in self.outline),
            sum(len(part.werven) for part in self.outline),
        )


def overview_page(plan: Plan) -> OverviewPage:
    """Return the overview: two queries, whatever the size of the plan."""
    goals: dict[int, list[Goal]] = defaultdict(list)
    for goal in all_goals():
        goals[goal.objective_id].append(goal)
    werven: dict[int, list[Werf]] = defaultdict(list)
    for werf in all_werven():
        werven[werf.objective_id].append(werf)
    return OverviewPage(
        plan,
        [row for row in ministers_with_holders() if plan.code in row.minister.plan_codes],
        missions_of(plan),
        [
            ObjectiveOutline(objective, goals[objective.pk], werven[objective.pk])
            for objective in all_strategic_objectives()
            if objective.plan_id == plan.pk and objective.addendum_id is None
        ],
    )


@dataclass(frozen=True, slots=True)
class WerfRow:
    """A werf in a list, with the units that work on it (lead first)."""

    werf: Werf
    units: list[OrganisationUnit]
    element_count: int


@dataclass(frozen=True, slots=True)
class ObjectivePage:
    """A strategic objective with goals, werven, and the other objectives for moving on."""

    objective: StrategicObjective
    goals: list[Goal]
    werven: list[WerfRow]
    siblings: list[StrategicObjective]


def objective_page(plan: Plan, code: str) -> ObjectivePage | None:
    """Return the page of one strategic objective, None for a code that the plan has not."""
    siblings = list(
        StrategicObjective.objects.filter(plan=plan).select_related(
            "plan", "coalition_line", "addendum"
        )
    )
    objective = next((o for o in siblings if o.code == code), None)
    if objective is None:
        return None
    werven = Werf.objects.filter(objective=objective).prefetch_related(
        "unit_links__unit", "elements"
    )
    return ObjectivePage(
        objective,
        list(Goal.objects.filter(objective=objective)),
        [WerfRow(w, [x.unit for x in w.unit_links.all()], len(w.elements.all())) for w in werven],
        siblings,
    )


@dataclass(frozen=True, slots=True)
class WerfPage:
    """A werf with what the plan lists under it. The units are a working assignment of ours."""

    werf: Werf
    units: list[OrganisationUnit]
    elements: list[WerfElement]
    previous: Werf | None
    next: Werf | None

    @property
    def commitments(self) -> list[WerfElement]:
        """Return the commitments."""
        return [e for e in self.elements if e.kind == WerfElementKind.COMMITMENT]

    @property
    def pillars(self) -> list[WerfElement]:
        """Return the pillars."""
        return [e for e in self.elements if e.kind == WerfElementKind.PILLAR]


def werf_page(code: str, plan_code: str = "") -> WerfPage | None:
    """Return the page of one werf of a strategic plan, the current one unless it is named.

    None for an unknown code. Costs one query.
    """
    plan = plan_asked(plan_code)
    if plan is None:
        return None
    werven = werven_of(plan.pk)
    position = next((n for n, werf in enumerate(werven) if werf.code == code), None)
    if position is None:
        return None
    werf = werven[position]
    return WerfPage(
        werf,
        [link.unit for link in werf.unit_links.all()],
        list(elements_of_werf(werf.pk)),
        werven[position - 1] if position else None,
        werven[position + 1] if position + 1 < len(werven) else None,
    )
