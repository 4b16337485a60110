"""The objectives of a dashboard at the moments that it compares, read together."""

from collections.abc import Sequence
from dataclasses import dataclass

from ibzplan.core.clocks import Clocks
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors import ObjectiveReading
from objectives.planning.selectors.readings import in_force_then, readings_at
from objectives.planning.selectors.trends import trend_moments
from personnel.access import Access
from reporting.selectors.dashboard import DashboardFilter, units_asked
from reporting.selectors.since import Since


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

    One query beside those of `readings_at`.
    """
    first = min(last.clocks.known_at, clocks.known_at) if last else clocks.known_at
    objectives = list(
        OperationalObjective.objects.visible_to(access)
        .in_force_between(first, clocks.known_at)
        .filter(plan=filter_.plan)
        .select_related("plan", "unit", "holder", "werf")
        .order_by("werf__objective__order", "werf__order", "code", "pk")
    )
    # The last one is the present of the page.
    course = trend_moments(filter_.plan.year, clocks) if with_trend else [clocks]
    moments = [*course, *([last.clocks] if last else [])]
    read = readings_at(objectives, moments, access=access)
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
