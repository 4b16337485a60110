"""What the page of one objective shows besides its reading, read together.

Its parts change seldom and whoever changes them passes the record clock: within a request that only
reads they come from memory while nothing was recorded. See ibzplan.core.steady.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language

from ibzplan.core.clocks import Clocks
from ibzplan.core.models import HistoryEntry
from ibzplan.core.rewind import as_known
from ibzplan.core.steady import steady
from objectives.indicators.models import Indicator, Measurement, Obligation, Target
from objectives.planning.models import (
    CoOwner,
    FinalEvaluation,
    Narrative,
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveLineage,
    ObjectiveSecurityLink,
    OperationalObjective,
    Risk,
    StatusOverride,
)
from objectives.planning.selectors.narratives import narratives_known
from objectives.planning.selectors.parts import ObjectiveParts, objective_parts
from objectives.planning.selectors.readings import ObjectiveReading, readings_at
from objectives.planning.selectors.trends import TrendPoint, deviation_trend, trend_moments
from objectives.strategy.models import Activity, Goal, Milestone
from personnel.access import Access
from personnel.models import FunctionHolder, OrganisationUnit

_RELATED: Final = ("plan__plan", "werf__objective", "unit", "sub_unit", "holder")
_HISTORY: Final = 50


@dataclass(frozen=True, slots=True)
class Course:
    """How an objective stands, and how its deviation ran over the plan year."""

    reading: ObjectiveReading
    trend: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True)
class Below:
    """What hangs below an objective as known at a moment, whoever reads it."""

    parts: ObjectiveParts
    has_lineage: bool
    security_links: tuple[ObjectiveSecurityLink, ...]
    narratives: tuple[Narrative, ...]
    holders: tuple[FunctionHolder, ...]
    evaluation: FinalEvaluation | None
    confidential: tuple[Indicator, ...]  # those that the evaluation rests on, when there is one
    overrides: tuple[StatusOverride, ...]
    history: tuple[HistoryEntry, ...]


def course_of(
    objective: OperationalObjective, *, clocks: Clocks, access: Access, rule_version: int
) -> Course:
    """Return the reading of an objective with its trend: five queries, one more for a past day.

    None while nothing was recorded since the same reader asked for the same.
    """
    return _course(objective.pk, clocks, access, rule_version, get_language())


@steady(
    OperationalObjective,
    ObjectiveIndicator,
    Indicator,
    Target,
    Obligation,
    Measurement,
    StatusOverride,
    OrganisationUnit,
)
def _course(
    pk: int, clocks: Clocks, access: Access, rule_version: int, _language: str | None
) -> Course:
    rows = OperationalObjective.objects.select_related(*_RELATED)
    objective = rows.get(pk=pk)
    moments = trend_moments(objective.plan.year, clocks)
    readings = readings_at([objective], moments, access=access, rule_version=rule_version)
    return Course(readings[-1][0], deviation_trend(zip(moments, readings, strict=True)))


def below(objective: OperationalObjective, known_at: datetime) -> Below:
    """Return what hangs below an objective, whoever reads it; at most thirteen queries.

    None while nothing was recorded since anyone asked for the same.
    """
    return _below(objective.pk, objective.uuid, objective.holder_id, known_at)


@steady(
    Activity,
    Milestone,
    Risk,
    CoOwner,
    Goal,
    ObjectiveGoal,
    ObjectiveLineage,
    ObjectiveSecurityLink,
    Narrative,
    FunctionHolder,
    FinalEvaluation,
    StatusOverride,
    HistoryEntry,
)
def _below(pk: int, uuid: UUID, holder_pk: int | None, known_at: datetime) -> Below:
    objective = OperationalObjective(pk=pk, uuid=uuid)
    evaluations = FinalEvaluation.objects.filter(objective=pk, created_at__lte=known_at)
    known = as_known(list(evaluations.select_related("handed_in_by", "objective__plan")), known_at)
    overrides = StatusOverride.objects.filter(objective=pk, recorded_at__lte=known_at)
    security = ObjectiveSecurityLink.objects.known_at(known_at).filter(objective=pk)
    return Below(
        parts=objective_parts([objective], known_at)[pk],
        has_lineage=_lineage(pk, known_at),
        security_links=tuple(
            security.select_related("security_objective", "security_objective__theme")
        ),
        narratives=tuple(narratives_known([objective], known_at).get(pk, ())),
        holders=_holders(holder_pk, known_at),
        evaluation=known[0] if known else None,
        confidential=_confidential(pk, known_at) if known else (),
        overrides=tuple(overrides.select_related("recorded_by").order_by("-recorded_at", "-pk")),
        history=_history(uuid, known_at),
    )


def _lineage(pk: int, known_at: datetime) -> bool:
    rows = ObjectiveLineage.objects.known_at(known_at)
    return rows.filter(Q(predecessor=pk) | Q(successor=pk)).exists()


def _confidential(pk: int, known_at: datetime) -> tuple[Indicator, ...]:
    links = ObjectiveIndicator.objects.known_at(known_at).filter(
        objective=pk, indicator__is_confidential=True
    )
    return tuple(link.indicator for link in links.select_related("indicator"))


def _holders(function_pk: int | None, known_at: datetime) -> tuple[FunctionHolder, ...]:
    if function_pk is None:
        return ()
    rows = FunctionHolder.objects.filter(function=function_pk).select_related("user")
    return tuple(as_known(list(rows), known_at))


def _history(uuid: UUID, known_at: datetime) -> tuple[HistoryEntry, ...]:
    rows = HistoryEntry.objects.filter(
        target_type=OperationalObjective.type_name(), target_uuid=uuid, at__lte=known_at
    )
    return tuple(rows.select_related("actor")[:_HISTORY])
