"""Which definition of an indicator holds for a plan year, by both clocks."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
    plan year nearest to it, the one with the latest first day holds; of one day the last recorded.
    """
    changed = [indicator.pk for indicator in indicators if indicator.definition_number > 1]
    versions: dict[int, list[IndicatorDefinition]] = {pk: [] for pk in changed}
    if changed:
        rows = IndicatorDefinition.objects.filter(
            indicator__in=changed, recorded_at__lte=clocks.known_at
        ).order_by("valid_from", "recorded_at", "pk")
        for row in rows:
            versions[row.indicator_id].append(row)
    day = min(max(clocks.reference_date, date(year, 1, 1)), date(year, 12, 31))
    return {
        indicator.pk: definition_held(indicator, versions.get(indicator.pk, []), day)
        for indicator in indicators
    }


def definition_held(
    indicator: Indicator, versions: Sequence[IndicatorDefinition], day: date
) -> KnownDefinition:
    """Return the definition that speaks of `day`; `versions` by first day, then by recording."""
    holding = [version for version in versions if version.valid_from <= day]
    if not holding:
        return KnownDefinition(indicator)
    return KnownDefinition(as_defined(indicator, holding[-1]), holding[-1], series_breaks(versions))


def series_breaks(versions: Iterable[IndicatorDefinition]) -> tuple[SeriesBreak, ...]:
    """Return the breaks, oldest first; `versions` by first day, then by recording.

    The version recorded last for a day says whether the series breaks there.
    """
    by_day: Mapping[date, IndicatorDefinition] = {row.valid_from: row for row in versions}
    return tuple(
        SeriesBreak(day, row.reason) for day, row in sorted(by_day.items()) if row.is_series_break
    )
