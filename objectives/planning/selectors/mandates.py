"""The management functions, and what a holder of one is evaluated on (design.md section 6)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import as_known, rows_known
from objectives.indicators import engine
from objectives.planning.choices import EvaluationState
from objectives.planning.models import FinalEvaluation, OperationalObjective, OperationalPlan
from objectives.planning.selectors.judgements import objectives_seen, was_visible
from objectives.planning.selectors.readings import ObjectiveReading, objective_readings
from personnel.access import Access
from personnel.choices import Role
from personnel.models import FunctionHolder, ManagementFunction, User
from personnel.selectors import functions_known, held_between, holders_known


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """A function in the register: who holds it on the reference date, or None, and for how many
    objectives of the running plan that the reader may see it answers. Its page is readable to
    some only, see reads_mandate.
    """

    function: ManagementFunction
    holder: FunctionHolder | None
    objective_count: int
    is_ended: bool
    is_readable: bool


@dataclass(frozen=True, slots=True)
class MandateObjective:
    """An objective that the function answers for, with its final evaluation once handed in."""

    reading: ObjectiveReading
    evaluation: FinalEvaluation | None


@dataclass(frozen=True, slots=True)
class Mandate:
    """A function in one plan year: its holders of that year, and what it answers for.

    `withdrawn` are the objectives that an amendment took out of the plan: they count no more.
    """

    function: ManagementFunction
    year: int
    holders: tuple[FunctionHolder, ...]
    objectives: tuple[MandateObjective, ...]
    withdrawn: tuple[MandateObjective, ...]

    @property
    def counts(self) -> Mapping[engine.Status, int]:
        """Return how many objectives have which status; all six present."""
        return engine.distribution(row.reading.status.status for row in self.objectives)

    @property
    def evaluated_count(self) -> int:
        """Count the objectives whose final evaluation was handed in."""
        return sum(row.evaluation is not None for row in self.objectives)


def function_rows(
    clocks: Clocks, access: Access, user: User, plan: OperationalPlan | None
) -> list[FunctionRow]:
    """Return the register by unit, as known then: nine queries at most, whatever its length."""
    functions = functions_known(clocks)
    holders = holders_known(functions, clocks)
    counts = _objective_counts(clocks, access, plan)
    day = clocks.reference_date
    year = day.year if plan is None else plan.year
    return [
        FunctionRow(
            function,
            next((row for row in holders[function.pk] if held_between(row, day, day)), None),
            counts[function.pk],
            is_ended=function.valid_to is not None and function.valid_to < day,
            is_readable=reads_mandate(access, user, function, _held_in(holders[function.pk], year)),
        )
        for function in functions
    ]


def _objective_counts(
    clocks: Clocks, access: Access, plan: OperationalPlan | None
) -> Counter[int | None]:
    """Return by function the number of objectives that it answered for then."""
    if plan is None:
        return Counter()
    rows = list(objectives_seen(access, clocks.known_at).filter(plan=plan))
    then = as_known(rows, clocks.known_at)
    return Counter(row.holder_id for row in then if not row.is_withdrawn)


def function_known(code: str, clocks: Clocks) -> ManagementFunction | None:
    """Return a function as it stood, or None for a code that was not in the register then."""
    return next((row for row in functions_known(clocks) if row.code == code), None)


def reads_mandate(
    access: Access, user: User, function: ManagementFunction, holders: tuple[FunctionHolder, ...]
) -> bool:
    """Tell whether the user reads what the holders of a function are evaluated on.

    That is a holder of that year; the planners and the head of the unit; the corporate cell, the
    committee and the auditor; and the cabinet of a minister to whom the unit answers (section 9).
    """
    return (
        access.has(Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR)
        or access.plans_for(function.unit_id)
        or any(row.user_id == user.pk for row in holders)
        or (access.has(Role.CABINET) and function.unit_id in access.minister_unit_ids)
    )


def holders_of_year(
    function: ManagementFunction, year: int, clocks: Clocks
) -> tuple[FunctionHolder, ...]:
    """Return who held the function in a year, the first one first: two queries at most."""
    return _held_in(holders_known([function], clocks)[function.pk], year)


def _held_in(holders: Iterable[FunctionHolder], year: int) -> tuple[FunctionHolder, ...]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return tuple(row for row in holders if held_between(row, first, last))


def mandate(
    function: ManagementFunction,
    plan: OperationalPlan,
    holders: tuple[FunctionHolder, ...],
    *,
    clocks: Clocks,
    access: Access,
) -> Mandate:
    """Return what a function answers for in a plan year, as known then."""
    own = _answered_for(function, plan, clocks, access)
    readings = objective_readings(own, clocks=clocks, access=access)
    evaluations = _evaluations(own, clocks)
    found = [
        MandateObjective(reading, evaluations.get(reading.objective.pk))
        for reading in readings
        if was_visible(reading.objective, access, clocks.known_at)
    ]
    by_withdrawn: dict[bool, list[MandateObjective]] = defaultdict(list)
    for row in found:
        by_withdrawn[row.reading.objective.is_withdrawn].append(row)
    return Mandate(
        function, plan.year, holders, tuple(by_withdrawn[False]), tuple(by_withdrawn[True])
    )


def _answered_for(
    function: ManagementFunction, plan: OperationalPlan, clocks: Clocks, access: Access
) -> list[OperationalObjective]:
    """Return the objectives that the user sees and for which the function answered then."""
    moment = clocks.known_at
    known = (
        objectives_seen(access, moment)
        if clocks.moment_kept
        else OperationalObjective.objects.visible_to(access)
    )
    rows = list(
        known.filter(plan=plan)
        .select_related("plan", "unit", "werf", "werf__objective")
        .order_by("werf__objective__order", "werf__order", "code", "pk")
    )
    # Who answers for it may have changed since: what the history says counts.
    then = as_known(rows, moment) if clocks.moment_kept else rows
    held = {row.pk for row in then if row.holder_id == function.pk}
    return [row for row in rows if row.pk in held]


def _evaluations(
    objectives: list[OperationalObjective], clocks: Clocks
) -> dict[int, FinalEvaluation]:
    """Return by objective the final evaluation that had been handed in then: two queries."""
    rows = FinalEvaluation.objects.filter(objective__in=[row.pk for row in objectives])
    then = rows_known(rows, clocks.moment_kept)
    return {row.objective_id: row for row in then if row.state == EvaluationState.HANDED_IN}
