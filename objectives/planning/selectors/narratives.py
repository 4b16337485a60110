"""What units tell of their objectives, period by period, and which of it is still to be written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Prefetch, QuerySet

from ibzplan.core.rewind import as_known, held_at
from ibzplan.core.selectors import instant_read
from ibzplan.core.steady import steady
from objectives.indicators.periods import Period
from objectives.planning.choices import PlanState
from objectives.planning.models import Narrative, OperationalObjective
from personnel.access import Access

QUARTER: Final = "T"


@dataclass(frozen=True, slots=True)
class PeriodNarrative:
    """A quarter of the plan year that has begun, with what was told of it; None: nothing yet."""

    period: Period
    narrative: Narrative | None
    is_over: bool


def quarters_of(year: int) -> list[Period]:
    """Return the quarters of a plan year, the first one first."""
    return [Period(date(year, month, 1), QUARTER) for month in (1, 4, 7, 10)]


def quarters_ended(objective: OperationalObjective, day: date) -> list[Period]:
    """Return the quarters of its plan year that are over on a day and in which it ran."""
    begins = objective.starts_on or date(objective.plan.year, 1, 1)
    return [one for one in quarters_of(objective.plan.year) if begins <= one.end < day]


def narratives_known(
    objectives: Iterable[OperationalObjective], known_at: datetime
) -> dict[int, list[Narrative]]:
    """Return by key of the objective what was told of it by then, the first period first.

    One query, and for an earlier moment one for what was translated since; those of a plan year are
    steady.
    """
    wanted = {objective.pk: objective.plan_id for objective in objectives}
    rows = _narratives_of(*sorted(set(wanted.values()))) if wanted else ()
    held = [row for row in rows if row.objective_id in wanted and held_at(row, known_at)]
    found: dict[int, list[Narrative]] = {}
    for row in as_known(held, known_at):
        found.setdefault(row.objective_id, []).append(row)
    return found


@steady
def _narratives_of(*plans: int) -> tuple[Narrative, ...]:
    """Return everything that was ever told of the objectives of some plan years."""
    rows = Narrative.objects.filter(objective__plan__in=plans).select_related("written_by")
    order = ("objective_id", "period_start", "resolution", "pk")
    return tuple(rows.annotate(read_at=instant_read()).order_by(*order))


def narrative_now(objective: OperationalObjective, period: Period) -> Narrative | None:
    """Return what is told of a period now, None when nothing is: one query."""
    rows = Narrative.objects.current().filter(objective=objective)
    found: Narrative | None = (
        rows.filter(period_start=period.start, resolution=period.resolution)
        .select_related("written_by")
        .first()
    )
    return found


def by_period(
    objective: OperationalObjective, narratives: Sequence[Narrative], day: date
) -> list[PeriodNarrative]:
    """Return the quarters that had begun on a day, each with what was told of it."""
    told = {row.period: row for row in narratives}
    return [
        PeriodNarrative(one, told.get(one), is_over=one.end < day)
        for one in quarters_of(objective.plan.year)
        if one.start <= day
    ]


@steady
def narratives_missing(
    access: Access, day: date
) -> tuple[tuple[OperationalObjective, tuple[Period, ...]], ...]:
    """Return the objectives of the user's units with the quarters that nobody told of: two queries.

    Of objectives in force, in a plan that is not closed. None when it is known (see steady).
    """
    written = Prefetch("narratives", Narrative.objects.current(), to_attr="told")
    rows = _own_in_force(access).select_related("plan", "unit").prefetch_related(written)
    found: list[tuple[OperationalObjective, tuple[Period, ...]]] = []
    for row in rows.order_by("plan__year", "unit__order", "unit_id", "code", "pk"):
        told = {one.period for one in row.told}
        left = tuple(one for one in quarters_ended(row, day) if one not in told)
        if left:
            found.append((row, left))
    return tuple(found)


def narratives_missing_count(access: Access, day: date) -> int:
    """Return of how many quarters nobody told yet: two queries."""
    return sum(len(left) for _objective, left in narratives_missing(access, day))


def _own_in_force(access: Access) -> QuerySet[OperationalObjective]:
    units = [pk for pk in access.unit_ids if access.plans_for(pk)]
    rows: QuerySet[OperationalObjective] = OperationalObjective.objects.filter(
        unit__in=units, state=PlanState.APPROVED
    )
    return rows.exclude(plan__state=PlanState.CLOSED)
