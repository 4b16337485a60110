"""Where the objectives of a werf or of a directorate stand in a plan year, and what comes next."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from ibzplan.core.clocks import Clocks
from objectives.indicators import engine
from objectives.indicators.choices import SlotState
from objectives.indicators.formatting import period_text
from objectives.indicators.selectors import SlotReading
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.judgements import was_visible
from objectives.planning.selectors.milestones import OpenMilestone, open_milestones
from objectives.planning.selectors.readings import (
    LinkReading,
    ObjectiveReading,
    in_force_then,
    readings_at,
    submitted_share,
)
from objectives.planning.selectors.trends import TrendPoint, deviation_trend, trend_moments
from personnel.access import Access

_LISTED_DAYS: Final = 4  # of what is late, and of what is to come


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """An objective in the table, with the indicator that says most of it."""

    reading: ObjectiveReading
    trend: tuple[TrendPoint, ...]
    milestones: tuple[OpenMilestone, ...]

    @property
    def deviation(self) -> Fraction | None:
        """Return actual minus expected progress, as a share."""
        progress = self.reading.progress
        return progress.deviation if progress else None

    @property
    def next_milestone(self) -> OpenMilestone | None:
        """Return the first milestone that is not done."""
        return next(iter(self.milestones), None)

    @property
    def key(self) -> LinkReading | None:
        """Return the key indicator, else the first one of most weight; None without any."""
        links = self.reading.indicators
        return max(links, key=lambda link: (link.link.is_key, link.link.weight), default=None)


@dataclass(frozen=True, slots=True)
class Work:
    """The objectives that the user sees; all counts are of those in force then, drafts apart."""

    lines: tuple[ObjectiveLine, ...]
    in_force: tuple[ObjectiveReading, ...]
    trend: tuple[TrendPoint, ...]

    @property
    def readings(self) -> list[ObjectiveReading]:
        """Return the readings of all of them, drafts too."""
        return [line.reading for line in self.lines]

    @property
    def drafts(self) -> int:
        """Return how many are not in force."""
        return len(self.lines) - len(self.in_force)

    @property
    def counts(self) -> Mapping[engine.Status, int]:
        """Return how many have which status; all six present."""
        return engine.distribution(reading.status.status for reading in self.in_force)

    @property
    def good(self) -> int:
        """Return how many are achieved or on track."""
        return self.counts[engine.Status.ACHIEVED] + self.counts[engine.Status.ON_TRACK]

    @property
    def unjudged(self) -> int:
        """Return how many have no figure to judge them by."""
        return self.counts[engine.Status.NOT_STARTED] + self.counts[engine.Status.NO_DATA]

    @property
    def submitted(self) -> tuple[int, int]:
        """Return (figures submitted, figures due)."""
        return submitted_share(
            link.reading for reading in self.in_force for link in reading.indicators
        )

    @property
    def submitted_percent(self) -> int | None:
        """Return the share of due figures submitted, 0 to 100; None when nothing was due."""
        submitted, due = self.submitted
        return submitted * 100 // due if due else None

    @property
    def is_provisional(self) -> bool:
        """Tell whether a figure that counts waits for validation."""
        return any(
            link.reading.status.provisional
            for reading in self.in_force
            for link in reading.indicators
        )


@dataclass(frozen=True, slots=True)
class DueDay:
    """What falls due on a day: a number of figures, or a milestone."""

    day: date
    figures: int = 0
    milestone: OpenMilestone | None = None


def work_on(
    objectives: Sequence[OperationalObjective],
    *,
    year: int,
    clocks: Clocks,
    access: Access,
    rule_version: int = engine.CURRENT_RULE_VERSION,
) -> Work:
    """Return where they stood, with their course at the ends of the quarters: the queries of one
    reading and one for milestones, whatever their number.

    Those that were not there for the user to see then are left out.
    """
    moments = trend_moments(year, clocks)
    by_moment = readings_at(objectives, moments, access=access, rule_version=rule_version)
    now = by_moment[-1]
    milestones = open_milestones(now, clocks)
    places = [
        place
        for place, reading in enumerate(now)
        if was_visible(reading.objective, access, clocks.known_at)
    ]
    standing = [place for place in places if in_force_then(now[place].objective, clocks.known_at)]
    return Work(
        tuple(
            ObjectiveLine(
                now[place],
                deviation_trend(
                    (clocks, [readings[place]])
                    for clocks, readings in zip(moments, by_moment, strict=True)
                ),
                tuple(milestones[now[place].objective.pk]),
            )
            for place in places
        ),
        tuple(now[place] for place in standing),
        deviation_trend(
            (clocks, [readings[place] for place in standing])
            for clocks, readings in zip(moments, by_moment, strict=True)
        ),
    )


def due_days(work: Work, clocks: Clocks) -> list[DueDay]:
    """Return what falls due from the reference date on, and milestones that are late: the first
    few.
    """
    figures: Counter[date] = Counter()
    seen: set[tuple[int, date]] = set()
    for reading in work.in_force:
        for link in reading.indicators:
            for slot in link.reading.slots:
                key = (link.reading.indicator.pk, slot.period.start)
                if slot.state == SlotState.NOT_YET_DUE and not slot.is_withheld and key not in seen:
                    seen.add(key)
                    figures[slot.due_on] += 1
    open_ones = [
        DueDay(one.due_on, milestone=one)
        for line in work.lines
        if in_force_then(line.reading.objective, clocks.known_at)
        for one in line.milestones
    ]
    days = [*(DueDay(day, count) for day, count in figures.items()), *open_ones]
    days.sort(key=lambda one: (one.day, one.milestone is not None))
    late = [one for one in days if one.day < clocks.reference_date]
    coming = [one for one in days if one.day >= clocks.reference_date]
    return [*late[:_LISTED_DAYS], *coming[:_LISTED_DAYS]]


@dataclass(frozen=True, slots=True)
class FigureOwed:
    """The first figure of an indicator that is late or still to come."""

    link: LinkReading
    slot: SlotReading

    @property
    def period(self) -> str:
        """Return the period in words."""
        return period_text(self.slot.period)


def figures_owed(readings: Iterable[ObjectiveReading]) -> list[FigureOwed]:
    """Return the figures of approved objectives that are late or due next, the most urgent first:
    one an indicator.
    """
    found: dict[int, FigureOwed] = {}
    for reading in readings:
        if reading.objective.state != PlanState.APPROVED:
            continue
        for link in reading.indicators:
            owed = [
                slot
                for slot in link.reading.slots
                if slot.state in (SlotState.MISSING, SlotState.NOT_YET_DUE) and not slot.is_withheld
            ]
            if owed:
                found.setdefault(link.reading.indicator.pk, FigureOwed(link, owed[0]))
    return sorted(found.values(), key=lambda one: (one.slot.due_on, one.link.short_code))
