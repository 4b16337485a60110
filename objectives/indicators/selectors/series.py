"""What whoever records figures of many indicators has to know of them: some queries for all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from objectives.indicators import quality
from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import (
    Indicator,
    IndicatorDefinition,
    Measurement,
    MeasurementEvent,
    Obligation,
)
from objectives.indicators.periods import Period
from objectives.indicators.selectors.definitions import (
    KnownDefinition,
    definition_held,
    versions_of_all,
)
from objectives.indicators.selectors.quality import Slot, current_rows, quality_figures, slot_of


@dataclass(slots=True)
class Series:
    """One indicator: its definitions, what is asked for, what is recorded and what is locked.

    `figures` are the figures that count, as the checks see them; whoever records one adds it.
    """

    indicator: Indicator
    versions: Sequence[IndicatorDefinition]
    asked: Mapping[Slot, Obligation]
    rows: Mapping[Slot, Mapping[str, Measurement]]
    figures: dict[Slot, quality.Figure]
    locked: frozenset[Slot]

    def defined(self, day: date) -> KnownDefinition:
        """Return the definition that speaks of a day."""
        return definition_held(self.indicator, self.versions, day)

    def current(self, period: Period) -> Measurement | None:
        """Return the figure that counts for the whole of a period, or None."""
        return self.rows.get(slot_of(period), {}).get("")

    def parts(self, period: Period) -> dict[str, Measurement]:
        """Return the parts that the figure of a period has."""
        rows = self.rows.get(slot_of(period), {})
        return {key: row for key, row in rows.items() if key and row.has_number}


def series_of(indicators: Iterable[Indicator], known_at: datetime) -> dict[int, Series]:
    """Return the series by key: four queries, three when every definition is the first."""
    every = {indicator.pk: indicator for indicator in indicators}
    asked: dict[int, dict[Slot, Obligation]] = defaultdict(dict)
    for slot in Obligation.objects.current().filter(indicator__in=list(every)):
        asked[slot.indicator_id][(slot.period_start, slot.resolution)] = slot
    rows: dict[int, list[Measurement]] = defaultdict(list)
    recorded = Measurement.objects.filter(indicator__in=list(every))
    for row in recorded.order_by("recorded_at", "pk"):
        row.indicator = every[row.indicator_id]
        rows[row.indicator_id].append(row)
    versions = versions_of_all(every.values(), known_at)
    locked = _locked(every)
    return {
        pk: Series(
            indicator,
            versions.get(pk, ()),
            asked[pk],
            current_rows(rows[pk]),
            quality_figures(rows[pk], asked[pk]),
            frozenset(locked.get(pk, ())),
        )
        for pk, indicator in every.items()
    }


def _locked(indicator_ids: Iterable[int]) -> dict[int, set[Slot]]:
    """Return by indicator the periods that a report was issued on."""
    events = MeasurementEvent.objects.filter(
        measurement__indicator__in=list(indicator_ids), kind=MeasurementEventKind.LOCKED
    )
    found: dict[int, set[Slot]] = defaultdict(set)
    for pk, start, resolution in events.values_list(
        "measurement__indicator", "measurement__period_start", "measurement__resolution"
    ).distinct():
        found[pk].add((start, resolution))
    return found
