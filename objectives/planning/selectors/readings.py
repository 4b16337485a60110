"""Objectives and werven as they stood: indicators, status and distribution, by both clocks."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from string import ascii_lowercase

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import held_at
from objectives.indicators import engine
from objectives.indicators.choices import SlotState, TargetKind
from objectives.indicators.models import Indicator
from objectives.indicators.selectors import IndicatorReading
from objectives.indicators.selectors.readings import indicator_reading
from objectives.indicators.selectors.recorded import RecordedSeries, recorded_series
from objectives.planning.choices import PlanState
from objectives.planning.models import (
    ObjectiveIndicator,
    OperationalObjective,
    StatusOverride,
)
from objectives.planning.selectors.recorded import (
    override_held,
    recorded_links,
    recorded_overrides,
)
from objectives.planning.selectors.units import Standing, standing_at
from objectives.strategy.models import Werf
from personnel.access import Access


@dataclass(frozen=True, slots=True)
class LinkReading:
    """An indicator as an objective uses it; `short_code` ('2.6.1-a') is its place there.

    The indicator's own code keeps the year in which the series began.
    """

    link: ObjectiveIndicator
    reading: IndicatorReading
    short_code: str


@dataclass(frozen=True, slots=True)
class ObjectiveReading:
    """An objective with its indicators, its computed status and, beside it, its head's own.

    `objective` says what it said then. `status.override` repeats what `override` records.
    """

    objective: OperationalObjective
    indicators: tuple[LinkReading, ...]
    status: engine.RollupStatus
    override: StatusOverride | None = None

    @property
    def progress(self) -> engine.Progress | None:
        """Return the weighted mean progress over its numeric due indicators."""
        return progress_of([self])

    @property
    def next_milestone(self) -> date | None:
        """Return the nearest due date of a milestone that is not done, or None."""
        return min((day for _link, day in open_milestone_links(self.indicators)), default=None)


@dataclass(frozen=True, slots=True)
class WerfReading:
    """A werf with the objectives below it in one plan year."""

    werf: Werf
    objectives: tuple[ObjectiveReading, ...]
    status: engine.RollupStatus

    @property
    def counts(self) -> Mapping[engine.Status, int]:
        """Return how many objectives have which status; all six present."""
        return engine.distribution(reading.status.status for reading in self.objectives)

    @property
    def progress(self) -> engine.Progress | None:
        """Return the weighted mean progress over the numeric due indicators below it."""
        return progress_of(self.objectives)

    @property
    def deviation(self) -> Fraction | None:
        """Return actual minus expected progress, as a share (0.05 is 5 percentage points)."""
        progress = self.progress
        return progress.deviation if progress else None

    @property
    def next_milestone(self) -> date | None:
        """Return the nearest due date of a milestone that is not done, or None."""
        links = [link for reading in self.objectives for link in reading.indicators]
        return min((day for _link, day in open_milestone_links(links)), default=None)


def progress_of(readings: Iterable[ObjectiveReading]) -> engine.Progress | None:
    """Return the weighted mean progress over the numeric due indicators of some objectives."""
    links = [link for reading in readings for link in reading.indicators]
    return engine.weighted_progress(_weighted(links))


def _weighted(links: Iterable[LinkReading]) -> list[engine.WeightedIndicator]:
    return [
        engine.WeightedIndicator(
            link.reading.status, Fraction(link.link.weight), key=link.link.is_key
        )
        for link in links
    ]


def open_milestone_links(links: Iterable[LinkReading]) -> list[tuple[LinkReading, date]]:
    """Return the indicators that are a milestone and not done, each with its due date."""
    return [
        (link, target.due_on)
        for link in links
        if link.reading.indicator.target_kind == TargetKind.MILESTONE
        and (target := link.reading.final_target) is not None
        and link.reading.status.status != engine.Status.ACHIEVED
    ]


def objective_readings(
    objectives: Sequence[OperationalObjective],
    *,
    clocks: Clocks,
    access: Access,
    rule_version: int = engine.CURRENT_RULE_VERSION,
) -> list[ObjectiveReading]:
    """Return a reading per objective, in their order: six queries at most, whatever their number.

    Each stands with the unit of the reference date, its indicators with their owner of that day:
    one query more for a day that is past, and one for an earlier moment, with one for each
    reference that was changed since.

    Confidential indicators that the user may not see are left out of the list and of the
    status that this user is shown.
    """
    (found,) = readings_at(objectives, [clocks], access=access, rule_version=rule_version)
    return found


def readings_at(
    objectives: Sequence[OperationalObjective],
    moments: Sequence[Clocks],
    *,
    access: Access,
    rule_version: int = engine.CURRENT_RULE_VERSION,
    among_many: bool = False,
) -> list[list[ObjectiveReading]]:
    """Return for each moment what `objective_readings` gives, in as many queries as one takes.

    All that is recorded up to the latest `known_at` is read once. Which of the objectives were in
    force at a moment the caller decides: see `in_force_then`. For `among_many` see
    recorded_series.
    """
    if not moments or not objectives:
        return [[] for _moment in moments]
    recorded, standing = _read_once(objectives, moments, among_many=among_many)
    return [
        _readings(objectives, recorded, then, _Reader(clocks, access, rule_version))
        for clocks, then in zip(moments, standing, strict=True)
    ]


def readings_each(
    asked: Sequence[tuple[OperationalObjective, Clocks]], *, access: Access
) -> list[ObjectiveReading]:
    """Return a reading per objective, each at a moment of its own: as many queries as for one."""
    if not asked:
        return []
    recorded, standing = _read_once(
        [objective for objective, _clocks in asked], [clocks for _objective, clocks in asked]
    )
    return [
        reading
        for (objective, clocks), then in zip(asked, standing, strict=True)
        for reading in _readings(
            [objective], recorded, then, _Reader(clocks, access, engine.CURRENT_RULE_VERSION)
        )
    ]


def _read_once(
    objectives: Sequence[OperationalObjective],
    moments: Sequence[Clocks],
    *,
    among_many: bool = False,
) -> "tuple[_Recorded, list[Standing]]":
    """Return all that the moments need, and how everything stood at each of them."""
    until = max(moment.known_at for moment in moments)
    links, read_at = recorded_links(objectives, until)
    used = list({link.indicator_id: link.indicator for link in links}.values())
    last_year = max(objective.plan.year for objective in objectives)
    recorded = _Recorded(
        links,
        recorded_series(used, year=last_year, until=until, among_many=among_many),
        recorded_overrides(objectives),
    )
    return recorded, standing_at(objectives, used, moments, read_at=read_at)


@dataclass(frozen=True, slots=True)
class _Recorded:
    """What was read once for all moments."""

    links: Sequence[ObjectiveIndicator]
    series: RecordedSeries
    overrides: Mapping[int, Sequence[StatusOverride]]


@dataclass(frozen=True, slots=True)
class _Reader:
    """One moment, who reads, and by which rules."""

    clocks: Clocks
    access: Access
    rule_version: int


def _readings(
    objectives: Sequence[OperationalObjective],
    recorded: _Recorded,
    standing: Standing,
    reader: _Reader,
) -> list[ObjectiveReading]:
    links = _links_held(recorded.links, standing, reader)
    readings: dict[tuple[int, int], IndicatorReading] = {}
    result = []
    for objective in objectives:
        year = objective.plan.year
        rows = []
        for position, link in links.get(objective.pk, ()):
            key = (year, link.indicator_id)
            if key not in readings:
                readings[key] = _indicator_reading(recorded.series, link.indicator, year, reader)
            rows.append(LinkReading(link, readings[key], place_code(objective.code, position)))
        override = override_held(recorded.overrides.get(objective.pk, ()), reader.clocks)
        status = engine.evaluate_objective(
            _weighted(rows),
            override=engine_override(override),
            rule_version=reader.rule_version,
        )
        # Not there yet: as it was first written.
        shown = standing.objectives.get(objective.pk, objective)
        result.append(ObjectiveReading(shown, tuple(rows), status, override))
    return result


def _indicator_reading(
    series: RecordedSeries, indicator: Indicator, year: int, reader: _Reader
) -> IndicatorReading:
    return indicator_reading(
        series,
        indicator,
        year=year,
        clocks=reader.clocks,
        access=reader.access,
        rule_version=reader.rule_version,
    )


def in_force_then(objective: OperationalObjective, known_at: datetime) -> bool:
    """Tell whether an objective was in force at a moment: no query.

    It is OperationalObjectiveQuerySet.in_force_at for one row, as it is now or as it stood then.
    """
    stands = objective.state in (PlanState.APPROVED, PlanState.CLOSED)
    withdrawn_later = objective.withdrawn_at is not None and objective.withdrawn_at > known_at
    approved_at = objective.approved_at
    return approved_at is not None and approved_at <= known_at and (stands or withdrawn_later)


def readings_by_year(
    objectives: Sequence[OperationalObjective],
    used: Mapping[int, Sequence[Indicator]],
    *,
    clocks: Clocks,
    access: Access,
    rule_version: int = engine.CURRENT_RULE_VERSION,
) -> dict[tuple[int, int], IndicatorReading]:
    """Return by plan year and indicator the readings of what each objective uses."""
    wanted = {
        (objective.plan.year, indicator.pk): indicator
        for objective in objectives
        for indicator in used.get(objective.pk, ())
    }
    if not wanted:
        return {}
    series = recorded_series(
        list(wanted.values()), year=max(year for year, _pk in wanted), until=clocks.known_at
    )
    reader = _Reader(clocks, access, rule_version)
    return {
        (year, pk): _indicator_reading(series, indicator, year, reader)
        for (year, pk), indicator in wanted.items()
    }


def _links_held(
    rows: Sequence[ObjectiveIndicator], standing: Standing, reader: _Reader
) -> dict[int, list[tuple[int, ObjectiveIndicator]]]:
    """Return by objective the links that held then and that the user may see, with their place."""
    known_at = reader.clocks.known_at
    known = [row for row in rows if row.known_from <= known_at]
    places = places_of(known)
    links: dict[int, list[tuple[int, ObjectiveIndicator]]] = {}
    for row in known:
        if held_at(row, known_at) and indicator_is_visible(row.indicator, reader.access):
            link = copy.copy(row)
            link.indicator = standing.indicators[row.indicator_id]
            position = places[row.objective_id][row.indicator_id]
            links.setdefault(row.objective_id, []).append((position, link))
    return links


def places_of(rows: Iterable[ObjectiveIndicator]) -> dict[int, dict[int, int]]:
    """Return by objective the place of each indicator that it ever had.

    Places are given before any is left out: 2.6.1-b is 2.6.1-b for every reader and at every
    moment, also when 2.6.1-a was withdrawn.
    """
    places: dict[int, dict[int, int]] = {}
    for row in rows:
        of_objective = places.setdefault(row.objective_id, {})
        of_objective.setdefault(row.indicator_id, len(of_objective))
    return places


def engine_override(row: StatusOverride | None) -> engine.Override | None:
    """Return a recorded judgement as the status engine carries it along."""
    return engine.Override(engine.Status(row.status), row.reason) if row else None


def place_code(objective_code: str, position: int) -> str:
    """Return '2.6.1-a' for the first indicator of 2.6.1; after z come numbers."""
    letter = ascii_lowercase[position] if position < len(ascii_lowercase) else str(position + 1)
    return f"{objective_code}-{letter}"


def indicator_is_visible(indicator: Indicator, access: Access) -> bool:
    """Tell whether a user who sees the objective also sees this (confidential) indicator."""
    return (
        not indicator.is_confidential
        or access.is_superuser
        or access.sees_drafts
        or indicator.owner_id in access.unit_ids
        or indicator.owner_id in access.minister_unit_ids
    )


def werf_reading(
    werf: Werf,
    objectives: Sequence[ObjectiveReading],
    *,
    rule_version: int = engine.CURRENT_RULE_VERSION,
) -> WerfReading:
    """Return the werf's status over the objectives given; what their heads judge is left out."""
    weighted = [engine.WeightedObjective(reading.status) for reading in objectives]
    status = engine.evaluate_werf(weighted, rule_version=rule_version)
    return WerfReading(werf, tuple(objectives), status)


def unique_readings(readings: Iterable[IndicatorReading]) -> list[IndicatorReading]:
    """Return the readings without those of an indicator that came before, in their order."""
    first: dict[tuple[int, int], IndicatorReading] = {}
    for reading in readings:
        first.setdefault((reading.indicator.pk, reading.year), reading)
    return list(first.values())


def submitted_share(readings: Iterable[IndicatorReading]) -> tuple[int, int]:
    """Return (figures submitted, figures due) over the plan year's due slots.

    A figure that serves several objectives is one figure.
    """
    slots = [slot for reading in unique_readings(readings) for slot in reading.due_slots]
    return sum(slot.state == SlotState.MEASURED for slot in slots), len(slots)
