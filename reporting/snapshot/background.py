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
from objectives.indicators.selectors.slots import SlotReading
from objectives.planning.selectors import ObjectiveReading
from personnel.models import OrganisationUnit, UnitTransfer
from personnel.structure import transfers_of_type
from personnel.transfers import unit_of_day
from reporting.snapshot.since import ReportBefore


@dataclass(frozen=True, slots=True)
class Background:
    """Parts by the key of their whole; locked (indicator key, period); versions by indicator key.

    `validated` says by figure when it was validated last, `transfers` which records went over to
    another unit. Versions are those known then that speak of the plan year or of what came before,
    in the order of their numbers. `before` is the report before this one.
    """

    parts: Mapping[int, Mapping[str, Measurement]]
    locked: frozenset[tuple[int, Period]]
    validated: Mapping[int, datetime]
    versions: Mapping[int, tuple[IndicatorDefinition, ...]]
    transfers: Mapping[UUID, Sequence[UnitTransfer]]
    before: ReportBefore | None = None

    def may_restate(self, slot: SlotReading, year: int) -> bool:
        """Tell whether the report before may tell another figure of a slot of before `year`.

        That report was on an earlier plan year, and what counts now came after it.
        """
        before = self.before
        if before is None or not before.year <= slot.period.end.year < year:
            return False
        row = slot.measurement
        return row is None or row.recorded_at > before.report.known_at

    def is_locked(self, indicator_id: int, period: Period) -> bool:
        """Tell whether a report had been issued on a figure of the period."""
        return (indicator_id, period) in self.locked

    def unit_that_recorded(self, indicator: Indicator, row: Measurement) -> OrganisationUnit:
        """Return the unit that the indicator had on the day on which a figure was recorded."""
        day = timezone.localdate(row.recorded_at)
        return unit_of_day(self.transfers.get(indicator.uuid, ()), day, indicator.owner)


def background(
    readings: Iterable[ObjectiveReading],
    *,
    year: int,
    clocks: Clocks,
    before: ReportBefore | None,
) -> Background:
    """Return it as known then: five queries."""
    own = [link.reading for reading in readings for link in reading.indicators]
    locked, validated = _events(own, clocks.known_at)
    return Background(
        parts=parts_of([row for reading in own for row in _split(reading)]),
        locked=locked,
        validated=validated,
        versions=_versions(own, year, clocks.known_at),
        transfers=_transfers(clocks),
        before=before,
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
    found = MeasurementEvent.objects.filter(
        measurement__indicator__in={reading.indicator.pk for reading in readings},
        recorded_at__lte=known_at,
    )
    # Each report locks hundreds of figures: no row of them is needed as an object.
    locked = found.filter(kind=MeasurementEventKind.LOCKED).order_by().distinct()
    validated = found.filter(kind=MeasurementEventKind.VALIDATED).order_by("recorded_at", "pk")
    return (
        frozenset(
            (indicator, Period(start, resolution))
            for indicator, start, resolution in locked.values_list(
                "measurement__indicator", "measurement__period_start", "measurement__resolution"
            )
        ),
        dict(validated.values_list("measurement", "recorded_at")),
    )


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
