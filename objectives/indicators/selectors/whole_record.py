"""All that is recorded of one indicator, for its own page.

Each table is read on its own, for all moments, readers and plan years at once: what is read stays
in memory until that table changes (see `ibzplan.core.steady`), and a page of any moment leaves out
what was recorded after it.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ibzplan.core.steady import steady
from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import (
    Correction,
    Indicator,
    IndicatorDefinition,
    Measurement,
    MeasurementEvent,
    Obligation,
    Target,
)
from objectives.indicators.periods import Period
from objectives.indicators.selectors.corrections import CorrectionReading, reading_of
from objectives.indicators.selectors.figures import REVIEWS
from objectives.indicators.selectors.locks import Cause, locks_by_period
from objectives.indicators.selectors.recorded import RecordedFigure, RecordedSeries, Review
from personnel.access import Access


@dataclass(frozen=True, slots=True)
class WholeRecord:
    """The figures of an indicator, parts of breakdowns included, with what happened to them.

    Both in the order of recording; figures know who recorded and approved them.
    """

    indicator: Indicator
    figures: Sequence[Measurement]
    events: Sequence[MeasurementEvent]

    @property
    def totals(self) -> list[Measurement]:
        """Return the figures of the whole."""
        return [row for row in self.figures if not row.breakdown_key]

    @property
    def by_period(self) -> list[Measurement]:
        """Return the figures of the whole by period, those of one period as they were recorded."""
        return sorted(self.totals, key=lambda row: (row.period_start, row.recorded_at, row.pk))

    def current(self) -> dict[Period, Measurement]:
        """Return by period the figure of the whole that counts now, of running periods too.

        It includes what the clocks of a page leave out: a service compares with these.
        """
        return {row.period: row for row in self.totals}

    def reviews(self, known_at: datetime) -> dict[int, MeasurementEvent]:
        """Return by figure its last validation or return as known then."""
        return {
            event.measurement_id: event
            for event in self.events
            if event.kind in REVIEWS and event.recorded_at <= known_at
        }

    def locks(self, known_at: datetime) -> dict[Period, list[Cause]]:
        """Return by locked period what had locked its figures by then, oldest first."""
        periods = {row.pk: row.period for row in self.figures}
        return locks_by_period(
            (periods[event.measurement_id], event.cause_type, event.cause_uuid)
            for event in self.events
            if event.kind == MeasurementEventKind.LOCKED
            and event.recorded_at <= known_at
            and event.measurement_id in periods
        )

    def seen(self, access: Access, known_at: datetime) -> list[Measurement]:
        """Return the figures of the whole that a reader of the indicator saw then, by period.

        It is MeasurementQuerySet.visible_to: cabinets see others' figures only when validated.
        """
        rows = [row for row in self.by_period if row.recorded_at <= known_at]
        if access.validated_only_outside and (
            self.indicator.owner_id not in access.minister_unit_ids
        ):
            reviews = self.reviews(known_at)
            rows = [row for row in rows if _is_validated(reviews.get(row.pk))]
        return rows

    def series(self) -> RecordedSeries:
        """Return all that is recorded, to be judged at any moment: see `recorded_series`."""
        key = self.indicator.pk
        reviews: dict[int, list[Review]] = {}
        for event in self.events:
            if event.kind in REVIEWS:
                found = reviews.setdefault(event.measurement_id, [])
                found.append((event.recorded_at, event.kind))
        return RecordedSeries(
            versions={key: _versions(key)} if self.indicator.definition_number > 1 else {},
            targets={key: _targets(key)},
            obligations={key: _obligations(key)},
            figures={key: [RecordedFigure(row, reviews.get(row.pk, [])) for row in self.by_period]},
        )

    def corrections(self, known_at: datetime) -> list[CorrectionReading]:
        """Return the corrections asked for by then, newest first: see `corrections_of`."""
        figures = {row.pk: row for row in self.figures}
        found = []
        for row in _corrections():
            if row.measurement_id in figures and row.requested_at <= known_at:
                own = copy.copy(row)
                own.measurement = copy.copy(figures[row.measurement_id])
                found.append(reading_of(own, known_at))
        return found

    def target_recorders(self) -> Mapping[int, str]:
        """Return by key the names of the accounts that set its targets."""
        return {row.recorded_by_id: str(row.recorded_by) for row in _targets(self.indicator.pk)}


def whole_record(pk: int) -> WholeRecord:
    """Return all that is recorded of an indicator: three queries, up to five more where its series
    and its corrections are asked for. Its figures are copies, to be written on.
    """
    return WholeRecord(stored_indicator(pk), [copy.copy(row) for row in _figures(pk)], _events(pk))


def _is_validated(event: MeasurementEvent | None) -> bool:
    return event is not None and event.kind == MeasurementEventKind.VALIDATED


@steady
def stored_indicator(pk: int) -> Indicator:
    """Return an indicator as it is now."""
    found: Indicator = Indicator.objects.select_related("owner").get(pk=pk)
    return found


@steady
def _figures(pk: int) -> tuple[Measurement, ...]:
    rows = Measurement.objects.filter(indicator=pk).select_related("recorded_by", "approved_by")
    return tuple(rows.order_by("recorded_at", "pk"))


@steady
def _events(pk: int) -> tuple[MeasurementEvent, ...]:
    rows = MeasurementEvent.objects.filter(measurement__indicator=pk)
    return tuple(rows.select_related("recorded_by").order_by("recorded_at", "pk"))


@steady
def _versions(pk: int) -> tuple[IndicatorDefinition, ...]:
    return tuple(IndicatorDefinition.objects.filter(indicator=pk))


@steady
def _targets(pk: int) -> tuple[Target, ...]:
    return tuple(Target.objects.filter(indicator=pk).select_related("recorded_by"))


@steady
def _obligations(pk: int) -> tuple[Obligation, ...]:
    rows = Obligation.objects.filter(indicator=pk)
    return tuple(rows.order_by("period_end", "period_start", "pk"))


@steady
def _corrections() -> tuple[Correction, ...]:
    """Return every correction that was asked for, newest first: they are few."""
    return tuple(Correction.objects.select_related("requested_by", "decided_by"))
