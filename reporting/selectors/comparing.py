"""A plan year at two moments: what moved, what was restated, what amendments changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from fractions import Fraction

from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.steady import FEW, steady
from objectives.indicators import engine
from objectives.planning.models import (
    AmendmentChange,
    Narrative,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.selectors import ObjectiveReading, WerfReading, werf_reading
from objectives.planning.selectors.amendments import approved_changes
from objectives.planning.selectors.milestones import milestones_between
from objectives.planning.selectors.narratives import narratives_known
from objectives.planning.selectors.readings import in_force_then, readings_at
from objectives.strategy.models import StrategicObjective, Werf
from objectives.strategy.selectors.structure import all_werven
from personnel.access import Access
from personnel.models import OrganisationUnit, SupervisingMinister
from reporting.choices import MovementKind
from reporting.selectors.dashboard import statuses_of
from reporting.selectors.movements import Movement, movements_between
from reporting.selectors.restated import RestatedFigure, restated_figures
from reporting.selectors.units_asked import units_asked


@dataclass(frozen=True, slots=True)
class CompareFilter:
    """What the address asks to see. None and '' mean all; `status` is the one after, or a group."""

    plan: OperationalPlan
    minister: SupervisingMinister | None = None
    unit: OrganisationUnit | None = None
    status: str = ""
    kind: str = ""

    def keeps(self, movement: Movement) -> bool:
        """Tell whether a movement is asked for."""
        fits_kind = not self.kind or movement.kind == self.kind
        return fits_kind and (not self.status or movement.to_status in statuses_of(self.status))

    def keeps_still(self, reading: ObjectiveReading) -> bool:
        """Tell whether an objective that did not move is asked for."""
        return not self.kind and (
            not self.status or reading.status.status in statuses_of(self.status)
        )


@dataclass(frozen=True, slots=True)
class StillReading:
    """An objective that did not move; its figures may have."""

    before: ObjectiveReading
    after: ObjectiveReading


@dataclass(frozen=True, slots=True)
class WerfMovements:
    """A werf at both moments, with what is asked for below it."""

    werf: Werf
    before: WerfReading
    after: WerfReading
    movements: tuple[Movement, ...]
    still: tuple[StillReading, ...]


@dataclass(frozen=True, slots=True)
class StrategicMovements:
    """A strategic objective with its werven, in the order of the plan."""

    objective: StrategicObjective
    werven: tuple[WerfMovements, ...]

    @property
    def moved(self) -> tuple[WerfMovements, ...]:
        """Return the werven below which something moved."""
        return tuple(row for row in self.werven if row.movements)

    @property
    def still(self) -> tuple[StillReading, ...]:
        """Return what did not move below it."""
        return tuple(one for row in self.werven for one in row.still)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything the page of two moments shows.

    The counts are those of all objectives of the minister and the directorate; status and kind
    choose which of them are listed.
    """

    filter: CompareFilter
    before: Clocks
    after: Clocks
    counts_before: Mapping[engine.Status, int]
    counts_after: Mapping[engine.Status, int]
    kinds: Mapping[MovementKind, int]
    unchanged: int
    groups: tuple[StrategicMovements, ...]
    restated: tuple[RestatedFigure, ...]
    amendments: tuple[AmendmentChange, ...]

    @property
    def movements(self) -> tuple[Movement, ...]:
        """Return the movements that are asked for, in the order of the plan."""
        return tuple(
            movement for group in self.groups for row in group.werven for movement in row.movements
        )

    @property
    def moved(self) -> int:
        """Return how many objectives moved, whatever is asked for."""
        return sum(self.kinds.values())

    @property
    def total(self) -> int:
        """Return how many objectives there are at either moment."""
        return self.moved + self.unchanged


def deviation_of(reading: ObjectiveReading | None) -> Fraction | None:
    """Return realised minus expected progress, as a share (0.05 is 5 percentage points)."""
    progress = reading.progress if reading else None
    return progress.deviation if progress else None


def comparison(
    *, filter_: CompareFilter, before: Clocks, after: Clocks, access: Access
) -> Comparison:
    """Return what moved between two moments of a plan year that the user may see at both.

    Each moment shows the objectives that were in force then. A minister's objectives are those of
    the units that answer to the minister at the later moment. As many queries as one reading
    takes; what units told is kept (see steady).
    """
    objectives = _objectives(filter_.plan, access, before, after)
    then, now = _shown(objectives, filter_, before, after, access)
    changes = approved_changes(filter_.plan, before.known_at, after.known_at, access)
    moved = movements_between(
        then,
        now,
        amended=changes,
        narratives=told_since(objectives, before, after),
        milestones=milestones_between(filter_.plan.pk, before, after),
    )
    shown = {reading.objective.pk for reading in (*then, *now)}
    return Comparison(
        filter=filter_,
        before=before,
        after=after,
        counts_before=engine.distribution(reading.status.status for reading in then),
        counts_after=engine.distribution(reading.status.status for reading in now),
        kinds={kind: sum(one.kind == kind for one in moved) for kind in MovementKind},
        unchanged=len(shown) - len(moved),
        groups=_groups(filter_, then, now, moved),
        restated=restated_figures(then, now),
        amendments=_important(filter_, before, after, access, shown),
    )


def _objectives(
    plan: OperationalPlan, access: Access, before: Clocks, after: Clocks
) -> list[OperationalObjective]:
    """Return what was in force at one of the moments, in the order of the plan: one query."""
    rows = (
        OperationalObjective.objects.visible_to(access)
        .filter(plan=plan)
        .select_related("plan", "unit", "holder", "werf")
        .order_by("werf__objective__order", "werf__order", "code", "pk")
    )
    moments = (before.known_at, after.known_at)
    return [row for row in rows if any(in_force_then(row, moment) for moment in moments)]


def _shown(
    objectives: Sequence[OperationalObjective],
    filter_: CompareFilter,
    before: Clocks,
    after: Clocks,
    access: Access,
) -> tuple[list[ObjectiveReading], list[ObjectiveReading]]:
    """Return the readings of both moments of the objectives that the units had at either."""
    then, now = readings_at(objectives, [before, after], access=access)
    units = units_asked(filter_, after)
    asked = {
        reading.objective.pk
        for reading in (*then, *now)
        if units is None or reading.objective.unit_id in units
    }
    in_then = {row.pk for row in objectives if in_force_then(row, before.known_at)}
    in_now = {row.pk for row in objectives if in_force_then(row, after.known_at)}
    return (
        [one for one in then if one.objective.pk in asked & in_then],
        [one for one in now if one.objective.pk in asked & in_now],
    )


@steady
def _narratives_now(plan_id: int) -> Mapping[int, Sequence[Narrative]]:
    """Return by objective what is told now, the first period first: one query."""
    rows = Narrative.objects.current().filter(objective__plan=plan_id)
    found: dict[int, list[Narrative]] = {}
    for row in rows.order_by("objective_id", "period_start", "resolution", "pk"):
        found.setdefault(row.objective_id, []).append(row)
    return found


@steady(most=FEW)
def _narratives_then(plan_id: int, known_at: datetime) -> Mapping[int, Sequence[Narrative]]:
    """Return by objective what was told by then, as it was then: three queries."""
    return narratives_known(list(OperationalObjective.objects.filter(plan=plan_id)), known_at)


def _narratives(
    objectives: Sequence[OperationalObjective], after: Clocks
) -> Mapping[int, Sequence[Narrative]]:
    """Return what was told by the later moment; no query when it is known (see steady)."""
    keys = {objective.pk for objective in objectives}
    plans = {objective.plan_id for objective in objectives}
    told = [
        _narratives_then(plan, after.known_at) if after.pinned_known else _narratives_now(plan)
        for plan in plans
    ]
    return {pk: rows for one in told for pk, rows in one.items() if pk in keys}


def told_since(
    objectives: Sequence[OperationalObjective], before: Clocks, after: Clocks
) -> dict[int, list[Narrative]]:
    """Return by objective what its unit told of the periods in between, or told since.

    No query when it is known (see steady).
    """
    return {
        pk: kept
        for pk, rows in _narratives(objectives, after).items()
        if (
            kept := [
                row
                for row in rows
                if row.period.start <= after.reference_date
                and (row.period.end > before.reference_date or row.known_from > before.known_at)
            ]
        )
    }


def _important(
    filter_: CompareFilter, before: Clocks, after: Clocks, access: Access, shown: set[int]
) -> tuple[AmendmentChange, ...]:
    """Return the important changes between both moments that speak of what is shown."""
    rows = approved_changes(filter_.plan, _until(before), _until(after), access)
    narrowed = filter_.minister is not None or filter_.unit is not None
    return tuple(row for row in rows if row.is_important and (not narrowed or _speaks(row, shown)))


def _speaks(change: AmendmentChange, shown: set[int]) -> bool:
    rows: Iterable[OperationalObjective] = (*change.objectives.all(), *change.results.all())
    return any(row.pk in shown for row in rows)


def _until(clocks: Clocks) -> datetime:
    """Return up to when a moment speaks of decisions: what was known, or the end of the day.

    Two reference dates as both are known now have the decisions of the days in between.
    """
    if clocks.pinned_known:
        return clocks.known_at
    end_of_day = timezone.make_aware(datetime.combine(clocks.reference_date, time.max))
    return min(end_of_day, clocks.known_at)


def _groups(
    filter_: CompareFilter,
    then: Sequence[ObjectiveReading],
    now: Sequence[ObjectiveReading],
    moved: Sequence[Movement],
) -> tuple[StrategicMovements, ...]:
    """Return the werven of the plan with what is asked for, by strategic objective."""
    groups: dict[int, list[WerfMovements]] = {}
    heads: dict[int, StrategicObjective] = {}
    for werf in all_werven():
        row = _werf_movements(werf, filter_, then, now, moved)
        if row.movements or row.still:
            heads[werf.objective_id] = werf.objective
            groups.setdefault(werf.objective_id, []).append(row)
    return tuple(StrategicMovements(heads[pk], tuple(rows)) for pk, rows in groups.items())


def _werf_movements(
    werf: Werf,
    filter_: CompareFilter,
    then: Sequence[ObjectiveReading],
    now: Sequence[ObjectiveReading],
    moved: Sequence[Movement],
) -> WerfMovements:
    before = {row.objective.pk: row for row in then if row.objective.werf_id == werf.pk}
    after = {row.objective.pk: row for row in now if row.objective.werf_id == werf.pk}
    has_moved = {movement.objective.pk for movement in moved}
    return WerfMovements(
        werf=werf,
        before=werf_reading(werf, list(before.values())),
        after=werf_reading(werf, list(after.values())),
        movements=tuple(
            movement
            for movement in moved
            if movement.objective.werf_id == werf.pk and filter_.keeps(movement)
        ),
        still=tuple(
            StillReading(before[pk], reading)
            for pk, reading in after.items()
            if pk not in has_moved and filter_.keeps_still(reading)
        ),
    )
