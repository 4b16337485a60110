"""Which periods are locked, and by what (design.md 4.3)."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import Indicator, MeasurementEvent
from objectives.indicators.periods import Period

Cause = tuple[str, UUID]
"""Type and UUID of the record that locked a figure, for instance a report."""


def locks_of(indicator: Indicator, known_at: datetime) -> dict[Period, list[Cause]]:
    """Return by locked period what locked its figures, oldest first: one query.

    A period stays locked when its figure is corrected.
    """
    rows = (
        MeasurementEvent.objects.filter(
            measurement__indicator=indicator,
            kind=MeasurementEventKind.LOCKED,
            recorded_at__lte=known_at,
        )
        .order_by("recorded_at", "pk")
        .values_list(
            "measurement__period_start", "measurement__resolution", "cause_type", "cause_uuid"
        )
    )
    return _by_period(rows)


def _by_period(rows: Iterable[tuple[date, str, str, UUID | None]]) -> dict[Period, list[Cause]]:
    found: dict[Period, list[Cause]] = {}
    for start, resolution, cause_type, cause_uuid in rows:
        causes = found.setdefault(Period(start, resolution), [])
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
