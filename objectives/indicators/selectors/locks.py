"""Which periods are locked, and by what (design.md 4.3)."""

from collections.abc import Iterable
from uuid import UUID

from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import Indicator, MeasurementEvent
from objectives.indicators.periods import Period

Cause = tuple[str, UUID]
"""Type and UUID of the record that locked a figure, for instance a report."""


def locks_by_period(
    locks: Iterable[tuple[Period, str, UUID | None]],
) -> dict[Period, list[Cause]]:
    """Return by period the causes of its locks, each once, in the order given.

    A period stays locked when its figure is corrected.
    """
    found: dict[Period, list[Cause]] = {}
    for period, cause_type, cause_uuid in locks:
        causes = found.setdefault(period, [])
        if cause_uuid is not None and (cause_type, cause_uuid) not in causes:
            causes.append((cause_type, cause_uuid))
    return found


def is_locked(indicator: Indicator, period: Period) -> bool:
    """Tell whether a report was issued on a figure of this period."""
    return MeasurementEvent.objects.filter(
        measurement__indicator=indicator,
        measurement__period_start=period.start,
        measurement__resolution=period.resolution,
        kind=MeasurementEventKind.LOCKED,
    ).exists()
