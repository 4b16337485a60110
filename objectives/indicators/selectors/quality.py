"""What the data quality checks are given, and what they find in series as they were known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.utils import timezone

from ibzplan.core.clocks import Clocks
from objectives.indicators import engine, quality
from objectives.indicators.breakdowns import dimensions_of
from objectives.indicators.choices import SlotState
from objectives.indicators.models import Indicator, Measurement, Obligation
from objectives.indicators.periods import Period
from objectives.indicators.querysets import MeasurementQuerySet
from objectives.indicators.selectors.definitions import SeriesBreak
from objectives.indicators.selectors.engine_inputs import fraction_of
from objectives.indicators.selectors.readings import IndicatorReading, indicator_readings
from objectives.indicators.selectors.slots import SlotReading
from personnel.access import Access

Slot = tuple[date, str]
"""Start and resolution of a period."""


def slot_of(period: Period) -> Slot:
    """Return what tells a period from the others of its series."""
    return period.start, period.resolution


def series_rule(indicator: Indicator, breaks: Iterable[SeriesBreak] = ()) -> quality.SeriesRule:
    """Return what the definition says about every figure of the series."""
    return quality.SeriesRule(
        kind=engine.TargetKind(indicator.target_kind),
        accumulation=engine.Accumulation(indicator.accumulation),
        ratio=indicator.is_ratio,
        scale=Fraction(indicator.ratio_scale),
        smallest_step=Fraction(1, 10**indicator.decimals),
        possible_low=fraction_of(indicator.possible_low),
        possible_high=fraction_of(indicator.possible_high),
        dimensions=tuple(
            quality.Dimension(
                dimension.code,
                tuple(member.code for member in dimension.members),
                dimension.adds_up,
            )
            for dimension in dimensions_of(indicator.disaggregations)
        ),
        breaks=tuple(one.on for one in breaks),
    )


def quality_part(
    value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None
) -> quality.Part:
    """Return the numbers of the whole or of one part, exactly."""
    return quality.Part(fraction_of(value), fraction_of(numerator), fraction_of(denominator))


def current_rows(rows: Iterable[Measurement]) -> dict[Slot, dict[str, Measurement]]:
    """Return by slot and breakdown key the row recorded last; `rows` in order of recording."""
    found: dict[Slot, dict[str, Measurement]] = defaultdict(dict)
    for row in rows:
        found[(row.period_start, row.resolution)][row.breakdown_key] = row
    return found


def first_recorded(rows: Iterable[Measurement]) -> dict[Slot, date]:
    """Return by slot the day on which its first figure came in."""
    moments: dict[Slot, datetime] = {}
    for row in rows:
        slot = (row.period_start, row.resolution)
        moments[slot] = min(moments.get(slot, row.recorded_at), row.recorded_at)
    return {slot: timezone.localdate(moment) for slot, moment in moments.items()}


def quality_figures(
    rows: Sequence[Measurement], obligations: Mapping[Slot, Obligation | SlotReading]
) -> dict[Slot, quality.Figure]:
    """Return by slot the figure that counts with its breakdown; `rows` in order of recording.

    What nobody asked for has no due date, so that it cannot be late.
    """
    days = first_recorded(rows)
    figures = {}
    for slot, by_key in current_rows(rows).items():
        whole = by_key.get("")
        if whole is None:
            continue
        obligation = obligations.get(slot)
        figures[slot] = quality.Figure(
            period_start=whole.period_start,
            period_end=whole.period_end,
            due_on=obligation.due_on if obligation else whole.period_end,
            value=fraction_of(whole.value),
            numerator=fraction_of(whole.numerator),
            denominator=fraction_of(whole.denominator),
            level=whole.level,
            done_on=whole.done_on,
            forecast_on=whole.forecast_on,
            recorded_on=days[slot] if obligation else None,
            entered_on=timezone.localdate(whole.recorded_at),
            parts={
                key: quality_part(row.value, row.numerator, row.denominator)
                for key, row in by_key.items()
                if key and row.has_number
            },
        )
    return figures


@dataclass(frozen=True, slots=True)
class PeriodQuality:
    """A period of the plan year whose figure was due or came in, and what the checks say of it.

    `row` is the figure that counts, None when it is missing; `first_on` the day on which the
    period got its first one. `is_judged` is False when the definition contradicts itself.
    """

    period: Period
    due_on: date
    row: Measurement | None = None
    first_on: date | None = None
    is_validated: bool = False
    is_judged: bool = True
    findings: tuple[quality.Finding, ...] = ()

    @property
    def days_late(self) -> int:
        """Return how many days after its due date the first figure came in; 0 when in time."""
        found = [one for one in self.findings if one.check == quality.Check.LATE]
        return int(found[0].values["days"]) if found else 0

    @property
    def worst(self) -> quality.Severity | None:
        """Return what weighs most among the findings; None without any."""
        found = {one.severity for one in self.findings}
        return next((severity for severity in quality.Severity if severity in found), None)


@dataclass(frozen=True, slots=True)
class SeriesQuality:
    """An indicator, as it was defined for the plan year, and the periods of that year.

    `problem` says how the definition contradicts itself, in English and for its makers; '' when it
    does not. Its figures could not even be judged when `is_judged` is False.
    """

    indicator: Indicator
    periods: tuple[PeriodQuality, ...]
    problem: str = ""
    is_judged: bool = True


def series_quality(
    indicators: Sequence[Indicator], *, year: int, clocks: Clocks, access: Access
) -> list[SeriesQuality]:
    """Return what the checks find in the figures of a plan year: five queries at most.

    Every figure is judged against the whole series before it, all of it as known then. An indicator
    comes back for each one given, in their order.
    """
    readings = indicator_readings(indicators, year=year, clocks=clocks, access=access)
    ordered = [readings[indicator.pk] for indicator in indicators]
    figures = Measurement.objects.visible_to(access, clocks.known_at)
    figures = figures.with_validation(clocks.known_at).select_related("recorded_by", "approved_by")
    return quality_of_readings(ordered, figures, clocks)


def quality_of_readings(
    readings: Sequence[IndicatorReading], figures: MeasurementQuerySet, clocks: Clocks
) -> list[SeriesQuality]:
    """Return what `series_quality` does of readings of one plan year: one query.

    `figures` are those that the reader may see, with their validation.
    """
    year = max((reading.year for reading in readings), default=0)
    rows: dict[int, list[Measurement]] = defaultdict(list)
    for row in (
        figures.filter(
            indicator__in=[reading.indicator.pk for reading in readings],
            period_end__year__lte=year,
        )
        .known_at(clocks.known_at)
        .until(clocks.reference_date)
        .order_by("recorded_at", "pk")
    ):
        rows[row.indicator_id].append(row)
    return [
        _series(reading, rows[reading.indicator.pk], clocks.reference_date) for reading in readings
    ]


def _series(
    reading: IndicatorReading, rows: Sequence[Measurement], reference_date: date
) -> SeriesQuality:
    slots = {slot_of(one.period): one for one in reading.slots}
    figures = quality_figures(rows, slots)
    owed = reading.due_slots
    rule, problem = _rule_or_problem(reading)
    found = _by_period(rule, figures, owed, reference_date, reading.year)
    first_days, current = first_recorded(rows), current_rows(rows)
    asked = {slot_of(slot.period) for slot in owed}
    unasked = {key for key, one in figures.items() if one.period_end.year == reading.year} - asked
    periods = []
    for key in sorted(asked | unasked):
        slot, row = slots.get(key), current[key].get("") if key in current else None
        period = Period(*key)
        periods.append(
            PeriodQuality(
                period,
                due_on=slot.due_on if slot else period.end,
                row=row,
                first_on=first_days[key] if row else None,
                is_validated=bool(getattr(row, "is_validated", False)),
                is_judged=rule is not None,
                findings=tuple(found.get(key, ())),
            )
        )
    return SeriesQuality(
        reading.indicator,
        tuple(periods),
        problem or reading.problem,
        is_judged=rule is not None,
    )


def _rule_or_problem(reading: IndicatorReading) -> tuple[quality.SeriesRule | None, str]:
    try:
        return series_rule(reading.indicator, reading.breaks), ""
    except ValueError as error:
        return None, str(error)


# What can be said of a figure when the definition cannot: whether it came in, and when.
_TIMELINESS: Final = quality.SeriesRule(kind=engine.TargetKind.ORDINAL)


def _by_period(
    rule: quality.SeriesRule | None,
    figures: Mapping[Slot, quality.Figure],
    owed: Iterable[SlotReading],
    reference_date: date,
    year: int,
) -> dict[Slot, list[quality.Finding]]:
    """Return the findings of the plan year's periods, by slot.

    `check_series` names a period by its first day; the services see to it that no two figures of a
    series begin on the same day.
    """
    due = {slot_of(slot.period): slot for slot in owed}
    judged = list(figures.values())
    if rule is None:
        judged = [replace(figure, parts={}) for figure in judged]
    listed = quality.check_series(
        rule or _TIMELINESS,
        judged,
        due=[
            quality.Slot(
                period_start=slot.period.start,
                period_end=slot.period.end,
                due_on=slot.due_on,
                measured=slot.state == SlotState.MEASURED,
            )
            for slot in due.values()
        ],
        reference_date=reference_date,
    )
    measured = {start: (start, resolution) for start, resolution in figures}
    missing = {key[0]: key for key, slot in due.items() if slot.state == SlotState.MISSING}
    found: dict[Slot, list[quality.Finding]] = defaultdict(list)
    for start, finding in listed:
        if start.year == year:
            places = missing if finding.check == quality.Check.MISSING else measured
            found[places[start]].append(finding)
    return found
