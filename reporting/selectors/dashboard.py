"""What a cabinet reads in one minute: where the werven and objectives of a plan year stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ibzplan.core.clocks import Clocks
from objectives.indicators import engine
from objectives.indicators.choices import SlotState
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors import (
    ObjectiveReading,
    WerfReading,
    objective_readings,
    werf_reading,
)
from objectives.planning.selectors.readings import submitted_share
from objectives.planning.selectors.units import of_units
from objectives.strategy.models import StrategicObjective, Werf
from objectives.strategy.selectors.structure import all_strategic_objectives, all_werven
from personnel.access import Access
from personnel.models import OrganisationUnit, SupervisingMinister
from reporting.choices import StatusGroup
from reporting.selectors.attention import needing_attention
from reporting.selectors.units_asked import units_asked

GOOD = (engine.Status.ACHIEVED, engine.Status.ON_TRACK)
BEHIND = (engine.Status.AT_RISK, engine.Status.OFF_TRACK)
UNJUDGED = (engine.Status.NOT_STARTED, engine.Status.NO_DATA)
# What an address may name as a status: one of them, or several that are read together.
_STATUSES: Final[Mapping[str, tuple[engine.Status, ...]]] = {
    **{status.value: (status,) for status in engine.Status},
    StatusGroup.GOOD: GOOD,
    StatusGroup.BEHIND: BEHIND,
    StatusGroup.UNJUDGED: UNJUDGED,
}


def statuses_of(name: str) -> tuple[engine.Status, ...]:
    """Return the statuses that an address names as one, or as a group; none for anything else."""
    return _STATUSES.get(name, ())


@dataclass(frozen=True, slots=True)
class DashboardFilter:
    """What the address of a dashboard says. None means all."""

    plan: OperationalPlan
    minister: SupervisingMinister | None = None
    unit: OrganisationUnit | None = None
    status: str = ""

    @property
    def statuses(self) -> tuple[engine.Status, ...]:
        """Return the statuses asked for; none when all are."""
        return statuses_of(self.status)

    @property
    def narrows(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.minister or self.unit or self.status)

    def keeps(self, reading: ObjectiveReading) -> bool:
        """Tell whether the objective has a status that is asked for."""
        return not self.status or reading.status.status in self.statuses


class Tallied:
    """What counts operational objectives by their status."""

    __slots__ = ()
    counts: Mapping[engine.Status, int]

    @property
    def total(self) -> int:
        """Return how many operational objectives there are."""
        return sum(self.counts.values())

    @property
    def good(self) -> int:
        """Return how many are achieved or on track."""
        return sum(self.counts[status] for status in GOOD)


@dataclass(frozen=True, slots=True)
class ObjectiveCard(Tallied):
    """A strategic objective with the distribution below it; never one score."""

    objective: StrategicObjective
    counts: Mapping[engine.Status, int]
    werven: tuple[WerfReading, ...]
    werven_in_plan: int


@dataclass(frozen=True, slots=True)
class NextDue:
    """Figures that fall due on one day."""

    due_on: date
    count: int
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dashboard(Tallied):
    """Everything one dashboard shows."""

    filter: DashboardFilter
    clocks: Clocks
    cards: tuple[ObjectiveCard, ...]
    counts: Mapping[engine.Status, int]
    submitted: int
    due: int
    provisional: bool
    attention: tuple[ObjectiveReading, ...]
    late: tuple[ObjectiveReading, ...]
    next_due: tuple[NextDue, ...]

    @property
    def unjudged(self) -> int:
        """Return how many are not started or without data."""
        return sum(self.counts[status] for status in UNJUDGED)

    @property
    def has_judgements(self) -> bool:
        """Tell whether a head's judgement stands beside a status that is shown."""
        rows = (row for card in self.cards for werf in card.werven for row in werf.objectives)
        return any(row.override for row in (*rows, *self.attention))

    @property
    def submitted_percent(self) -> int | None:
        """Return the share of due figures submitted, 0 to 100; None when nothing was due."""
        return self.submitted * 100 // self.due if self.due else None


def dashboard(*, filter_: DashboardFilter, clocks: Clocks, access: Access) -> Dashboard:
    """Return the dashboard of a plan year as known at a moment; approved objectives only.

    Werven without objectives stay visible when nothing is filtered. About nine queries,
    whatever the number of objectives.
    """
    objectives = _approved_objectives(filter_, access, clocks)
    readings = objective_readings(objectives, clocks=clocks, access=access)
    return dashboard_of(readings, filter_=filter_, clocks=clocks)


def dashboard_of(
    readings: Sequence[ObjectiveReading], *, filter_: DashboardFilter, clocks: Clocks
) -> Dashboard:
    """Return the dashboard that readings of the objectives asked for make.

    The counts are those of all of them; a status asked for chooses which werven are listed.
    """
    by_werf: dict[int, list[ObjectiveReading]] = {}
    for reading in readings:
        by_werf.setdefault(reading.objective.werf_id, []).append(reading)
    cards = tuple(
        _card(objective, werven, by_werf, filter_)
        for objective, werven in _structure(filter_.plan.plan_id)
    )
    figures = [link.reading for reading in readings for link in reading.indicators]
    submitted, due = submitted_share(figures)
    return Dashboard(
        filter=filter_,
        clocks=clocks,
        cards=cards,
        counts=engine.distribution(reading.status.status for reading in readings),
        submitted=submitted,
        due=due,
        provisional=any(figure.status.provisional for figure in figures),
        attention=needing_attention(readings),
        late=tuple(r for r in readings if _has_late_figure(r)),
        next_due=_next_due(readings),
    )


def _structure(plan_id: int) -> list[tuple[StrategicObjective, list[Werf]]]:
    """Return the strategic objectives with their werven.

    A transversal objective has none: its KPIs stand on the page of its addendum.
    """
    werven: dict[int, list[Werf]] = {}
    for werf in all_werven():
        werven.setdefault(werf.objective_id, []).append(werf)
    return [
        (objective, werven.get(objective.pk, []))
        for objective in all_strategic_objectives()
        if objective.plan_id == plan_id and objective.addendum_id is None
    ]


def _approved_objectives(
    filter_: DashboardFilter, access: Access, clocks: Clocks
) -> list[OperationalObjective]:
    """Return the objectives in force then of the units that are asked for, as they were then."""
    rows = (
        OperationalObjective.objects.visible_to(access)
        .in_force_at(clocks.known_at)
        .filter(plan=filter_.plan)
        .select_related("plan", "unit", "holder", "werf")
        .order_by("werf__objective__order", "werf__order", "code", "pk")
    )
    units = units_asked(filter_, clocks)
    return list(rows) if units is None else of_units(rows, units, clocks)


def _card(
    objective: StrategicObjective,
    all_werven: Sequence[Werf],
    by_werf: Mapping[int, Sequence[ObjectiveReading]],
    filter_: DashboardFilter,
) -> ObjectiveCard:
    werven = []
    for werf in all_werven:
        reading = werf_reading(werf, by_werf.get(werf.pk, []))
        matches = not filter_.status or any(map(filter_.keeps, reading.objectives))
        if matches and (reading.objectives or not filter_.narrows):
            werven.append(reading)
    counts = engine.distribution(
        row.status.status for werf in all_werven for row in by_werf.get(werf.pk, [])
    )
    return ObjectiveCard(objective, counts, tuple(werven), len(all_werven))


def _has_late_figure(reading: ObjectiveReading) -> bool:
    return any(slot.is_late for link in reading.indicators for slot in link.reading.due_slots)


def _next_due(readings: Sequence[ObjectiveReading]) -> tuple[NextDue, ...]:
    """Return the next three days on which figures fall due."""
    days: dict[date, dict[int, str]] = {}
    for reading in readings:
        for link in reading.indicators:
            for slot in link.reading.slots:
                if slot.state == SlotState.NOT_YET_DUE and not slot.is_withheld:
                    days.setdefault(slot.due_on, {})[link.reading.indicator.pk] = (
                        reading.objective.unit.code
                    )
    return tuple(
        NextDue(day, len(days[day]), tuple(sorted(set(days[day].values()))))
        for day in sorted(days)[:3]
    )
