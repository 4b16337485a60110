"""The page that a minister's cabinet opens: the dashboard, what moved, what is asked and due."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from ibzplan.core.clocks import Clocks
from ibzplan.core.questions.rows import QuestionRow
from ibzplan.core.questions.selectors import open_requests
from ibzplan.core.steady import steady
from objectives.indicators import engine
from objectives.planning.models import Narrative, OperationalObjective, OperationalPlan
from objectives.planning.selectors import ObjectiveReading, WerfReading
from objectives.planning.selectors.amendments import approved_changes
from objectives.planning.selectors.milestones import milestones_between, open_milestones
from objectives.planning.selectors.readings import LinkReading
from objectives.planning.selectors.trends import TrendPoint, deviation_trend
from objectives.strategy.models import StrategicObjective, Werf
from personnel.access import Access
from personnel.models import SupervisingMinister
from reporting.choices import MovementKind
from reporting.selectors.board_dates import (
    NextMilestone,
    coming_items,
    next_milestone,
)
from reporting.selectors.board_moments import BoardReadings, TrendReadings, board_readings
from reporting.selectors.calendar_item import CalendarItem
from reporting.selectors.comparing import told_since
from reporting.selectors.dashboard import (
    Dashboard,
    DashboardFilter,
    ObjectiveCard,
    dashboard_of,
)
from reporting.selectors.movements import Movement, movements_between
from reporting.selectors.since import Since, since_last
from reporting.selectors.units_asked import units_asked


@dataclass(frozen=True, slots=True)
class BoardObjective:
    """An objective in an opened row, with the indicator that says most of it."""

    reading: ObjectiveReading
    key: LinkReading | None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A werf in the table; `hidden` objectives have a status that was not asked for."""

    reading: WerfReading
    shown: tuple[BoardObjective, ...]
    hidden: int
    trend: tuple[TrendPoint, ...]
    next_milestone: NextMilestone


@dataclass(frozen=True, slots=True)
class BoardCard:
    """A strategic objective with its rows, and how many objectives moved up and down."""

    card: ObjectiveCard
    rows: tuple[BoardRow, ...]
    improved: int
    worsened: int

    @property
    def hidden(self) -> int:
        """Return how many of its werven the filters leave out."""
        return self.card.werven_in_plan - len(self.rows)


@dataclass(frozen=True, slots=True)
class Lag:
    """Where most of what is behind lies: one werf, or else one strategic objective."""

    where: Werf | StrategicObjective
    off_track: int
    at_risk: int

    @property
    def parts(self) -> Sequence[tuple[engine.Status, int]]:
        """Return the statuses that make it so, the worst first, with how many have each."""
        told = ((engine.Status.OFF_TRACK, self.off_track), (engine.Status.AT_RISK, self.at_risk))
        return [(status, count) for status, count in told if count]

    @property
    def is_werf(self) -> bool:
        """Tell whether it lies in one werf."""
        return isinstance(self.where, Werf)


@dataclass(frozen=True, slots=True)
class Board:
    """Everything one page shows."""

    dashboard: Dashboard
    cards: tuple[BoardCard, ...]
    last: Since | None
    movements: tuple[Movement, ...]
    requests: tuple[QuestionRow, ...]
    coming: tuple[CalendarItem, ...]
    updated_at: datetime | None
    lag: Lag | None

    @property
    def moved(self) -> Mapping[MovementKind, int]:
        """Return how many objectives moved how; all kinds present."""
        counted = Counter(movement.kind for movement in self.movements)
        return {kind: counted[kind] for kind in MovementKind}

    @property
    def rows(self) -> tuple[BoardRow, ...]:
        """Return the werven of the table, in the order of the plan."""
        return tuple(row for card in self.cards for row in card.rows)

    @property
    def hidden(self) -> int:
        """Return how many werven the filters leave out."""
        return sum(card.hidden for card in self.cards)


def board(*, filter_: DashboardFilter, clocks: Clocks, access: Access) -> Board:
    """Return the page of a plan year as known at a moment.

    It is compared with the last report, or without one with the last period that was closed.
    One query beside those of a reading of the objectives, whatever their number; what changes
    seldom (reports, milestones, deadlines) is read once for as long as no fact is recorded.
    """
    last = since_last(filter_.plan, filter_.minister, clocks, access)
    read = board_readings(filter_, last, clocks, access)
    shown = dashboard_of(read.now, filter_=filter_, clocks=clocks)
    plan = filter_.plan
    movements = movements_since(read, last, plan, clocks, access) if last else ()
    return Board(
        dashboard=shown,
        cards=_cards(shown, read, movements),
        last=last,
        movements=tuple(row for row in movements if _is_asked(row, filter_)),
        requests=_asked_of(filter_, clocks, access),
        coming=tuple(coming_items(filter_.plan, units_asked(filter_, clocks), clocks, access)),
        updated_at=_updated_at(read.now),
        lag=_lag(shown, read.now),
    )


@steady
def _requests(
    access: Access, clocks: Clocks, minister: SupervisingMinister | None, _language: str | None
) -> tuple[QuestionRow, ...]:
    return tuple(open_requests(access, clocks, minister))


def _asked_of(filter_: DashboardFilter, clocks: Clocks, access: Access) -> tuple[QuestionRow, ...]:
    """Return the decisions asked and not given, of the unit if one is asked for."""
    rows = _requests(access, clocks, filter_.minister, get_language())
    unit = filter_.unit
    return tuple(row for row in rows if unit is None or row.about.unit == unit.code)


@steady
def _told(plan: OperationalPlan, before: Clocks, after: Clocks) -> dict[int, list[Narrative]]:
    """Return what the units of a plan year told since, by objective."""
    return told_since(_of_plan(plan.pk), before, after)


@steady
def _of_plan(plan_id: int) -> tuple[OperationalObjective, ...]:
    return tuple(OperationalObjective.objects.filter(plan=plan_id))


def movements_since(
    read: BoardReadings, last: Since, plan: OperationalPlan, clocks: Clocks, access: Access
) -> tuple[Movement, ...]:
    """Return what moved of the objectives of a page since the moment that it compares with."""
    return movements_between(
        read.before,
        read.after,
        amended=approved_changes(plan, last.clocks.known_at, clocks.known_at, access),
        narratives=_told(plan, last.clocks, clocks),
        milestones=milestones_between(plan.pk, last.clocks, clocks),
    )


def _is_asked(movement: Movement, filter_: DashboardFilter) -> bool:
    return not filter_.status or movement.to_status in filter_.statuses


def _cards(
    shown: Dashboard, read: BoardReadings, movements: Iterable[Movement]
) -> tuple[BoardCard, ...]:
    milestones = open_milestones(read.now, shown.clocks)
    moved = Counter((row.objective.werf.objective_id, row.kind) for row in movements)
    return tuple(
        BoardCard(
            card,
            tuple(
                BoardRow(
                    werf,
                    tuple(
                        BoardObjective(row, _key_indicator(row.indicators))
                        for row in werf.objectives
                        if shown.filter.keeps(row)
                    ),
                    sum(not shown.filter.keeps(row) for row in werf.objectives),
                    _trend(werf.werf, read.trend),
                    next_milestone(
                        one for row in werf.objectives for one in milestones[row.objective.pk]
                    ),
                )
                for werf in card.werven
            ),
            moved[(card.objective.pk, MovementKind.IMPROVED)],
            moved[(card.objective.pk, MovementKind.WORSENED)],
        )
        for card in shown.cards
    )


def _key_indicator(links: Sequence[LinkReading]) -> LinkReading | None:
    """Return the key indicator, else the one of most weight, the first of those."""
    return max(links, key=lambda link: (link.link.is_key, link.link.weight), default=None)


def _trend(werf: Werf, moments: Iterable[TrendReadings]) -> tuple[TrendPoint, ...]:
    return deviation_trend((one.clocks, one.by_werf.get(werf.pk, [])) for one in moments)


def _updated_at(readings: Iterable[ObjectiveReading]) -> datetime | None:
    """Return when the last figure that the page rests on was recorded."""
    figures = (
        slot.measurement.recorded_at
        for reading in readings
        for link in reading.indicators
        for slot in link.reading.slots
        if slot.measurement is not None
    )
    return max(figures, default=None)


def _lag(shown: Dashboard, readings: Iterable[ObjectiveReading]) -> Lag | None:
    """Return the werf with the most objectives off track, then at risk, if it stands alone.

    Where several stand level, the strategic objective; None where those do too.
    """
    by_werf: dict[Werf, Counter[engine.Status]] = {}
    for reading in readings:
        by_werf.setdefault(reading.objective.werf, Counter())[reading.status.status] += 1
    by_objective = {card.objective: card.counts for card in shown.cards}
    return _most(by_werf) or _most(by_objective)


def _most(
    counted: Mapping[Werf, Mapping[engine.Status, int]]
    | Mapping[StrategicObjective, Mapping[engine.Status, int]],
) -> Lag | None:
    behind = {
        where: (counts[engine.Status.OFF_TRACK], counts[engine.Status.AT_RISK])
        for where, counts in counted.items()
    }
    most = max(behind.values(), default=(0, 0))
    found = [where for where, numbers in behind.items() if numbers == most]
    return Lag(found[0], *most) if len(found) == 1 and any(most) else None
