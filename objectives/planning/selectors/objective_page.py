"""What the page of one objective shows besides its reading, read together.

What hangs below it changes seldom: it is read for its whole plan year, table by table, and comes
from memory while that table is as it was. See ibzplan.core.steady.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import get_language

from ibzplan.core.clocks import Clocks
from ibzplan.core.models import HistoryEntry
from ibzplan.core.rewind import as_known, held_at
from ibzplan.core.selectors import instant_read
from ibzplan.core.steady import steady
from objectives.indicators.models import Indicator
from objectives.planning.models import (
    FinalEvaluation,
    Narrative,
    ObjectiveIndicator,
    ObjectiveLineage,
    ObjectiveSecurityLink,
    OperationalObjective,
    StatusOverride,
)
from objectives.planning.selectors.desks import history_known
from objectives.planning.selectors.narratives import narratives_known
from objectives.planning.selectors.parts import ObjectiveParts, objective_parts
from objectives.planning.selectors.readings import ObjectiveReading, readings_at
from objectives.planning.selectors.recorded import recorded_overrides
from objectives.planning.selectors.trends import TrendPoint, deviation_trend, trend_moments
from personnel.access import Access
from personnel.models import FunctionHolder

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
    key = (objective.plan_id, objective.pk)
    return _course(*key, clocks, access, rule_version, get_language())


@steady
def _course(
    plan_id: int,
    pk: int,
    clocks: Clocks,
    access: Access,
    rule_version: int,
    _language: str | None,
) -> Course:
    objective = _objectives(plan_id)[pk]
    moments = trend_moments(objective.plan.year, clocks)
    readings = readings_at([objective], moments, access=access, rule_version=rule_version)
    return Course(readings[-1][0], deviation_trend(zip(moments, readings, strict=True)))


@steady
def _objectives(plan_id: int) -> Mapping[int, OperationalObjective]:
    """Return the objectives of a plan year by key, as they are now."""
    return OperationalObjective.objects.filter(plan=plan_id).select_related(*_RELATED).in_bulk()


def below(objective: OperationalObjective, known_at: datetime) -> Below:
    """Return what hangs below an objective, whoever reads it.

    Fourteen queries at most, one more for an earlier moment; what a plan year has is steady.
    """
    return _below(objective.plan_id, objective.pk, objective.holder_id, known_at)


@steady
def _below(plan_id: int, pk: int, holder_pk: int | None, known_at: datetime) -> Below:
    objective = _objectives(plan_id)[pk]
    evaluations = [row for row in _evaluations(plan_id) if row.objective_id == pk]
    known = as_known([row for row in evaluations if row.created_at <= known_at], known_at)
    overrides = recorded_overrides([objective]).get(pk, ())
    return Below(
        parts=objective_parts([objective], known_at)[pk],
        has_lineage=any(
            pk in (row.predecessor_id, row.successor_id) and held_at(row, known_at)
            for row in _lineages()
        ),
        security_links=tuple(
            row for row in _security_links(plan_id).get(pk, ()) if held_at(row, known_at)
        ),
        narratives=tuple(narratives_known([objective], known_at).get(pk, ())),
        holders=tuple(as_known(_holders().get(holder_pk, ()), known_at)),
        evaluation=known[0] if known else None,
        confidential=_confidential(plan_id, pk, known_at) if known else (),
        overrides=tuple(row for row in reversed(overrides) if row.recorded_at <= known_at),
        history=history_known(objective.uuid, known_at)[:_HISTORY],
    )


@steady
def _evaluations(plan_id: int) -> tuple[FinalEvaluation, ...]:
    rows = FinalEvaluation.objects.filter(objective__plan=plan_id)
    related = rows.select_related("handed_in_by", "objective__plan")
    return tuple(related.annotate(read_at=instant_read()))


@steady
def _lineages() -> tuple[ObjectiveLineage, ...]:
    return tuple(ObjectiveLineage.objects.all())


@steady
def _security_links(plan_id: int) -> Mapping[int, Sequence[ObjectiveSecurityLink]]:
    """Return by objective of a plan year what it does or did for the NVP, in order."""
    rows = ObjectiveSecurityLink.objects.filter(objective__plan=plan_id)
    found: dict[int, list[ObjectiveSecurityLink]] = defaultdict(list)
    for row in rows.select_related("security_objective", "security_objective__theme"):
        found[row.objective_id].append(row)
    return found


def _confidential(plan_id: int, pk: int, known_at: datetime) -> tuple[Indicator, ...]:
    return tuple(
        link.indicator
        for link in _confidential_links(plan_id)
        if link.objective_id == pk and held_at(link, known_at)
    )


@steady
def _confidential_links(plan_id: int) -> tuple[ObjectiveIndicator, ...]:
    """Return the few confidential indicators that objectives of a plan year use or used."""
    rows = ObjectiveIndicator.objects.filter(
        objective__plan=plan_id, indicator__is_confidential=True
    )
    return tuple(rows.select_related("indicator"))


@steady
def _holders() -> Mapping[int | None, Sequence[FunctionHolder]]:
    """Return by management function who holds or held it, the last one first: a small table."""
    found: dict[int | None, list[FunctionHolder]] = defaultdict(list)
    for row in FunctionHolder.objects.select_related("user").annotate(read_at=instant_read()):
        found[row.function_id].append(row)
    return found
