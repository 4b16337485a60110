"""What hangs below an objective, as known at a moment: activities, risks, links, lineage."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from ibzplan.core.clocks import Clocks
from ibzplan.core.querysets import KnownSpanQuerySet
from ibzplan.core.rewind import as_known, held_at
from ibzplan.core.selectors import instant_read
from ibzplan.core.steady import steady
from objectives.planning.choices import MilestoneState
from objectives.planning.models import (
    CoOwner,
    ObjectiveGoal,
    ObjectiveLineage,
    OperationalObjective,
    Risk,
)
from objectives.planning.selectors.judgements import objectives_seen
from objectives.planning.selectors.milestones import milestones_of
from objectives.strategy.models import Activity, Goal, Milestone
from personnel.access import Access
from personnel.models import FunctionHolder, OrganisationUnit

_TARGET: Final = OperationalObjective.type_name()


@dataclass(frozen=True, slots=True)
class ActivityParts:
    """An activity with its milestones, by due date."""

    activity: Activity
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectiveParts:
    """What hangs below one objective. Risks with the highest score come first."""

    activities: tuple[ActivityParts, ...] = ()
    risks: tuple[Risk, ...] = ()
    co_owners: tuple[OrganisationUnit, ...] = ()
    goals: tuple[Goal, ...] = ()
    predecessors: tuple[ObjectiveLineage, ...] = ()
    successors: tuple[ObjectiveLineage, ...] = ()

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """Return the milestones of all its activities, in the order of the activities."""
        return tuple(one for parts in self.activities for one in parts.milestones)


def objective_parts(
    objectives: Sequence[OperationalObjective],
    known_at: datetime,
    access: Access | None = None,
) -> dict[int, ObjectiveParts]:
    """Return by objective what hung below it at `known_at`, whatever their number.

    At most five queries, one more for what was changed since and one for each further plan year;
    what a plan year has is steady. And two for the lineage, which names other objectives: it is
    read only with the `access` of who reads it, and then names those that were there for that user
    to see.
    """
    plans = sorted({objective.plan_id for objective in objectives})
    changing = _changing(objectives, plans, known_at)
    activities, risks = _activities(changing), _by(_scored(changing), "objective_id")
    co_owners, goals = _co_owners(*plans), _goals(*plans)
    keys = [objective.pk for objective in objectives]
    links = _lineage(keys, known_at, access) if access is not None else []
    before, after = _by(links, "successor_id"), _by(links, "predecessor_id")
    return {
        objective.pk: ObjectiveParts(
            activities=tuple(activities.get(objective.uuid, ())),
            risks=tuple(risks.get(objective.pk, ())),
            co_owners=tuple(
                row.unit for row in co_owners.get(objective.pk, ()) if held_at(row, known_at)
            ),
            goals=tuple(row.goal for row in goals.get(objective.pk, ()) if held_at(row, known_at)),
            predecessors=tuple(before.get(objective.pk, ())),
            successors=tuple(after.get(objective.pk, ())),
        )
        for objective in objectives
    }


def _by(rows: Iterable[Any], name: str) -> dict[Any, list[Any]]:
    """Return the rows by the value of one column, in their order."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _changing(
    objectives: Sequence[OperationalObjective], plans: Sequence[int], known_at: datetime
) -> list[Activity | Milestone | Risk]:
    """Return activities, milestones and risks as they stood: what is reported changes the rows."""
    keys = {objective.pk for objective in objectives}
    uuids = {objective.uuid for objective in objectives}
    activities = [
        row for row in _activities_of(*plans) if row.target_uuid in uuids and held_at(row, known_at)
    ]
    of_these = {row.pk for row in activities}
    milestones = [
        row
        for plan_id in plans
        for row in milestones_of(plan_id)
        if row.activity_id in of_these and held_at(row, known_at)
    ]
    risks = [
        row for row in _risks_of(*plans) if row.objective_id in keys and held_at(row, known_at)
    ]
    return as_known([*activities, *milestones, *risks], known_at)


def _activities(rows: Iterable[Activity | Milestone | Risk]) -> dict[UUID, list[ActivityParts]]:
    rows = list(rows)
    milestones = [row for row in rows if isinstance(row, Milestone)]
    by_activity = _by(sorted(milestones, key=_due), "activity_id")
    found: dict[UUID, list[ActivityParts]] = defaultdict(list)
    for row in rows:
        if isinstance(row, Activity):
            own = tuple(by_activity.get(row.pk, ()))
            found[row.target_uuid].append(ActivityParts(row, own))
    return found


def _due(milestone: Milestone) -> tuple[date, int, int]:
    return milestone.due_on, milestone.order, milestone.pk


def _scored(rows: Iterable[Activity | Milestone | Risk]) -> list[Risk]:
    risks = [row for row in rows if isinstance(row, Risk)]
    return sorted(risks, key=lambda risk: (-risk.score, risk.order, risk.pk))


@steady
def _activities_of(*plans: int) -> tuple[Activity, ...]:
    """Return every activity that objectives of some plan years have or had, in their order."""
    objectives = OperationalObjective.objects.filter(plan__in=plans).order_by().values("uuid")
    rows = Activity.objects.filter(target_type=_TARGET, target_uuid__in=objectives)
    return tuple(rows.annotate(read_at=instant_read()).order_by("order", "pk"))


@steady
def _risks_of(*plans: int) -> tuple[Risk, ...]:
    """Return every risk that objectives of some plan years have or had."""
    rows = Risk.objects.filter(objective__plan__in=plans).annotate(read_at=instant_read())
    return tuple(rows.order_by("order", "pk"))


@steady
def _co_owners(*plans: int) -> Mapping[int, Sequence[CoOwner]]:
    """Return by objective of some plan years who shares it or did, by unit."""
    rows = CoOwner.objects.filter(objective__plan__in=plans).select_related("unit")
    return _by(rows.order_by("unit__order", "unit__code", "pk"), "objective_id")


@steady
def _goals(*plans: int) -> Mapping[int, Sequence[ObjectiveGoal]]:
    """Return by objective of some plan years the goals that it serves or did, in their order."""
    rows = ObjectiveGoal.objects.filter(objective__plan__in=plans)
    order = ("goal__objective__order", "goal__objective_id", "goal__order", "goal_id", "pk")
    return _by(rows.select_related("goal__objective").order_by(*order), "objective_id")


def _lineage(keys: Sequence[int], known_at: datetime, access: Access) -> list[ObjectiveLineage]:
    """Return the links between these and the objectives that this user could see then."""
    seen = objectives_seen(access, known_at).order_by().values("pk")
    rows = (
        ObjectiveLineage.objects.known_at(known_at)
        .filter(Q(predecessor__in=keys) | Q(successor__in=keys))
        .filter(predecessor__in=seen, successor__in=seen)
        .select_related("predecessor__plan", "successor__plan", "successor__unit")
    )
    return list(rows.order_by("predecessor__plan__year", "predecessor__code", "pk"))


def lineage_seen(
    pk: int, clocks: Clocks, access: Access
) -> tuple[tuple[ObjectiveLineage, ...], tuple[ObjectiveLineage, ...]]:
    """Return what an objective goes on from and what goes on from it, of what the user could see.

    Four queries at most, none while these are as the same reader found them.
    """
    return _lineage_seen(pk, clocks.moment_kept, access)


@steady
def _lineage_seen(
    pk: int, moment: datetime | None, access: Access
) -> tuple[tuple[ObjectiveLineage, ...], tuple[ObjectiveLineage, ...]]:
    known_at = moment or Clocks.now().known_at
    links = _lineage([pk], known_at, access)
    return (
        tuple(link for link in links if link.successor_id == pk),
        tuple(link for link in links if link.predecessor_id == pk),
    )


def activities_now(objective: OperationalObjective) -> KnownSpanQuerySet:
    """Return the activities that nobody withdrew."""
    return Activity.objects.current().filter(target_type=_TARGET, target_uuid=objective.uuid)


def milestone_state(milestone: Milestone, day: date) -> MilestoneState:
    """Return how a milestone stands on a day. What was done after that day is not done yet."""
    if milestone.done_on is not None and milestone.done_on <= day:
        is_late = milestone.done_on > milestone.due_on
        return MilestoneState.DONE_LATE if is_late else MilestoneState.DONE
    if milestone.due_on < day:
        return MilestoneState.LATE
    if milestone.forecast_on is not None and milestone.forecast_on > milestone.due_on:
        return MilestoneState.FORECAST_LATER
    return MilestoneState.DUE


def held_on(rows: Iterable[FunctionHolder], clocks: Clocks) -> FunctionHolder | None:
    """Return who of the holders of a function, as known, held it on the reference date."""
    day = clocks.reference_date
    held = [
        row
        for row in rows
        if row.created_at <= clocks.known_at or not clocks.moment_kept
        if (row.holds_from or date.min) <= day <= (row.holds_to or date.max)
    ]
    return held[0] if held else None
