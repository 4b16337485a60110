"""What a cabinet reads in one minute: where the werven and objectives of a plan year stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

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
from objectives.strategy.models import StrategicObjective, Werf, WerfUnit
from personnel.access import Access, minister_unit_ids
from personnel.models import OrganisationUnit, SupervisingMinister
from reporting.selectors.attention import needing_attention

GOOD = (engine.Status.ACHIEVED, engine.Status.ON_TRACK)


@dataclass(frozen=True, slots=True)
class DashboardFilter:
    """What the address of a dashboard says. None means all."""

    plan: OperationalPlan
    minister: SupervisingMinister | None = None
    unit: OrganisationUnit | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class ObjectiveCard:
    """A strategic objective with the distribution below it; never one score."""

    objective: StrategicObjective
    counts: Mapping[engine.Status, int]
    werven: tuple[WerfReading, ...]

    @property
    def total(self) -> int:
        """Return how many operational objectives there are."""
        return sum(self.counts.values())

    @property
    def good(self) -> int:
        """Return how many are achieved or on track."""
        return sum(self.counts[status] for status in GOOD)


@dataclass(frozen=True, slots=True)
class NextDue:
    """Figures that fall due on one day."""

    due_on: date
    count: int
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
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
    def total(self) -> int:
        """Return how many operational objectives there are."""
        return sum(self.counts.values())

    @property
    def good(self) -> int:
        """Return how many are achieved or on track."""
        return sum(self.counts[status] for status in GOOD)

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
    strategic = list(
        # A transversal objective has no werven: its KPIs stand on the page of its addendum.
        StrategicObjective.objects.filter(
            plan=filter_.plan.plan_id, addendum=None
        ).prefetch_related(
            Prefetch("werven", queryset=Werf.objects.order_by("order", "pk")),
            Prefetch(
                "werven__unit_links",
                queryset=WerfUnit.objects.select_related("unit").order_by("order", "pk"),
            ),
        )
    )
    readings = objective_readings(
        _approved_objectives(filter_, access, clocks), clocks=clocks, access=access
    )
    by_werf: dict[int, list[ObjectiveReading]] = {}
    for reading in readings:
        by_werf.setdefault(reading.objective.werf_id, []).append(reading)
    narrowed = bool(filter_.minister or filter_.unit or filter_.status)
    cards = tuple(_card(objective, by_werf, filter_, narrowed=narrowed) for objective in strategic)
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
    units: set[int] | None = None
    if filter_.minister:
        units = set(
            minister_unit_ids(
                {filter_.minister.pk},
                on=clocks.reference_date,
                known_at=clocks.known_at if clocks.pinned_known else None,
            )
        )
    if filter_.unit:
        units = {filter_.unit.pk} if units is None else units & {filter_.unit.pk}
    return list(rows) if units is None else of_units(rows, units, clocks)


def _card(
    objective: StrategicObjective,
    by_werf: Mapping[int, Sequence[ObjectiveReading]],
    filter_: DashboardFilter,
    *,
    narrowed: bool,
) -> ObjectiveCard:
    all_werven = list(objective.werven.all())
    werven = []
    for werf in all_werven:
        reading = werf_reading(werf, by_werf.get(werf.pk, []))
        matches = not filter_.status or any(
            row.status.status == filter_.status for row in reading.objectives
        )
        if matches and (reading.objectives or not narrowed):
            werven.append(reading)
    counts = engine.distribution(
        row.status.status for werf in all_werven for row in by_werf.get(werf.pk, [])
    )
    return ObjectiveCard(objective, counts, tuple(werven))


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
