"""Figures with what belongs to them: their parts, their last review."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import Measurement, MeasurementEvent

if TYPE_CHECKING:
    from objectives.indicators.periods import Period

REVIEWS = (MeasurementEventKind.VALIDATED, MeasurementEventKind.RETURNED)


def parts_of(wholes: Sequence[Measurement]) -> dict[int, dict[str, Measurement]]:
    """Return by figure its parts by breakdown key: one query, whatever the number of indicators.

    A part that was not given with the figure stays as it was before; one that was taken away is
    left out.
    """
    if not wholes:
        return {}
    indicators = {whole.indicator_id for whole in wholes}
    rows = Measurement.objects.filter(indicator__in=indicators).exclude(breakdown_key="")
    return parts_among(rows.order_by("recorded_at", "pk"), wholes)


def parts_among(
    rows: Iterable[Measurement], wholes: Iterable[Measurement]
) -> dict[int, dict[str, Measurement]]:
    """Return what `parts_of` gives, of the parts in `rows`, in the order of recording."""
    by_period: dict[tuple[int, Period], list[Measurement]] = defaultdict(list)
    for row in rows:
        by_period[(row.indicator_id, row.period)].append(row)
    return {
        whole.pk: _filled(
            {
                row.breakdown_key: row
                for row in by_period.get((whole.indicator_id, whole.period), ())
                if row.recorded_at <= whole.recorded_at
            }
        )
        for whole in wholes
    }


def _filled(parts: Mapping[str, Measurement]) -> dict[str, Measurement]:
    return {key: row for key, row in parts.items() if row.has_number}


def last_reviews(
    measurements: Iterable[Measurement], known_at: datetime
) -> dict[int, MeasurementEvent]:
    """Return by figure its last validation or return as known then: one query."""
    rows = MeasurementEvent.objects.filter(
        measurement__in=[row.pk for row in measurements],
        kind__in=REVIEWS,
        recorded_at__lte=known_at,
    ).select_related("recorded_by")
    return {row.measurement_id: row for row in rows.order_by("recorded_at", "pk")}
