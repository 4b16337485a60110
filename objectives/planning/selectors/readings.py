"""Objectives and werven as they stood: indicators, status and distribution, by both clocks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from string import ascii_lowercase

from ibzplan.core.clocks import Clocks
from objectives.indicators import engine
from objectives.indicators.choices import SlotState, TargetKind
from objectives.indicators.models import Indicator
from objectives.indicators.selectors import IndicatorReading, indicator_readings
from objectives.planning.models import (
    ObjectiveIndicator,
    OperationalObjective,
    StatusOverride,
)
from objectives.planning.selectors.units import objectives_then, with_owner_then
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
        return engine.weighted_progress(_weighted(self.indicators))

    @property
    def next_milestone(self) -> date | None:
        """Return the nearest due date of a milestone that is not done, or None."""
        return min(_open_milestones(self.indicators), default=None)


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
        links = [link for reading in self.objectives for link in reading.indicators]
        return engine.weighted_progress(_weighted(links))

    @property
    def deviation(self) -> Fraction | None:
        """Return actual minus expected progress, as a share (0.05 is 5 percentage points)."""
        progress = self.progress
        return progress.actual - progress.expected if progress else None

    @property
    def next_milestone(self) -> date | None:
        """Return the nearest due date of a milestone that is not done, or None."""
        links = [link for reading in self.objectives for link in reading.indicators]
        return min(_open_milestones(links), default=None)


def _weighted(links: Iterable[LinkReading]) -> list[engine.WeightedIndicator]:
    return [
        engine.WeightedIndicator(
            link.reading.status, Fraction(link.link.weight), key=link.link.is_key
        )
        for link in links
    ]


def _open_milestones(links: Iterable[LinkReading]) -> list[date]:
    return [
        target.due_on
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
    """Return a reading per objective, in their order: three queries, and four a plan year.

    Each stands with the unit of the reference date, its indicators with their owner of that day:
    two queries more for a day that is past, and one for an earlier moment.

    Confidential indicators that the user may not see are left out of the list and of the
    status that this user is shown.
    """
    links = _links_known(objectives, clocks, access)
    readings = readings_by_year(
        objectives,
        {pk: [link.indicator for _position, link in placed] for pk, placed in links.items()},
        clocks=clocks,
        access=access,
        rule_version=rule_version,
    )
    overrides = _overrides(objectives, clocks)
    then = objectives_then(objectives, clocks)
    result = []
    for objective in objectives:
        rows = tuple(
            LinkReading(
                link,
                readings[(objective.plan.year, link.indicator_id)],
                place_code(objective.code, position),
            )
            for position, link in links.get(objective.pk, [])
        )
        override = overrides.get(objective.pk)
        status = engine.evaluate_objective(
            _weighted(rows), override=engine_override(override), rule_version=rule_version
        )
        shown = then.get(objective.pk, objective)  # not there yet: as it was first written
        result.append(ObjectiveReading(shown, rows, status, override))
    return result


def readings_by_year(
    objectives: Sequence[OperationalObjective],
    used: Mapping[int, Sequence[Indicator]],
    *,
    clocks: Clocks,
    access: Access,
    rule_version: int = engine.CURRENT_RULE_VERSION,
) -> dict[tuple[int, int], IndicatorReading]:
    """Return by plan year and indicator the readings of what each objective uses."""
    found: dict[tuple[int, int], IndicatorReading] = {}
    for year in {objective.plan.year for objective in objectives}:
        of_year = {
            indicator.pk: indicator
            for objective in objectives
            if objective.plan.year == year
            for indicator in used.get(objective.pk, ())
        }
        readings = indicator_readings(
            list(of_year.values()),
            year=year,
            clocks=clocks,
            access=access,
            rule_version=rule_version,
        )
        found.update({(year, pk): reading for pk, reading in readings.items()})
    return found


def _links_known(
    objectives: Sequence[OperationalObjective], clocks: Clocks, access: Access
) -> dict[int, list[tuple[int, ObjectiveIndicator]]]:
    """Return by objective the links that held then, each with its place: one query."""
    rows = list(
        ObjectiveIndicator.objects.filter(
            objective__in=[objective.pk for objective in objectives],
            known_from__lte=clocks.known_at,
        ).select_related("indicator", "indicator__owner")
    )
    places = places_of(rows)
    used = {row.indicator_id: row.indicator for row in rows}
    owned = with_owner_then(list(used.values()), clocks)
    links: dict[int, list[tuple[int, ObjectiveIndicator]]] = {}
    for link in rows:
        held = link.known_until is None or link.known_until > clocks.known_at
        if held and indicator_is_visible(link.indicator, access):
            position = places[link.objective_id][link.indicator_id]
            link.indicator = owned[link.indicator_id]
            links.setdefault(link.objective_id, []).append((position, link))
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


def _overrides(
    objectives: Sequence[OperationalObjective], clocks: Clocks
) -> dict[int, StatusOverride]:
    """Return by objective the head's judgement that speaks of the reference date: one query."""
    rows = StatusOverride.objects.filter(
        objective__in=[objective.pk for objective in objectives],
        recorded_at__lte=clocks.known_at,
        holds_from__lte=clocks.reference_date,
    ).select_related("recorded_by")
    latest = {row.objective_id: row for row in rows.order_by("recorded_at", "pk")}
    return {pk: row for pk, row in latest.items() if row.status}


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
