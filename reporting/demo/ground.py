"""The real rows that the demo hangs on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from objectives.security.models import SecurityObjective
from objectives.strategy.models import Goal, Plan, Werf
from personnel.models import OrganisationUnit, SupervisingMinister
from reporting.demo.content import DemoContent
from reporting.demo.errors import DemoUnavailable

if TYPE_CHECKING:
    from django.db import models

PLAN_CODE: Final = "SP2025"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The strategic plan and what belongs to it, each by its code; the plans themselves too."""

    plan: Plan
    plans: Mapping[str, Plan]
    werven: Mapping[str, Werf]
    units: Mapping[str, OrganisationUnit]
    ministers: Mapping[str, SupervisingMinister]
    goals: Mapping[str, Goal]
    security_objectives: Mapping[str, SecurityObjective]


def ground_find(content: DemoContent, today: date) -> Ground:
    """Return the real rows. Raises DemoUnavailable naming every one that is missing."""
    plan = Plan.objects.filter(code=PLAN_CODE).first()
    if plan is None:
        raise DemoUnavailable(
            f"There is no plan {PLAN_CODE}. Load the real plans first: manage.py load_plans"
        )
    first, last = plan.starts_on.year + 1, plan.ends_on.year - 1
    if not first <= today.year <= last:
        raise DemoUnavailable(
            f"{today} does not fit: the demo needs a day from {first} to {last}, so that the "
            f"years before and after lie within the plan."
        )
    years = [today.year - 1, today.year, today.year + 1]
    taken = plan.operational_plans.filter(year__in=years).values_list("year", flat=True)
    if taken:
        raise DemoUnavailable(
            f"There is a real operational plan already of {', '.join(map(str, sorted(taken)))}. "
            f"The demo would stand in its place; use another database for it."
        )
    everything = (*content.objectives, *content.drafts)
    return Ground(
        plan=plan,
        plans=_by_code(Plan.objects.all(), {o.plan for o in content.reports.issued if o.plan}),
        werven=_by_code(Werf.objects.filter(objective__plan=plan), {o.werf for o in everything}),
        units=_by_code(OrganisationUnit.objects.all(), set(content.unit_codes)),
        ministers=_by_code(
            SupervisingMinister.objects.all(), {a.minister for a in content.accounts if a.minister}
        ),
        goals=_by_code(Goal.objects.filter(objective__plan=plan), set()),
        security_objectives=_by_code(SecurityObjective.objects.all(), set()),
    )


def _by_code(rows: "models.QuerySet[Any]", needed: set[str]) -> dict[str, Any]:
    found = {row.code: row for row in rows}
    missing = sorted(needed - found.keys())
    if missing:
        name = rows.model._meta.verbose_name
        raise DemoUnavailable(
            f"Missing of {name}: {', '.join(missing)}. "
            f"Load the real plans first: manage.py load_plans"
        )
    return found
