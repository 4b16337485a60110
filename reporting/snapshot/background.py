"""What the figures of a report rest on, read for all of its indicators at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from ibzplan.core.clocks import Clocks
from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import (
    Indicator,
    IndicatorDefinition,
    Measurement,
    MeasurementEvent,
)
from objectives.indicators.periods import Period
from objectives.indicators.selectors import IndicatorReading
from objectives.indicators.selectors.figures import parts_of
from objectives.planning.selectors import ObjectiveReading
from personnel.models import OrganisationUnit, UnitTransfer
from personnel.structure import transfers_of_type
from personnel.transfers import unit_of_day


@dataclass(frozen=True, slots=True)
class Background:
    """Parts by the key of their whole; locked (indicator key, period); versions by indicator key.

    `validated` says by figure when it was validated last, `transfers` which records went over to
    another unit. Versions are those known then that speak of the plan year or of what came before,
    in the order of their numbers.
    """

    parts: Mapping[int, Mapping[str, Measurement]]
    locked: frozenset[tuple[int, Period]]
    validated: Mapping[int, datetime]
    versions: Mapping[int, tuple[IndicatorDefinition, ...]]
    transfers: Mapping[UUID, Sequence[UnitTransfer]]

    def is_locked(self, indicator_id: int, period: Period) -> bool:
        """Tell whether a report had been issued on a figure of the period."""
        return (indicator_id, period) in self.locked

    def unit_that_recorded(self, indicator: Indicator, row: Measurement) -> OrganisationUnit:
        """Return the unit that the indicator had on the day on which a figure was recorded."""
        day = timezone.localdate(row.recorded_at)
        return unit_of_day(self.transfers.get(indicator.uuid, ()), day, indicator.owner)


def background(readings: Iterable[ObjectiveReading], *, year: int, clocks: Clocks) -> Background:
    """Return it as known then: four queries."""
    own = [link.reading for reading in readings for link in reading.indicators]
    locked, validated = _events(own, clocks.known_at)
    return Background(
        parts=parts_of([row for reading in own for row in _split(reading)]),
        locked=locked,
        validated=validated,
        versions=_versions(own, year, clocks.known_at),
        transfers=_transfers(clocks),
    )


def _transfers(clocks: Clocks) -> dict[UUID, list[UnitTransfer]]:
    """Return by indicator those known then that had taken effect on the reference date.

    Readings have the unit of that day: what goes over later says nothing of before.
    """
    found: dict[UUID, list[UnitTransfer]] = defaultdict(list)
    for row in transfers_of_type(Indicator.type_name()):
        if row.recorded_at <= clocks.known_at and row.takes_effect_on <= clocks.reference_date:
            found[row.target_uuid].append(row)
    return found


def _split(reading: IndicatorReading) -> list[Measurement]:
    """Return the figures that may have parts."""
    if not reading.indicator.disaggregations:
        return []
    return [slot.measurement for slot in reading.slots if slot.measurement]


def _events(
    readings: Iterable[IndicatorReading], known_at: datetime
) -> tuple[frozenset[tuple[int, Period]], dict[int, datetime]]:
    """Return the locked periods, and when each figure was validated last."""
    rows = (
        MeasurementEvent.objects.filter(
            measurement__indicator__in={reading.indicator.pk for reading in readings},
            kind__in=[MeasurementEventKind.LOCKED, MeasurementEventKind.VALIDATED],
            recorded_at__lte=known_at,
        )
        .select_related("measurement")
        .order_by("recorded_at", "pk")
    )
    locked: set[tuple[int, Period]] = set()
    validated: dict[int, datetime] = {}
    for row in rows:
        if row.kind == MeasurementEventKind.VALIDATED:
            validated[row.measurement_id] = row.recorded_at
        else:
            locked.add((row.measurement.indicator_id, row.measurement.period))
    return frozenset(locked), validated


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
