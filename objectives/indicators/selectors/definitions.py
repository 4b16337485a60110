"""Which definition of an indicator holds for a plan year, by both clocks."""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from ibzplan.core.clocks import Clocks
from objectives.indicators.models import DefinitionColumns, Indicator, IndicatorDefinition

DEFINITION_COLUMNS: Final = tuple(field.name for field in DefinitionColumns._meta.local_fields)


@dataclass(frozen=True, slots=True)
class SeriesBreak:
    """Figures of before this day cannot be compared with those from it on."""

    on: date
    reason: str

    @property
    def last_day_before(self) -> date:
        """Return the last day of the figures before it."""
        return self.on - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KnownDefinition:
    """An indicator with the columns of the version that holds; None is the only one there is."""

    indicator: Indicator
    version: IndicatorDefinition | None = None
    breaks: tuple[SeriesBreak, ...] = ()


def as_defined(indicator: Indicator, version: IndicatorDefinition) -> Indicator:
    """Return a copy of the indicator that says what the version said."""
    known = copy.copy(indicator)
    for name in DEFINITION_COLUMNS:
        setattr(known, name, getattr(version, name))
    return known


def definitions_known(
    indicators: Sequence[Indicator], *, year: int, clocks: Clocks
) -> dict[int, KnownDefinition]:
    """Return by key the definition that holds: one query, none when all have one version only.

    Of the versions recorded by `known_at` that speak of the reference date, or of the edge of the
    plan year nearest to it, the one with the latest first day holds, unless one recorded later
    took its place (see `definitions_standing`).
    """
    versions = versions_of_all(indicators, clocks.known_at)
    day = day_judged(year, clocks)
    return {
        indicator.pk: definition_held(indicator, versions.get(indicator.pk, ()), day)
        for indicator in indicators
    }


def versions_of_all(
    indicators: Iterable[Indicator], known_at: datetime
) -> dict[int, list[IndicatorDefinition]]:
    """Return by key the versions known; of one that has no other than the first, none.

    One query, none when all have one version only.
    """
    changed = [indicator.pk for indicator in indicators if indicator.definition_number > 1]
    versions: dict[int, list[IndicatorDefinition]] = {pk: [] for pk in changed}
    if changed:
        rows = IndicatorDefinition.objects.filter(indicator__in=changed, recorded_at__lte=known_at)
        for row in rows:
            versions[row.indicator_id].append(row)
    return versions


def day_judged(year: int, clocks: Clocks) -> date:
    """Return the reference date, or the edge of the plan year nearest to it."""
    return min(max(clocks.reference_date, date(year, 1, 1)), date(year, 12, 31))


def definitions_standing(versions: Iterable[IndicatorDefinition]) -> list[IndicatorDefinition]:
    """Return the versions that still speak of some day, by first day; the last is the newest.

    One takes the place of all recorded before it from its first day on: of the version of the same
    day, and of those that had not begun when it was recorded.
    """
    standing: list[IndicatorDefinition] = []
    for version in sorted(versions, key=lambda row: (row.recorded_at, row.pk)):
        while standing and standing[-1].valid_from >= version.valid_from:
            standing.pop()
        standing.append(version)
    return standing


def definition_held(
    indicator: Indicator, versions: Iterable[IndicatorDefinition], day: date
) -> KnownDefinition:
    """Return the definition that speaks of `day`, by the versions known, in any order."""
    standing = definitions_standing(versions)
    holding = [version for version in standing if version.valid_from <= day]
    if not holding:
        return KnownDefinition(indicator)
    return KnownDefinition(as_defined(indicator, holding[-1]), holding[-1], series_breaks(standing))


def defined_on(indicator: Indicator, day: date, known_at: datetime) -> Indicator:
    """Return the indicator as it is defined for a day: one query, also when it was read before
    someone changed the definition.
    """
    return definition_held(indicator, versions_known(indicator, known_at), day).indicator


def versions_known(indicator: Indicator, known_at: datetime) -> list[IndicatorDefinition]:
    """Return the versions by first day, then by recording; none when there is one only."""
    rows = list(indicator.definitions.order_by("valid_from", "recorded_at", "pk"))
    return [row for row in rows if row.recorded_at <= known_at] if len(rows) > 1 else []


def newest_definition(indicator: Indicator) -> Indicator:
    """Return the indicator as its newest version defines it, a draft for next year included.

    What it says itself is what everyone may read: one query.
    """
    newest = indicator.definitions.order_by("recorded_at", "pk").last()
    return as_defined(indicator, newest) if newest and newest.number > 1 else indicator


def series_breaks(versions: Iterable[IndicatorDefinition]) -> tuple[SeriesBreak, ...]:
    """Return the breaks, oldest first, that versions in any order mark where they still stand."""
    return tuple(
        SeriesBreak(row.valid_from, row.reason)
        for row in definitions_standing(versions)
        if row.is_series_break
    )
