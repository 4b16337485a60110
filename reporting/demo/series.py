"""Rows of one indicator: itself, its targets, obligations, figures and validations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import MeasurementEventKind, TargetKind
from objectives.indicators.models import (
    Indicator,
    Measurement,
    MeasurementEvent,
    Obligation,
    Target,
)
from objectives.indicators.periods import Period, periods_between
from objectives.indicators.services import Figure
from personnel.models import OrganisationUnit, User
from reporting.demo.chronology import Chronology
from reporting.demo.content import (
    ACHIEVED,
    LATE,
    NO_DATA,
    NOT_STARTED,
    OFF,
    ON,
    RISK,
    DemoContent,
    IndicatorContent,
)
from reporting.demo.figures import MET, Course, day_in, figures_of
from reporting.demo.identity import Identity

_LATE_PERCENT: Final = 6
_VALIDATED_PERCENT: Final = 92
_NARRATED_PERCENT: Final = 35
_DAYS_UNTIL_DUE: Final = 15


@dataclass(slots=True)
class Rows:
    """What is to be written, in no particular order yet."""

    indicators: list[Indicator] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    obligations: list[Obligation] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    events: list[MeasurementEvent] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who reports and validates for a unit."""

    unit: OrganisationUnit
    planner: User
    head: User


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """One plan year of a series: from when figures can come in, and what befalls them.

    `incident` is LATE, NO_DATA or '' (none); `is_corrected` and `has_gap` concern one period.
    """

    year: int
    opens: datetime
    is_closed: bool = False
    incident: str = ""
    is_corrected: bool = False
    has_gap: bool = False


class SeriesWriter:
    """Makes the rows of indicators; one object serves the whole demo."""

    def __init__(
        self, *, content: DemoContent, chronology: Chronology, identity: Identity, rng: Random
    ) -> None:
        """Keep what every indicator needs."""
        self.content = content
        self.chronology = chronology
        self.identity = identity
        self.rng = rng
        self.rows = Rows()

    def indicator(
        self,
        *,
        told: IndicatorContent,
        code: str,
        desk: Desk,
        baseline_on: date,
        created: datetime,
        is_submitted: bool,
        is_released: bool,
    ) -> Indicator:
        """Return a new indicator of the desk's unit."""
        is_number = told.kind in (TargetKind.INCREASE, TargetKind.DECREASE, TargetKind.ORDINAL)
        row = Indicator(
            uuid=self.identity.of("indicator", code),
            code=code,
            title=told.title,
            unit_of_measure=self.content.units_of_measure[told.unit],
            source=self.content.source,
            decimals=told.decimals,
            target_kind=told.kind,
            accumulation=told.accumulation,
            trajectory=told.trajectory,
            is_ratio=told.denominator is not None,
            frequency=told.frequency,
            days_until_due=_DAYS_UNTIL_DUE,
            levels=self.content.levels[told.levels] if told.levels else [],
            range_low=told.low,
            range_high=told.high,
            tolerance=told.tolerance,
            threshold_on_track=told.on_track_from,
            threshold_at_risk=told.at_risk_from,
            baseline=told.start if is_number else None,
            baseline_date=baseline_on if is_number and told.start is not None else None,
            owner=desk.unit,
            is_confidential=told.is_confidential,
            is_submitted=is_submitted,
            is_released=is_released,
            search_key=" ".join([code.casefold(), told.title.search_key(), ""]),
            is_demo=True,
            created_at=created,
        )
        self.rows.indicators.append(row)
        return row

    def targets(
        self,
        *,
        indicator: Indicator,
        told: IndicatorContent,
        year: int,
        value: Decimal | None,
        desk: Desk,
        set_at: datetime,
    ) -> None:
        """Set the year's interim targets and its final one."""
        is_level = told.kind == TargetKind.ORDINAL
        has_value = told.kind in (TargetKind.INCREASE, TargetKind.DECREASE)
        points = [(day_in(year, day), number, False) for day, number in told.interim]
        points.append((day_in(year, told.due), value or Decimal(0), True))
        for due_on, number, is_final in points:
            row = Target(
                uuid=self.identity.of("target", indicator.code, due_on.isoformat()),
                indicator=indicator,
                due_on=due_on,
                value=number if has_value else None,
                level=int(number) if is_level else None,
                is_final=is_final,
                recorded_by=desk.planner,
                is_demo=True,
            )
            self._date(row, set_at + timedelta(minutes=5))
            self.rows.targets.append(row)

    def draft(self, *, indicator: Indicator, year: int) -> None:
        """Give a draft's indicator its obligations; nothing is reported yet."""
        periods = periods_between(indicator.frequency, date(year, 1, 1), date(year, 12, 31))
        for period in periods:
            self._obligation(indicator, period, "")

    def report(
        self, *, indicator: Indicator, course: Course, season: Season, desk: Desk
    ) -> Decimal | None:
        """Write a year's obligations and figures; return the last plain value reported."""
        told, year = course.content, course.year
        periods = periods_between(told.frequency, date(year, 1, 1), date(year, 12, 31))
        figures = figures_of(course, periods, self.rng)
        silent = self._silent(course, periods, season)
        correct = self._corrected_period(periods, season)
        last: Decimal | None = None
        for number, (period, figure) in enumerate(zip(periods, figures, strict=True)):
            reason = self._not_applicable(course, period, number, season)
            self._obligation(indicator, period, reason)
            if reason or period in silent:
                continue
            at = self._reported_at(course, period, season)
            if at is None:
                continue
            self._figure(
                indicator, course, period, figure, at, season, desk, is_corrected=period == correct
            )
            last = figure.value
        return last

    def _silent(self, course: Course, periods: Sequence[Period], season: Season) -> set[Period]:
        """Return the periods nobody reports: all of them, or those from the latest due one on."""
        if NO_DATA in (season.incident, course.story) or course.story == NOT_STARTED:
            return set(periods)
        if LATE not in (season.incident, course.story):
            return set()
        due = [p for p in periods if p.due_on(_DAYS_UNTIL_DUE) < self.chronology.today]
        return {p for p in periods if due and p.start >= due[-1].start}

    def _corrected_period(self, periods: Sequence[Period], season: Season) -> Period | None:
        """Return the period whose figure is corrected: one whose time for that has passed."""
        old = [p for p in periods if p.end + timedelta(days=45) < self.chronology.today]
        return self.rng.choice(old) if season.is_corrected and old else None

    def _not_applicable(self, course: Course, period: Period, number: int, season: Season) -> str:
        """Return why the period has no figure: the milestone is done, or nothing to measure."""
        done = course.content.done
        if done is not None and day_in(course.year, done) < period.start:
            return self.content.milestone_done_reason
        if season.has_gap and number == 0:
            return self.rng.choice(self.content.not_applicable_reasons)
        return ""

    def _reported_at(self, course: Course, period: Period, season: Season) -> datetime | None:
        """Return when the figure came in, or None when it is still awaited today."""
        day = period.end + timedelta(days=self.rng.randint(2, _DAYS_UNTIL_DUE - 1))
        if self.rng.randrange(100) < _LATE_PERCENT:
            day += timedelta(days=self.rng.randint(8, 20))
        must = course.content.done is not None or course.story == ACHIEVED
        if must:  # the story depends on it
            day = min(day, max(self.chronology.today - timedelta(days=1), period.end))
        if period.end >= self.chronology.today or not self.chronology.has_passed(day):
            return None
        moment = self.chronology.moment(day)
        return moment if moment > season.opens else self.chronology.after(season.opens, 3)

    def _figure(
        self,
        indicator: Indicator,
        course: Course,
        period: Period,
        figure: Figure,
        at: datetime,
        season: Season,
        desk: Desk,
        *,
        is_corrected: bool,
    ) -> None:
        """Write the figure, and before it the wrong one that it corrects, if there was one."""
        if is_corrected and figure.value:
            wrong = (figure.value * self.rng.choice((90, 93, 108, 112)) / 100).quantize(
                Decimal(1).scaleb(-indicator.decimals)
            )
            if wrong != figure.value:
                row = self._measurement(indicator, period, Figure(value=wrong), at, desk, "")
                self._validation(row, at, season, desk)
                at = self.chronology.after(at, self.rng.randint(15, 28))
                reason = self.rng.choice(self.content.correction_reasons)
                row = self._measurement(indicator, period, figure, at, desk, reason)
                self._validation(row, at, season, desk)
                return
        row = self._measurement(indicator, period, figure, at, desk, "")
        row.narrative = self._narrative(course)
        self._validation(row, at, season, desk)

    def _measurement(
        self,
        indicator: Indicator,
        period: Period,
        figure: Figure,
        at: datetime,
        desk: Desk,
        reason: str,
    ) -> Measurement:
        row = Measurement(
            uuid=self.identity.of("measurement", indicator.code, str(period), reason and "again"),
            indicator=indicator,
            period_start=period.start,
            resolution=period.resolution,
            period_end=period.end,
            value=figure.value,
            numerator=figure.numerator,
            denominator=figure.denominator,
            level=figure.level,
            done_on=figure.done_on,
            forecast_on=figure.forecast_on,
            reason=reason,
            recorded_by=desk.planner,
            is_demo=True,
        )
        self._date(row, at)
        self.rows.measurements.append(row)
        return row

    def _validation(
        self, measurement: Measurement, at: datetime, season: Season, desk: Desk
    ) -> None:
        """Let the head validate: always in a closed year, else mostly, and never after today."""
        days = self.rng.randint(5, 24)
        skipped = self.rng.randrange(100) >= _VALIDATED_PERCENT and not season.is_closed
        if skipped or not self.chronology.has_passed(at.date() + timedelta(days=days + 3)):
            return
        row = MeasurementEvent(
            uuid=self.identity.of("validated", str(measurement.uuid)),
            measurement=measurement,
            kind=MeasurementEventKind.VALIDATED,
            recorded_by=desk.head,
            is_demo=True,
        )
        self._date(row, self.chronology.after(at, days))
        self.rows.events.append(row)

    def _narrative(self, course: Course) -> LocalisedText:
        """Return a word of explanation: where things go wrong more often than elsewhere."""
        tone = course.story if course.story in (RISK, OFF) else ON
        told_percent = _NARRATED_PERCENT * (1 if tone == ON else 2)
        if course.story in (MET, ACHIEVED) or self.rng.randrange(100) >= told_percent:
            return LocalisedText()
        return self.rng.choice(self.content.narratives[tone])

    def _obligation(self, indicator: Indicator, period: Period, reason: str) -> None:
        self.rows.obligations.append(
            Obligation(
                uuid=self.identity.of("obligation", indicator.code, str(period)),
                indicator=indicator,
                period_start=period.start,
                resolution=period.resolution,
                period_end=period.end,
                due_on=period.due_on(indicator.days_until_due),
                not_applicable_reason=reason,
                is_demo=True,
            )
        )

    def _date(self, row: Target | Measurement | MeasurementEvent, at: datetime) -> None:
        def give(moment: datetime) -> None:
            row.recorded_at = moment

        row.recorded_at = at
        self.chronology.note(at, give)
