"""What the objectives of a plan named at a moment."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import CharField, F, Value

from ibzplan.core.clocks import Clocks
from objectives.planning.models import (
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalPlan,
    TransversalKpi,
)


@dataclass(slots=True)
class AlignmentLinks:
    """What the objectives named then, by key; `kpis` are the transversal objectives with one."""

    indicators: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    goals: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    security: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    kpis: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def alignment_links(plan: OperationalPlan, clocks: Clocks) -> AlignmentLinks:
    """Return everything that the objectives of the plan named then: one query for four tables."""
    known = clocks.known_at
    indicators = ObjectiveIndicator.objects.known_at(known).filter(objective__plan=plan)
    goals = ObjectiveGoal.objects.known_at(known).filter(objective__plan=plan)
    security = ObjectiveSecurityLink.objects.known_at(known).filter(objective__plan=plan)
    kpis = TransversalKpi.objects.known_at(known).filter(objective__plan=plan.plan_id)
    parts = [
        rows.order_by()
        .annotate(kind=Value(kind, output_field=CharField()), other=F(column))
        .values_list("kind", "objective_id", "other")
        for kind, rows, column in (
            ("indicators", indicators, "indicator_id"),
            ("goals", goals, "goal_id"),
            ("security", security, "security_objective_id"),
            ("kpis", kpis, "indicator_id"),
        )
    ]
    links = AlignmentLinks()
    for kind, objective, other in parts[0].union(*parts[1:], all=True):
        getattr(links, kind)[objective].add(other)
    return links
