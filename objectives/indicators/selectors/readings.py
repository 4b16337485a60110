"""An indicator as it stood: slots, targets and status, by both clocks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from ibzplan.core.clocks import Clocks
from objectives.indicators import engine
from objectives.indicators.choices import MeasurementEventKind, SlotState
from objectives.indicators.models import Indicator, IndicatorDefinition, Target
from objectives.indicators.selectors.definitions import KnownDefinition, SeriesBreak, day_judged
from objectives.indicators.selectors.engine_inputs import engine_input
from objectives.indicators.selectors.recorded import (
    RecordedFigure,
    RecordedSeries,
    recorded_series,
)
from objectives.indicators.selectors.slots import Slot, SlotReading, slot_readings
from objectives.indicators.selectors.targets import final_target, latest_targets
from personnel.access import Access


@dataclass(frozen=True, slots=True)
class IndicatorReading:
    """An indicator within one plan year, as known at a moment.

    `indicator` carries the definition that held then; `definition` is that version, None when
    there never was another one. `targets` are those of this plan year and of earlier ones.
    """

    indicator: Indicator
    year: int
    data: engine.IndicatorInput | None
    status: engine.IndicatorStatus
    slots: tuple[SlotReading, ...]
    targets: tuple[Target, ...]
    problem: str = ""
    definition: IndicatorDefinition | None = None
    breaks: tuple[SeriesBreak, ...] = ()

    @property
    def last_break(self) -> SeriesBreak | None:
        """Return the last series break on or before the reference date, or None."""
        if self.data is None:
            return None
        passed = [one for one in self.breaks if one.on <= self.data.reference_date]
        return passed[-1] if passed else None

    @property
    def forecast(self) -> Fraction | None:
        """Return the value on the due date if things go on like this, or None (section 5)."""
        return self._forecast_on(None)

    @property
    def year_end(self) -> date:
        """Return the last day of the plan year."""
        return date(self.year, 12, 31)

    @property
    def year_end_forecast(self) -> Fraction | None:
        """Return the value at the end of the plan year if things go on like this, or None.

        None as well when the figures reach that day: what is measured needs no forecast.
        """
        if self.data is None:
            return None
        series = engine.figure_series(self.data, rule_version=self.status.rule_version)
        if series and series[-1].on >= self.year_end:
            return None
        return self._forecast_on(self.year_end)

    def _forecast_on(self, day: date | None) -> Fraction | None:
        if self.data is None:
            return None
        since = self.last_break.last_day_before if self.last_break else None
        version = self.status.rule_version
        return engine.forecast_indicator(self.data, day, since=since, rule_version=version)

    @property
    def final_target(self) -> Target | None:
        """Return the target of the plan year, or the next one after it."""
        return final_target(self.targets, self.year)

    @property
    def latest(self) -> SlotReading | None:
        """Return the last measured slot, or None."""
        measured = [slot for slot in self.slots if slot.measurement]
        return measured[-1] if measured else None

    @property
    def due_slots(self) -> list[SlotReading]:
        """Return the slots of the plan year that were due or measured, without not applicable."""
        return [
            slot
            for slot in self.slots
            if slot.period.end.year == self.year
            and slot.state in (SlotState.MEASURED, SlotState.MISSING)
        ]


def indicator_readings(
    indicators: Sequence[Indicator],
    *,
    year: int,
    clocks: Clocks,
    access: Access,
    rule_version: int = engine.CURRENT_RULE_VERSION,
) -> dict[int, IndicatorReading]:
    """Return a reading per indicator key, in at most four queries whatever their number.

    Figures that the user may not see (see MeasurementQuerySet.visible_to) count as missing.
    """
    series = recorded_series(indicators, year=year, until=clocks.known_at)
    return {
        indicator.pk: indicator_reading(
            series, indicator, year=year, clocks=clocks, access=access, rule_version=rule_version
        )
        for indicator in indicators
    }


def indicator_reading(
    series: RecordedSeries,
    indicator: Indicator,
    *,
    year: int,
    clocks: Clocks,
    access: Access,
    rule_version: int = engine.CURRENT_RULE_VERSION,
) -> IndicatorReading:
    """Return how one of the series stood at a moment that its rows reach: no query.

    The indicator carries the owner of the reference date; see indicator_readings.
    """
    known_at = clocks.known_at
    known = series.definition(indicator, day_judged(year, clocks), known_at)
    figures, withheld = _figures(series, known.indicator, clocks, access)
    obligations = series.obligations_of(indicator, year, known_at)
    slots = slot_readings(obligations, figures, withheld, known.indicator, clocks)
    targets = latest_targets(series.targets_of(indicator, year, known_at))
    return _judged(
        known, slots=slots, targets=targets, year=year, clocks=clocks, rule_version=rule_version
    )


def _figures(
    series: RecordedSeries, indicator: Indicator, clocks: Clocks, access: Access
) -> tuple[dict[Slot, RecordedFigure], set[Slot]]:
    """Return the figure that counts for each slot, and the slots with one that the user may not
    see: the last validated figure of the slot then counts for them.
    """
    figures: dict[Slot, RecordedFigure] = {}
    withheld: set[Slot] = set()
    for figure in series.figures_of(indicator, clocks.known_at):
        slot = (figure.row.period_start, figure.row.resolution)
        if _is_seen(figure, indicator.owner_id, clocks, access):
            figures[slot] = figure
        else:
            withheld.add(slot)
    return figures, withheld


def _is_seen(figure: RecordedFigure, owner_id: int, clocks: Clocks, access: Access) -> bool:
    """Leave out provisional figures of other ministers' units for cabinet staff."""
    return (
        not access.validated_only_outside
        or owner_id in access.minister_unit_ids
        or figure.review(clocks.known_at) == MeasurementEventKind.VALIDATED
    )


def _judged(
    known: KnownDefinition,
    *,
    slots: tuple[SlotReading, ...],
    targets: tuple[Target, ...],
    year: int,
    clocks: Clocks,
    rule_version: int,
) -> IndicatorReading:
    data, problem = None, ""
    try:
        data = engine_input(
            known.indicator,
            slots=slots,
            targets=targets,
            year=year,
            reference_date=clocks.reference_date,
        )
    except ValueError as error:
        problem = str(error)
        status = engine.IndicatorStatus(status=engine.Status.NO_DATA, rule_version=rule_version)
    else:
        status = engine.evaluate_indicator(data, rule_version=rule_version)
    if clocks.reference_date < date(year, 1, 1):
        status = _before_the_year(status)
    return IndicatorReading(
        known.indicator, year, data, status, slots, targets, problem, known.version, known.breaks
    )


def _before_the_year(status: engine.IndicatorStatus) -> engine.IndicatorStatus:
    """Return where a series stands whose plan year has not begun: nothing is judged yet."""
    return replace(
        status,
        status=engine.Status.NOT_STARTED,
        attainment=None,
        progress=None,
        stale=False,
        late=False,
        remarks=(),
        steps=(),
    )
