"""The werven of the strategic plans with the units that work on them: small tables, read once."""

from django.db.models import Prefetch

from ibzplan.core.steady import steady
from objectives.strategy.models import Goal, Plan, StrategicObjective, Werf, WerfElement, WerfUnit


@steady
def all_source_plans() -> tuple[Plan, ...]:
    """Return every strategic plan and security plan with its predecessor, the latest first."""
    return tuple(Plan.objects.select_related("predecessor").order_by("-starts_on", "-pk"))


@steady
def all_strategic_objectives() -> tuple[StrategicObjective, ...]:
    """Return every strategic objective with its plan and addendum, by plan and order."""
    return tuple(
        StrategicObjective.objects.select_related("plan", "coalition_line", "addendum").order_by(
            "plan_id", "order", "pk"
        )
    )


@steady
def all_werven() -> tuple[Werf, ...]:
    """Return every werf with its objective and plan, in the plans' order.

    `unit_links` holds its units, the lead first.
    """
    links = WerfUnit.objects.select_related("unit").order_by("order", "pk")
    return tuple(
        Werf.objects.select_related(
            "objective__plan", "objective__coalition_line", "objective__addendum"
        )
        .prefetch_related(Prefetch("unit_links", queryset=links))
        .order_by("objective__plan_id", "objective__order", "objective_id", "order", "pk")
    )


def werven_of(plan_id: int) -> tuple[Werf, ...]:
    """Return the werven of a plan, in its order: see all_werven."""
    return tuple(werf for werf in all_werven() if werf.objective.plan_id == plan_id)


@steady
def elements_of_werf(werf: int) -> tuple[WerfElement, ...]:
    """Return the commitments and pillars that the plan lists under a werf, in its order."""
    return tuple(WerfElement.objects.filter(werf=werf))


@steady
def all_goals() -> tuple[Goal, ...]:
    """Return every goal with its objective, in the plans' order."""
    return tuple(
        Goal.objects.select_related("objective").order_by(
            "objective__plan_id", "objective__order", "objective_id", "order", "pk"
        )
    )


def goals_of(plan_id: int) -> tuple[Goal, ...]:
    """Return the goals of a plan, in its order: see all_goals."""
    return tuple(goal for goal in all_goals() if goal.objective.plan_id == plan_id)
