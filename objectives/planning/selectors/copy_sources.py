"""What hangs below objectives of the year before, and what of it the new year still offers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from objectives.planning.models import (
    CoOwner,
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
    Risk,
)
from objectives.planning.selectors.offers import (
    co_owners_possible,
    goals_offered,
    holders_offered,
    sub_units_offered,
)
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Activity, Goal, Milestone, Werf
from personnel.models import OrganisationUnit


@dataclass(slots=True)
class CopySource:
    """Everything below one objective that can go on in the next year."""

    security_objectives: list[SecurityObjective] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    co_owners: list[OrganisationUnit] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    risks: list[Risk] = field(default_factory=list)
    indicator_links: list[ObjectiveIndicator] = field(default_factory=list)


def copy_sources(objectives: Sequence[OperationalObjective]) -> dict[int, CopySource]:
    """Return by objective what can go on, of the milestones those not done: seven queries."""
    found = {objective.pk: CopySource() for objective in objectives}
    keys = list(found)
    for security in _current(ObjectiveSecurityLink, keys, "security_objective"):
        found[security.objective_id].security_objectives.append(security.security_objective)
    for goal in _current(ObjectiveGoal, keys, "goal"):
        found[goal.objective_id].goals.append(goal.goal)
    for co_owner in _current(CoOwner, keys, "unit"):
        found[co_owner.objective_id].co_owners.append(co_owner.unit)
    for risk in _current(Risk, keys):
        found[risk.objective_id].risks.append(risk)
    for link in _current(ObjectiveIndicator, keys, "indicator", "indicator__owner"):
        found[link.objective_id].indicator_links.append(link)
    _activities(objectives, found)
    return found


def _current(model: type[Any], keys: Iterable[int], *related: str) -> QuerySet[Any]:
    """Return the rows of some objectives that hold now, in their own order."""
    rows: QuerySet[Any] = model.objects.current().filter(objective__in=keys)
    return rows.select_related(*related) if related else rows


def _activities(objectives: Sequence[OperationalObjective], found: dict[int, CopySource]) -> None:
    by_uuid = {objective.uuid: found[objective.pk] for objective in objectives}
    by_activity: dict[int, CopySource] = {}
    for activity in Activity.objects.current().filter(
        target_type=OperationalObjective.type_name(), target_uuid__in=list(by_uuid)
    ):
        by_activity[activity.pk] = by_uuid[activity.target_uuid]
        by_activity[activity.pk].activities.append(activity)
    for milestone in Milestone.objects.current().filter(
        activity__in=list(by_activity), done_on=None
    ):
        by_activity[milestone.activity_id].milestones.append(milestone)


class CopyOffers:
    """What objectives of a plan year can name, each list asked for once, when it is needed."""

    def __init__(self, plan: OperationalPlan) -> None:
        """Keep the plan; nothing is asked for yet."""
        self.plan = plan
        self._holders: dict[int, frozenset[int]] = {}
        self._sub_units: dict[int, frozenset[int]] = {}
        self._goals: frozenset[int] | None = None
        self._co_owners: frozenset[int] | None = None
        self._werven: dict[int, list[Werf]] | None = None

    def holders(self, unit: OrganisationUnit) -> frozenset[int]:
        """Return the keys of the functions that can answer for objectives of a unit."""
        if unit.pk not in self._holders:
            rows = holders_offered([unit], self.plan.year)
            self._holders[unit.pk] = frozenset(row.pk for row in rows)
        return self._holders[unit.pk]

    def sub_units(self, unit: OrganisationUnit) -> frozenset[int]:
        """Return the keys of the units below a unit."""
        if unit.pk not in self._sub_units:
            rows = sub_units_offered([unit], self.plan.year)
            self._sub_units[unit.pk] = frozenset(rows.values_list("pk", flat=True))
        return self._sub_units[unit.pk]

    def goals(self) -> frozenset[int]:
        """Return the keys of the goals of the strategic plan."""
        if self._goals is None:
            self._goals = frozenset(goals_offered(self.plan).values_list("pk", flat=True))
        return self._goals

    def co_owners(self) -> frozenset[int]:
        """Return the keys of the units that own objectives."""
        if self._co_owners is None:
            rows = co_owners_possible(self.plan.year)
            self._co_owners = frozenset(rows.values_list("pk", flat=True))
        return self._co_owners

    def successors(self, werf: Werf) -> list[Werf]:
        """Return the werven of the strategic plan that took the place of an earlier one."""
        if self._werven is None:
            found: dict[int, list[Werf]] = defaultdict(list)
            through = Werf.objects.filter(objective__plan=self.plan.plan_id)
            for row in through.prefetch_related("predecessors"):
                for predecessor in row.predecessors.all():
                    found[predecessor.pk].append(row)
            self._werven = dict(found)
        return self._werven.get(werf.pk, [])
