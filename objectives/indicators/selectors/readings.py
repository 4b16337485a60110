"""An indicator as it stood: slots, targets and status, by both clocks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from ibzplan.core.clocks import Clocks
from objectives.indicators import engine
from objectives.indicators.choices import Accumulation, SlotState, TargetKind
from objectives.indicators.models import (
    Indicator,
    IndicatorDefinition,
    Measurement,
    Obligation,
    Target,
)
from objectives.indicators.periods import Period
from objectives.indicators.selectors.definitions import (
    KnownDefinition,
    SeriesBreak,
    definitions_known,
)
from personnel.access import Access


@dataclass(frozen=True, slots=True)
class SlotReading:
    """Indicator x period: its state, and the figure that counts when it is measured.

    `is_withheld`: there is a figure that this reader sees once it is validated. For them, and for
    the status they are shown, it is missing; to say so would blame the unit.
    """

    period: Period
    due_on: date
    state: SlotState
    measurement: Measurement | None = None
    not_applicable_reason: str = ""
    is_withheld: bool = False

    @property
    def is_late(self) -> bool:
        """Tell whether the figure is due and missing."""
        return self.state == SlotState.MISSING and not self.is_withheld

    @property
    def label(self) -> str:
        """Return the state in words."""
        return _("Not validated yet") if self.is_withheld else str(self.state.label)

    @property
    def value(self) -> Fraction | None:
        """Return the figure as an exact number, or None (missing, ordinal, milestone)."""
        return figure_value(self.measurement) if self.measurement else None


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


def figure_value(measurement: Measurement) -> Fraction | None:
    """Return a figure's number exactly: its value, or its ratio in the indicator's unit."""
    if measurement.numerator is not None and measurement.denominator:
        scale = measurement.indicator.ratio_scale
        return scale * Fraction(measurement.numerator) / Fraction(measurement.denominator)
    return Fraction(measurement.value) if measurement.value is not None else None


def final_target(targets: Sequence[Target], year: int) -> Target | None:
    """Return the final target of the year, else the next one that the latest plan set, else the
    last one before it.
    """
    finals = sorted(_counting(target for target in targets if target.is_final), key=_due_on)
    of_year = [target for target in finals if target.due_on.year == year]
    after = [target for target in finals if target.due_on.year > year]
    newest_plan = max((target.plan_year for target in after), default=None)
    own = [target for target in after if target.plan_year == newest_plan]
    before = [target for target in finals if target.due_on.year < year]
    for candidates in (of_year[-1:], own[:1], before[-1:]):
        if candidates:
            return candidates[0]
    return None


def _due_on(target: Target) -> date:
    return target.due_on


def _counting(targets: Iterable[Target]) -> list[Target]:
    """Leave out the final targets in whose place another one came, in their order.

    A year has one final target: of those due in it, that of the latest plan, recorded last.
    """
    rows = list(targets)
    last: dict[int, Target] = {}
    for row in sorted((row for row in rows if row.is_final), key=_set_at):
        last[row.due_on.year] = row
    return [row for row in rows if not row.is_final or last[row.due_on.year] is row]


def _set_at(target: Target) -> tuple[int, datetime, int]:
    return target.plan_year, target.recorded_at, target.pk or 0


def _latest_targets(rows: Iterable[Target]) -> tuple[Target, ...]:
    """Keep, for each date, the target recorded last, unless it was lifted; oldest date first.

    A final target in whose place another one came, on another day of the same year, goes too.
    """
    by_date: dict[date, Target] = {}
    for row in sorted(rows, key=lambda t: (t.recorded_at, t.pk)):
        by_date[row.due_on] = row
    kept = (by_date[day] for day in sorted(by_date))
    return tuple(_counting(row for row in kept if not row.is_lifted))


def targets_set(indicator: Indicator, *, plan_year: int) -> tuple[Target, ...]:
    """Return the targets that a plan year is judged by as they are now, by date: one query."""
    return _latest_targets(Target.objects.filter(indicator=indicator, plan_year__lte=plan_year))


def targets_known(
    indicators: Iterable[Indicator], *, plan_year: int, known_at: datetime
) -> dict[int, tuple[Target, ...]]:
    """Return by indicator the targets a plan year is judged by as known then, by date: one query.

    An indicator without any is not among the keys.
    """
    rows = Target.objects.known_at(known_at).filter(
        indicator__in=[indicator.pk for indicator in indicators], plan_year__lte=plan_year
    )
    found: dict[int, list[Target]] = defaultdict(list)
    for row in rows:
        found[row.indicator_id].append(row)
    return {pk: _latest_targets(of_one) for pk, of_one in found.items()}


def _slot_state(
    obligation: Obligation, *, measured: bool, done: bool, reference: date
) -> SlotState:
    if measured:
        return SlotState.MEASURED
    if done or obligation.not_applicable_reason:
        return SlotState.NOT_APPLICABLE
    return SlotState.MISSING if obligation.due_on <= reference else SlotState.NOT_YET_DUE


def _slot_readings(
    obligations: Iterable[Obligation],
    figures: Mapping[tuple[date, str], Measurement],
    withheld: Collection[tuple[date, str]],
    reference: date,
) -> tuple[SlotReading, ...]:
    readings = []
    done = False  # a milestone that is done has nothing more to report
    for obligation in obligations:
        slot = (obligation.period_start, obligation.resolution)
        found = figures.get(slot)
        # A figure of a period that had not ended on the reference date is not selected by it.
        figure = found if found and found.period_end <= reference else None
        state = _slot_state(obligation, measured=figure is not None, done=done, reference=reference)
        readings.append(
            SlotReading(
                period=obligation.period,
                due_on=obligation.due_on,
                state=state,
                measurement=figure,
                not_applicable_reason=obligation.not_applicable_reason,
                is_withheld=(
                    slot in withheld
                    and state in (SlotState.MISSING, SlotState.NOT_YET_DUE)
                    and obligation.period_end <= reference
                ),
            )
        )
        done = done or (figure is not None and figure.done_on is not None)
    return tuple(readings)


def _engine_slot(slot: SlotReading, ratio_scale: int) -> engine.Slot:
    row = slot.measurement
    state = (
        engine.SlotState.MISSING
        if slot.state in (SlotState.MISSING, SlotState.NOT_YET_DUE)
        else engine.SlotState(slot.state.value)
    )
    if row is None:
        return engine.Slot(
            period_start=slot.period.start,
            period_end=slot.period.end,
            due_on=slot.due_on,
            state=state,
        )
    return engine.Slot(
        period_start=slot.period.start,
        period_end=slot.period.end,
        due_on=slot.due_on,
        state=state,
        value=fraction_of(row.value),
        # The scale goes with the numerator: pooled ratios stay sum over sum.
        numerator=None if row.numerator is None else ratio_scale * Fraction(row.numerator),
        denominator=fraction_of(row.denominator),
        level=row.level,
        done_on=row.done_on,
        forecast_on=row.forecast_on,
        provisional=not getattr(row, "is_validated", False),
    )


def fraction_of(value: Decimal | None) -> Fraction | None:
    """Return a stored quantity exactly."""
    return None if value is None else Fraction(value)


def _rule(indicator: Indicator) -> engine.IndicatorRule:
    thresholds = {}
    if indicator.threshold_on_track is not None:
        thresholds["on_track_from"] = Fraction(indicator.threshold_on_track)
    if indicator.threshold_at_risk is not None:
        thresholds["at_risk_from"] = Fraction(indicator.threshold_at_risk)
    return engine.IndicatorRule(
        kind=engine.TargetKind(indicator.target_kind),
        accumulation=engine.Accumulation(indicator.accumulation),
        trajectory=engine.TrajectoryShape(indicator.trajectory),
        ratio=indicator.is_ratio,
        tolerance=fraction_of(indicator.tolerance),
        band_low=fraction_of(indicator.range_low),
        band_high=fraction_of(indicator.range_high),
        grace_days=indicator.grace_days,
        **thresholds,
    )


def _point(target: Target) -> engine.Point | None:
    value = target.value if target.level is None else target.level
    return None if value is None else engine.Point(target.due_on, Fraction(value))


def engine_input(
    indicator: Indicator,
    *,
    slots: Sequence[SlotReading],
    targets: Sequence[Target],
    year: int,
    reference_date: date,
) -> engine.IndicatorInput:
    """Return what the status engine needs for one plan year.

    A flow starts at 0 on 1 January; anything else runs on from its baseline, through the
    targets of earlier years. Raises ValueError for a definition that contradicts itself.
    """
    first_day = date(year, 1, 1)
    is_flow = indicator.accumulation == Accumulation.FLOW
    final = final_target(targets, year)
    interim = [
        point
        for target in targets
        if final is not None
        and target.pk != final.pk
        and target.due_on < final.due_on
        and (not is_flow or target.due_on >= first_day)
        and (point := _point(target)) is not None
    ]
    final_point = _point(final) if final else None
    baseline = (
        engine.Point(indicator.baseline_date, Fraction(indicator.baseline))
        if indicator.baseline is not None and indicator.baseline_date is not None
        else None
    )
    return engine.IndicatorInput(
        rule=_rule(indicator),
        reference_date=reference_date,
        slots=tuple(
            _engine_slot(slot, indicator.ratio_scale)
            for slot in slots
            if slot.period.end.year <= year and (not is_flow or slot.period.end >= first_day)
        ),
        due_on=final.due_on if final else None,
        target=(
            final_point.value
            if final_point and indicator.target_kind not in (TargetKind.MILESTONE, TargetKind.RANGE)
            else None
        ),
        baseline=baseline,
        interim=tuple(interim),
        starts_on=first_day if is_flow else None,
    )


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
    keys = [indicator.pk for indicator in indicators]
    definitions = definitions_known(indicators, year=year, clocks=clocks)
    targets: dict[int, list[Target]] = defaultdict(list)
    for target in Target.objects.known_at(clocks.known_at).filter(
        indicator__in=keys, plan_year__lte=year
    ):
        targets[target.indicator_id].append(target)
    obligations: dict[int, list[Obligation]] = defaultdict(list)
    for obligation in (
        Obligation.objects.known_at(clocks.known_at)
        .filter(indicator__in=keys, period_end__year__lte=year)
        .order_by("indicator_id", "period_end", "period_start", "pk")
    ):
        obligations[obligation.indicator_id].append(obligation)
    figures, withheld = _figures(definitions, clocks, access)
    return {
        pk: _reading(
            definitions[pk],
            year=year,
            clocks=clocks,
            targets=_latest_targets(targets[pk]),
            obligations=obligations[pk],
            figures=figures[pk],
            withheld=withheld[pk],
            rule_version=rule_version,
        )
        for pk in keys
    }


def _figures(
    definitions: Mapping[int, KnownDefinition], clocks: Clocks, access: Access
) -> tuple[dict[int, dict[tuple[date, str], Measurement]], dict[int, set[tuple[date, str]]]]:
    """Return by indicator the figure that counts for each slot, and the slots with one that the
    user may not see: one query.
    """
    figures: dict[int, dict[tuple[date, str], Measurement]] = defaultdict(dict)
    withheld: dict[int, set[tuple[date, str]]] = defaultdict(set)
    rows = Measurement.objects.filter(indicator__in=list(definitions)).totals()
    for row in rows.known_at(clocks.known_at).with_validation(clocks.known_at).in_order():
        row.indicator = definitions[row.indicator_id].indicator
        if _is_seen(row, row.indicator.owner_id, access):
            figures[row.indicator_id][(row.period_start, row.resolution)] = row
        else:
            withheld[row.indicator_id].add((row.period_start, row.resolution))
    return figures, withheld


def _is_seen(row: Measurement, owner_id: int, access: Access) -> bool:
    """Leave out provisional figures of other ministers' units for cabinet staff.

    The last validated figure of the slot then counts for them.
    """
    return (
        not access.validated_only_outside
        or owner_id in access.minister_unit_ids
        or bool(getattr(row, "is_validated", False))
    )


def _reading(
    known: KnownDefinition,
    *,
    year: int,
    clocks: Clocks,
    targets: tuple[Target, ...],
    obligations: Sequence[Obligation],
    figures: Mapping[tuple[date, str], Measurement],
    withheld: Collection[tuple[date, str]],
    rule_version: int,
) -> IndicatorReading:
    indicator = known.indicator
    slots = _slot_readings(obligations, figures, withheld, clocks.reference_date)
    data, problem = None, ""
    try:
        data = engine_input(
            indicator,
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
        indicator, year, data, status, slots, targets, problem, known.version, known.breaks
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
