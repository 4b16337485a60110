"""Final evaluations of a plan year, and what still keeps the plan from being closed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import as_known
from ibzplan.core.steady import steady
from objectives.indicators import engine
from objectives.indicators.selectors import confidential_indicators
from objectives.planning.choices import (
    AmendmentState,
    EvaluationResult,
    EvaluationState,
    LineageKind,
    PlanState,
)
from objectives.planning.models import (
    Amendment,
    FinalEvaluation,
    ObjectiveIndicator,
    ObjectiveLineage,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.selectors.readings import (
    ObjectiveReading,
    indicator_is_visible,
    objective_readings,
)
from personnel.access import Access
from personnel.models import OrganisationUnit

# From this day of the plan year on a final evaluation can be written: (month, day).
EVALUATION_OPENS: Final = (11, 1)

# A result that says something else than the figures do.
CONTRADICTIONS: Final[Mapping[str, frozenset[str]]] = {
    EvaluationResult.ACHIEVED: frozenset(
        {
            engine.Status.AT_RISK.value,
            engine.Status.OFF_TRACK.value,
            engine.Status.NO_DATA.value,
        }
    ),
    EvaluationResult.NOT_ACHIEVED: frozenset(
        {engine.Status.ACHIEVED.value, engine.Status.ON_TRACK.value}
    ),
}


@dataclass(frozen=True, slots=True)
class EvaluationReading:
    """An objective with its evaluation as it stood; None when the reader sees none.

    `successors` are the objectives of the next plan in which it goes on.
    """

    reading: ObjectiveReading
    evaluation: FinalEvaluation | None
    successors: tuple[OperationalObjective, ...] = ()
    shows_status: bool = True

    @property
    def objective(self) -> OperationalObjective:
        """Return the objective as it stood."""
        return self.reading.objective

    @property
    def is_handed_in(self) -> bool:
        """Tell whether the head handed it in."""
        return self.evaluation is not None and self.evaluation.state == EvaluationState.HANDED_IN


@dataclass(frozen=True, slots=True)
class ClosingState:
    """What keeps a plan from being closed; all three empty when nothing does."""

    to_evaluate: tuple[OperationalObjective, ...]
    undecided: tuple[OperationalObjective, ...]
    amendments: tuple[Amendment, ...]

    @property
    def is_ready(self) -> bool:
        """Tell whether nothing stands in the way."""
        return not (self.to_evaluate or self.undecided or self.amendments)


def evaluation_opens_on(year: int) -> date:
    """Return the first day on which an objective of the plan year can be evaluated."""
    return date(year, *EVALUATION_OPENS)


def contradicts(result: str, status: str) -> bool:
    """Tell whether a result says something else than the computed status."""
    return status in CONTRADICTIONS.get(result, ())


def sees_evaluation(
    evaluation: FinalEvaluation, objective: OperationalObjective, access: Access
) -> bool:
    """Tell whether a reader of the objective reads its evaluation: a draft stays with the unit."""
    return (
        evaluation.state == EvaluationState.HANDED_IN
        or access.is_superuser
        or access.sees_drafts
        or access.plans_for(objective.unit_id)
    )


def evaluation_readings(
    readings: Sequence[ObjectiveReading], *, clocks: Clocks, access: Access
) -> list[EvaluationReading]:
    """Return each objective with its evaluation as known then: four queries at most, two a change.

    The frozen status rests on every indicator of the objective: who does not see a confidential
    one is not shown that status.
    """
    keys = [reading.objective.pk for reading in readings]
    rows = FinalEvaluation.objects.filter(
        objective__in=keys, created_at__lte=clocks.known_at
    ).select_related("handed_in_by")
    then = as_known(list(rows), clocks.known_at) if clocks.moment_kept else rows
    evaluations = {row.objective_id: row for row in then}
    successors = successors_of(keys, clocks.known_at, access)
    withheld = _with_hidden_indicators(keys, clocks.known_at, access)
    found = []
    for reading in readings:
        objective = reading.objective
        evaluation = evaluations.get(objective.pk)
        if evaluation is not None and not sees_evaluation(evaluation, objective, access):
            evaluation = None
        found.append(
            EvaluationReading(
                reading,
                evaluation,
                tuple(successors.get(objective.pk, ())),
                shows_status=objective.pk not in withheld,
            )
        )
    return found


def successors_of(
    objective_keys: Iterable[int], known_at: datetime, access: Access
) -> dict[int, list[OperationalObjective]]:
    """Return by objective those that continue it and that the user sees: one query."""
    found: dict[int, list[OperationalObjective]] = defaultdict(list)
    for link in (
        ObjectiveLineage.objects.known_at(known_at)
        .filter(
            predecessor__in=list(objective_keys),
            kind=LineageKind.CONTINUED,
            successor__in=OperationalObjective.objects.visible_to(access),
        )
        .select_related("successor", "successor__plan", "successor__unit")
        .order_by("successor__plan__year", "successor__code", "pk")
    ):
        found[link.predecessor_id].append(link.successor)
    return found


def continued_by(
    objectives: Iterable[OperationalObjective], known_at: datetime
) -> dict[int, list[UUID]]:
    """Return by objective the public ids of those of an earlier plan that it continued then.

    One query. Whether anyone may see those is not asked.
    """
    found: dict[int, list[UUID]] = defaultdict(list)
    links = ObjectiveLineage.objects.known_at(known_at).filter(
        successor__in=[row.pk for row in objectives], kind=LineageKind.CONTINUED
    )
    for successor, predecessor in links.order_by("predecessor_id", "pk").values_list(
        "successor_id", "predecessor__uuid"
    ):
        found[successor].append(predecessor)
    return found


def _with_hidden_indicators(
    objective_keys: Iterable[int], known_at: datetime, access: Access
) -> set[int]:
    """Return the objectives with an indicator that this reader may not see: one query at most."""
    hidden = [row.pk for row in confidential_indicators() if not indicator_is_visible(row, access)]
    if not hidden:
        return set()
    links = ObjectiveIndicator.objects.known_at(known_at).filter(
        objective__in=list(objective_keys), indicator__in=hidden
    )
    return set(links.values_list("objective_id", flat=True))


def evaluations_of_plan(
    plan: OperationalPlan,
    *,
    clocks: Clocks,
    access: Access,
    units: Iterable[OrganisationUnit],
) -> list[EvaluationReading]:
    """Return the objectives in force of these units with their evaluations, by unit and code."""
    rows = (
        OperationalObjective.objects.visible_to(access)
        .in_force_at(clocks.known_at)
        .filter(plan=plan, unit__in=[unit.pk for unit in units])
        .select_related("plan", "unit", "werf", "werf__objective")
        .order_by("unit__order", "unit__code", "code", "pk")
    )
    readings = objective_readings(list(rows), clocks=clocks, access=access)
    return evaluation_readings(readings, clocks=clocks, access=access)


@steady
def units_with_objectives() -> tuple[OrganisationUnit, ...]:
    """Return the units that have, or had, objectives in whatever plan, in order."""
    rows = OrganisationUnit.objects.filter(operational_objectives__isnull=False)
    return tuple(rows.distinct())


def continuations(
    objective: OperationalObjective, access: Access
) -> QuerySet[OperationalObjective]:
    """Return the objectives of its unit in next year's plan in which it can go on."""
    return (
        OperationalObjective.objects.visible_to(access)
        .filter(plan__year=objective.plan.year + 1, unit=objective.unit_id)
        .exclude(state=PlanState.WITHDRAWN)
        .select_related("plan")
        .order_by("code", "pk")
    )


def closing_state(plan: OperationalPlan) -> ClosingState:
    """Return what keeps the plan from being closed: two queries."""
    objectives = list(
        OperationalObjective.objects.filter(
            plan=plan, state__in=[PlanState.APPROVED, PlanState.SUBMITTED]
        )
        .select_related("unit", "final_evaluation")
        .order_by("code", "pk")
    )
    amendments = Amendment.objects.filter(
        plan=plan, state__in=[AmendmentState.DRAFT, AmendmentState.SUBMITTED]
    ).order_by("number", "pk")
    return ClosingState(
        to_evaluate=tuple(
            row for row in objectives if row.state == PlanState.APPROVED and not _is_evaluated(row)
        ),
        undecided=tuple(row for row in objectives if row.state == PlanState.SUBMITTED),
        amendments=tuple(amendments),
    )


def _is_evaluated(objective: OperationalObjective) -> bool:
    evaluation: FinalEvaluation | None = getattr(objective, "final_evaluation", None)
    return evaluation is not None and evaluation.state == EvaluationState.HANDED_IN


def evaluations_waiting(units: Iterable[int], today: date) -> QuerySet[OperationalObjective]:
    """Return the objectives in force of these units whose evaluation is still to be handed in."""
    last_year = today.year if today >= evaluation_opens_on(today.year) else today.year - 1
    done = FinalEvaluation.objects.filter(state=EvaluationState.HANDED_IN).values("objective")
    return (
        OperationalObjective.objects.filter(
            unit__in=list(units),
            state=PlanState.APPROVED,
            plan__state=PlanState.APPROVED,
            plan__year__lte=last_year,
        )
        .exclude(pk__in=done)
        .order_by("plan__year", "unit__order", "unit_id", "code", "pk")
    )
