"""The objectives of a dashboard at the moments that it compares, read together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ibzplan.core.clocks import Clocks
from ibzplan.core.steady import steady
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors import ObjectiveReading
from objectives.planning.selectors.readings import in_force_then, readings_at
from objectives.planning.selectors.trends import trend_moments
from personnel.access import Access
from reporting.selectors.dashboard import DashboardFilter
from reporting.selectors.since import Since
from reporting.selectors.units_asked import units_asked

# The readings of a plan year at some moments are large: a few megabytes.
_MOST_READINGS: Final = 8


@dataclass(frozen=True, slots=True)
class TrendReadings:
    """What the objectives of the page were at one moment of the year."""

    clocks: Clocks
    by_werf: dict[int, list[ObjectiveReading]]


@dataclass(frozen=True, slots=True)
class BoardReadings:
    """The objectives asked for now, and on the way to it.

    `before` and `after` are those that the units had at the moment compared with or have now; none
    without such a moment.
    """

    now: tuple[ObjectiveReading, ...]
    before: tuple[ObjectiveReading, ...]
    after: tuple[ObjectiveReading, ...]
    trend: tuple[TrendReadings, ...]


def board_readings(
    filter_: DashboardFilter,
    last: Since | None,
    clocks: Clocks,
    access: Access,
    *,
    with_trend: bool = True,
) -> BoardReadings:
    """Return the readings by unit and minister, whatever their status.

    One query beside those of `readings_at`; none while nothing is recorded: filters look at the
    same readings.
    """
    first = min(last.clocks.known_at, clocks.known_at) if last else clocks.known_at
    # The last one is the present of the page.
    course = trend_moments(filter_.plan.year, clocks) if with_trend else [clocks]
    moments = (*course, *([last.clocks] if last else []))
    objectives, read = _readings(filter_.plan, (first, clocks.known_at), moments, access)
    on_the_way, then = read[: len(course)], read[len(course) :]
    units = units_asked(filter_, clocks)
    in_force = _in_force(objectives, on_the_way[-1], clocks)
    shown = [row for row in in_force if _is_of(row, units)]
    keys = {reading.objective.pk for reading in shown}
    before = _in_force(objectives, then[0], last.clocks) if last else []
    asked = keys | {row.objective.pk for row in before if _is_of(row, units)}
    return BoardReadings(
        tuple(shown),
        tuple(row for row in before if row.objective.pk in asked),
        tuple(row for row in in_force if last and row.objective.pk in asked),
        tuple(
            TrendReadings(moment, _by_werf([row for row in rows if row.objective.pk in keys]))
            for moment, rows in zip(course, on_the_way, strict=True)
        ),
    )


@steady(most=_MOST_READINGS)
def _readings(
    plan: OperationalPlan,
    between: tuple[datetime, datetime],
    moments: Sequence[Clocks],
    access: Access,
) -> tuple[list[OperationalObjective], list[list[ObjectiveReading]]]:
    """Return what was in force between two instants, and how it stood at the moments."""
    objectives = [row for row in _approved(plan.pk, access) if was_in_force_between(row, *between)]
    return objectives, readings_at(objectives, moments, access=access)


@steady
def _approved(plan_id: int, access: Access) -> tuple[OperationalObjective, ...]:
    """Return what was ever approved of a plan, as far as the reader may see it."""
    rows = (
        OperationalObjective.objects.visible_to(access)
        .filter(plan=plan_id, approved_at__isnull=False)
        .select_related("plan", "unit", "holder", "werf")
        .order_by("werf__objective__order", "werf__order", "code", "pk")
    )
    return tuple(rows)


def was_in_force_between(objective: OperationalObjective, first: datetime, last: datetime) -> bool:
    """Tell whether an objective was in force at some moment from first to last: no query.

    It is OperationalObjectiveQuerySet.in_force_between for one row.
    """
    withdrawn_later = objective.withdrawn_at is not None and objective.withdrawn_at > first
    approved_at = objective.approved_at
    stands = objective.state in (PlanState.APPROVED, PlanState.CLOSED) or withdrawn_later
    return approved_at is not None and approved_at <= last and stands


def _is_of(reading: ObjectiveReading, units: set[int] | None) -> bool:
    return units is None or reading.objective.unit_id in units


def _in_force(
    objectives: Sequence[OperationalObjective], readings: Sequence[ObjectiveReading], at: Clocks
) -> list[ObjectiveReading]:
    return [
        reading
        for objective, reading in zip(objectives, readings, strict=True)
        if in_force_then(objective, at.known_at)
    ]


def _by_werf(readings: Sequence[ObjectiveReading]) -> dict[int, list[ObjectiveReading]]:
    found: dict[int, list[ObjectiveReading]] = {}
    for reading in readings:
        found.setdefault(reading.objective.werf_id, []).append(reading)
    return found
