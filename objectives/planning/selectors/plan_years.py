"""The operational plans there are: a few rows that every page asks for."""

from django.utils import timezone

from ibzplan.core.steady import steady
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalPlan


@steady
def all_plans() -> tuple[OperationalPlan, ...]:
    """Return every operational plan with its strategic plan, in their order."""
    return tuple(OperationalPlan.objects.select_related("plan"))


def plan_of_year(year: int | None) -> OperationalPlan | None:
    """Return the operational plan of a year, or None when there is none."""
    return next((plan for plan in all_plans() if plan.year == year), None)


def plan_years() -> list[int]:
    """Return the years that have a plan, in the order of the plans."""
    return [plan.year for plan in all_plans()]


def years_latest_first() -> list[int]:
    """Return the years that have a plan, each once, the latest first."""
    return sorted(set(plan_years()), reverse=True)


def current_plan(year: int | None) -> OperationalPlan | None:
    """Return the plan of a year, else the running one, else the latest.

    A plan that is in force before its year begins does not run yet.
    """
    if year is not None:
        return plan_of_year(year)
    plans = all_plans()
    in_force = [plan for plan in plans if plan.state == PlanState.APPROVED]
    begun = [plan for plan in in_force if plan.year <= timezone.localdate().year]
    return next(iter([*begun[:1], *in_force[-1:], *plans[:1]]), None)
