"""What the figures of a report rest on, read for all of its indicators at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import IndicatorDefinition, Measurement, MeasurementEvent
from objectives.indicators.periods import Period
from objectives.indicators.selectors import IndicatorReading
from objectives.indicators.selectors.figures import parts_of
from objectives.planning.selectors import ObjectiveReading


@dataclass(frozen=True, slots=True)
class Background:
    """Parts by the key of their whole; locked (indicator key, period); versions by indicator key.

    Versions are those known then that speak of the plan year or of what came before, in the order
    of their numbers.
    """

    parts: Mapping[int, Mapping[str, Measurement]]
    locked: frozenset[tuple[int, Period]]
    versions: Mapping[int, tuple[IndicatorDefinition, ...]]

    def is_locked(self, indicator_id: int, period: Period) -> bool:
        """Tell whether a report had been issued on a figure of the period."""
        return (indicator_id, period) in self.locked


def background(
    readings: Iterable[ObjectiveReading], *, year: int, known_at: datetime
) -> Background:
    """Return it as known then: three queries."""
    own = [link.reading for reading in readings for link in reading.indicators]
    return Background(
        parts=parts_of([row for reading in own for row in _split(reading)]),
        locked=_locked(own, known_at),
        versions=_versions(own, year, known_at),
    )


def _split(reading: IndicatorReading) -> list[Measurement]:
    """Return the figures that may have parts."""
    if not reading.indicator.disaggregations:
        return []
    return [slot.measurement for slot in reading.slots if slot.measurement]


def _locked(
    readings: Iterable[IndicatorReading], known_at: datetime
) -> frozenset[tuple[int, Period]]:
    rows = MeasurementEvent.objects.filter(
        measurement__indicator__in={reading.indicator.pk for reading in readings},
        kind=MeasurementEventKind.LOCKED,
        recorded_at__lte=known_at,
    ).values_list(
        "measurement__indicator_id", "measurement__period_start", "measurement__resolution"
    )
    return frozenset((pk, Period(start, resolution)) for pk, start, resolution in rows)


def _versions(
    readings: Iterable[IndicatorReading], year: int, known_at: datetime
) -> dict[int, tuple[IndicatorDefinition, ...]]:
    """Ask only for what has more than one version now: the others cannot have had more then."""
    changed = IndicatorDefinition.objects.filter(
        indicator__in={reading.indicator.pk for reading in readings}, number__gt=1
    ).values("indicator")
    found: dict[int, list[IndicatorDefinition]] = defaultdict(list)
    for row in IndicatorDefinition.objects.filter(
        indicator__in=changed, recorded_at__lte=known_at, valid_from__lte=date(year, 12, 31)
    ).order_by("number", "pk"):
        found[row.indicator_id].append(row)
    return {pk: tuple(rows) for pk, rows in found.items()}
