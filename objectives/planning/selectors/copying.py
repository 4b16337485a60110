"""What a unit can take over from the plan of the year before."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from ibzplan.core.clocks import Clocks
from objectives.indicators.models import Indicator, Target
from objectives.planning.choices import LineageKind, PlanState
from objectives.planning.models import (
    ObjectiveIndicator,
    ObjectiveLineage,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.selectors.plan_years import all_plans
from objectives.planning.selectors.readings import ObjectiveReading, objective_readings
from personnel.access import Access
from personnel.models import OrganisationUnit


@dataclass(frozen=True, slots=True)
class CopyRow:
    """An objective of last year: its status at year end, its indicators, where it went on."""

    reading: ObjectiveReading
    continued_as: OperationalObjective | None

    @property
    def objective(self) -> OperationalObjective:
        """Return the objective of last year."""
        return self.reading.objective

    @property
    def indicators(self) -> list[Indicator]:
        """Return the indicators that the user may see in it."""
        return [one.link.indicator for one in self.reading.indicators]


@dataclass(frozen=True, slots=True)
class CopyPage:
    """Everything that the page shows; `previous` None when there was no plan the year before."""

    previous: OperationalPlan | None
    rows: list[CopyRow] = field(default_factory=list)
    without_target: list[ObjectiveIndicator] = field(default_factory=list)


def previous_plan(plan: OperationalPlan) -> OperationalPlan | None:
    """Return the operational plan of the year before, of this strategic plan if there is one."""
    rows = [row for row in all_plans() if row.year == plan.year - 1]
    same = [row for row in rows if row.plan_id == plan.plan_id]
    replaced = [row for row in rows if row.plan_id == plan.plan.predecessor_id]
    return next(iter([*same, *replaced]), None)


def copy_page(plan: OperationalPlan, units: Iterable[OrganisationUnit], access: Access) -> CopyPage:
    """Return the objectives that the units had last year, in a fixed number of queries."""
    own = [unit.pk for unit in units]
    missing = without_target(plan, own)
    previous = previous_plan(plan)
    if previous is None:
        return CopyPage(None, without_target=missing)
    objectives = list(
        OperationalObjective.objects.filter(plan=previous, unit__in=own)
        .exclude(state=PlanState.WITHDRAWN)
        .select_related("plan", "plan__plan", "werf", "werf__objective", "unit", "holder")
        .order_by("unit__order", "unit_id", "code", "pk")
    )
    now = Clocks.now()
    year_end = Clocks(min(date(previous.year, 12, 31), timezone.localdate()), now.known_at)
    readings = objective_readings(objectives, clocks=year_end, access=access)
    continued = continued_in(plan, objectives)
    rows = [CopyRow(reading, continued.get(reading.objective.pk)) for reading in readings]
    return CopyPage(previous, rows, missing)


def continued_in(
    plan: OperationalPlan, objectives: Iterable[OperationalObjective]
) -> dict[int, OperationalObjective]:
    """Return as which objective of the plan each of these goes on, by database key: one query."""
    links = ObjectiveLineage.objects.current().filter(
        predecessor__in=list(objectives), successor__plan=plan, kind=LineageKind.CONTINUED
    )
    return {link.predecessor_id: link.successor for link in links.select_related("successor")}


def has_target(indicator_ids: Iterable[int], since: date) -> set[int]:
    """Return which indicators have a final target that is due on or after a day: one query.

    The row recorded last for a date counts.
    """
    newest: dict[tuple[int, date], Target] = {}
    rows = Target.objects.filter(indicator__in=list(indicator_ids), due_on__gte=since)
    for row in rows.order_by("recorded_at", "pk"):
        newest[row.indicator_id, row.due_on] = row
    return {indicator_id for (indicator_id, _due_on), row in newest.items() if row.is_final}


def without_target(plan: OperationalPlan, unit_ids: Iterable[int]) -> list[ObjectiveIndicator]:
    """Return the indicators of open objectives that have no target for the plan year."""
    links = list(
        ObjectiveIndicator.objects.current()
        .filter(
            objective__plan=plan,
            objective__unit__in=list(unit_ids),
            objective__state__in=[PlanState.DRAFT, PlanState.SUBMITTED],
        )
        .select_related("objective", "indicator")
        .order_by("objective__code", "order", "pk")
    )
    aimed = has_target({link.indicator_id for link in links}, date(plan.year, 1, 1))
    return [link for link in links if link.indicator_id not in aimed]
