"""What is reported of one indicator in one plan year: figures, corrections, the head's reviews."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from ibzplan.core.localised import LocalisedText
from objectives.indicators import quality
from objectives.indicators.choices import Accumulation, MeasurementEventKind
from objectives.indicators.models import Indicator, Measurement, MeasurementEvent, Obligation
from objectives.indicators.periods import Period, periods_between
from objectives.indicators.services import Figure
from reporting.demo.content import (
    ACHIEVED,
    LATE,
    NO_DATA,
    NOT_STARTED,
    OFF,
    ON,
    RISK,
)
from reporting.demo.correcting import correction_fill, correction_write
from reporting.demo.figures import MET, Course, day_in, figures_of
from reporting.demo.parts import parts_of
from reporting.demo.series import DAYS_UNTIL_DUE, SeriesWriter
from reporting.demo.tales import Correction, ReportedWrong, Restatement, Return, Tale
from reporting.demo.workshop import Desk, Workshop

if TYPE_CHECKING:
    from reporting.demo.chronology import Place

_LATE_PERCENT: Final = 6
_VALIDATED_PERCENT: Final = 92
_NARRATED_PERCENT: Final = 35
# So long after a period its figure has been reported, returned and corrected.
_SETTLED_DAYS: Final = 35
# So many days after a correction the head validates it.
_CORRECTION_REVIEWED_DAYS: Final = 3
# So long after it was asked for the head approves the correction of a locked figure.
_DECIDED_AFTER: Final = timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """One plan year of a series: from when figures can come in, and what befalls them.

    `written` is when the year's plan took the series in. `incident` is LATE, NO_DATA or '' (none);
    `is_corrected` and `has_gap` concern one period; `tale` is what stories.yaml tells of it, and
    `restated` what it tells of the last period once the year is over.
    """

    year: int
    written: datetime
    opens: datetime
    is_closed: bool = False
    incident: str = ""
    is_corrected: bool = False
    has_gap: bool = False
    tale: Tale = field(default_factory=Tale)
    restated: Restatement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Year:
    """A course through its periods, and the periods to which something particular happens."""

    indicator: Indicator
    course: Course
    season: Season
    desk: Desk
    corrected: Period | None
    returned: Period | None
    outlier: Period | None
    exempted: Period | None
    restated: Period | None
    reported_wrong: Period | None

    @property
    def told(self) -> set[Period | None]:
        """Return the periods whose figure a tale needs: it comes in on time."""
        return {self.returned, self.outlier, self.restated, self.reported_wrong}


class ReportWriter:
    """Writes what the planners report; one object serves the whole demo."""

    def __init__(self, workshop: Workshop, series: SeriesWriter) -> None:
        """Keep what every figure needs."""
        self.workshop = workshop
        self.series = series
        self.chronology = workshop.chronology
        self.content = workshop.content
        self.rng = workshop.rng
        self.rows = workshop.rows

    def report(
        self, *, indicator: Indicator, course: Course, season: Season, desk: Desk
    ) -> Decimal | None:
        """Write a year's obligations and figures; return the last plain value reported."""
        told, year = course.content, course.year
        periods = periods_between(told.frequency, date(year, 1, 1), date(year, 12, 31))
        figures = figures_of(course, periods, self.rng)
        silent = self._silent(course, periods, season)
        told_year = self._year(indicator, course, season, desk, periods)
        last: Decimal | None = None
        for number, (period, figure) in enumerate(zip(periods, figures, strict=True)):
            reason = self._not_applicable(course, period, number, season)
            due = self.series.obligation(indicator, period, since=season.written, reason=reason)
            if period == told_year.exempted and self._exempt(told_year, due):
                continue
            if reason or period in silent:
                continue
            at = self._reported_at(told_year, period)
            if at is None:
                continue
            self._figure(told_year, period, self._after_break(told_year, period, figure), at)
            last = figure.value
        return last

    def _year(
        self,
        indicator: Indicator,
        course: Course,
        season: Season,
        desk: Desk,
        periods: Sequence[Period],
    ) -> _Year:
        tale = season.tale
        settled = [p for p in periods if p.end + timedelta(_SETTLED_DAYS) < self.chronology.today]
        returned = tale.returned.period if tale.returned else None
        return _Year(
            indicator=indicator,
            course=course,
            season=season,
            desk=desk,
            corrected=self._corrected_period(periods, season),
            returned=_at(settled, returned),
            outlier=_at(periods, tale.outlier.period if tale.outlier else None),
            exempted=_at(periods, tale.exempted.period if tale.exempted else None),
            restated=periods[-1] if season.restated else None,
            reported_wrong=self._reported_wrong(periods, season),
        )

    def _silent(self, course: Course, periods: Sequence[Period], season: Season) -> set[Period]:
        """Return the periods nobody reports: all of them, or those from the latest due one on."""
        if NO_DATA in (season.incident, course.story) or course.story == NOT_STARTED:
            return set(periods)
        if LATE not in (season.incident, course.story):
            return set()
        due = [p for p in periods if p.due_on(DAYS_UNTIL_DUE) < self.chronology.today]
        return {p for p in periods if due and p.start >= due[-1].start}

    def _corrected_period(self, periods: Sequence[Period], season: Season) -> Period | None:
        """Return the period whose figure is corrected: one whose time for that has passed."""
        old = [p for p in periods if p.end + timedelta(days=45) < self.chronology.today]
        return self.rng.choice(old) if season.is_corrected and old else None

    def _reported_wrong(self, periods: Sequence[Period], season: Season) -> Period | None:
        """Return the period whose figure a report showed and that was corrected since."""
        reported, told = self.workshop.reported, season.tale.reported_wrong
        if reported is None or told is None or reported.quarter_end.year != season.year:
            return None
        if not self.chronology.has_passed(reported.issued_on + timedelta(days=told.after_days)):
            return None
        return next((one for one in periods if one.end == reported.quarter_end), None)

    def _not_applicable(self, course: Course, period: Period, number: int, season: Season) -> str:
        """Return why the period has no figure: the milestone is done, or nothing to measure."""
        done = course.content.done
        if done is not None and day_in(course.year, done) < period.start:
            return self.content.milestone_done_reason
        if season.has_gap and number == 0:
            return self.rng.choice(self.content.not_applicable_reasons)
        return ""

    def _exempt(self, year: _Year, due: Obligation) -> bool:
        """Let the planner say that a period is not measured after all; return whether so by now."""
        told = year.season.tale.exempted
        if told is None or not self.chronology.has_passed(day_in(year.season.year, told.on)):
            return False
        at = self.chronology.moment(day_in(year.season.year, told.on))
        again = self.series.obligation(
            year.indicator, due.period, since=at, reason=told.reason, by=year.desk.planner
        )
        self.workshop.note(
            year.indicator,
            year.desk.planner,
            at,
            "not_applicable",
            {str(due.period): ("", told.reason)},
            reason=told.reason,
            also=[(due, "known_until"), (again, "known_from")],
        )
        return True

    def _reported_at(self, year: _Year, period: Period) -> datetime | None:
        """Return when the figure came in, or None when it is still awaited today."""
        course, season = year.course, year.season
        day = period.end + timedelta(days=self.rng.randint(2, DAYS_UNTIL_DUE - 1))
        if self.rng.randrange(100) < _LATE_PERCENT and period not in year.told:
            day += timedelta(days=self.rng.randint(8, 20))
        must = course.content.done is not None or course.story == ACHIEVED
        if must:  # the story depends on it
            day = min(day, max(self.chronology.today - timedelta(days=1), period.end))
        if period.end >= self.chronology.today or not self.chronology.has_passed(day):
            return None
        moment = self.chronology.moment(day)
        return moment if moment > season.opens else self.chronology.after(season.opens, 3)

    def _after_break(self, year: _Year, period: Period, figure: Figure) -> Figure:
        """Return the figure as the method of its day measures it."""
        told = year.season.tale.redefined
        if told is None or told.factor is None or told.valid_from is None:
            return figure
        changed = day_in(year.season.year, told.valid_from) <= period.start
        return self._times(year.indicator, figure, told.factor) if changed else figure

    def _times(self, indicator: Indicator, figure: Figure, factor: Decimal) -> Figure:
        if figure.value is None:
            raise ValueError(f"{indicator.code} has no plain figures to change")
        step = Decimal(1).scaleb(-indicator.decimals)
        return replace(figure, value=(figure.value * factor).quantize(step))

    def _figure(self, year: _Year, period: Period, figure: Figure, at: datetime) -> None:
        """Write the figure, and before it the wrong one that it corrects, if there was one."""
        tale = year.season.tale
        if period == year.returned and tale.returned is not None:
            self._returned(year, period, figure, at, tale.returned)
            return
        if period == year.restated and year.season.restated is not None:
            self._restated(year, period, figure, at, year.season.restated)
            return
        if period == year.reported_wrong and tale.reported_wrong is not None:
            self._locked_and_corrected(year, period, figure, at, tale.reported_wrong)
            return
        if period == year.outlier and tale.outlier is not None:
            figure = self._times(year.indicator, figure, tale.outlier.times)
            row = self._measurement(year, period, figure, at)
            row.confirmed_checks = [quality.Check.OUTLIER.value]
            row.narrative = tale.outlier.narrative
            self._validation(year, row, at)
            return
        if period == year.corrected and figure.value:
            wrong = self._times(
                year.indicator, figure, Decimal(self.rng.choice((90, 93, 108, 112))) / 100
            )
            if wrong.value != figure.value:
                row = self._measurement(year, period, wrong, at)
                self._validation(year, row, at)
                at = self.chronology.after(at, self.rng.randint(15, 28))
                reason = self.rng.choice(self.content.correction_reasons)
                row = self._measurement(year, period, figure, at, reason=reason)
                self._validation(year, row, at)
                return
        row = self._measurement(year, period, figure, at)
        row.narrative = self._narrative(year.course)
        self._validation(year, row, at)

    def _returned(
        self, year: _Year, period: Period, figure: Figure, at: datetime, told: Return
    ) -> None:
        """Write a figure that the head sends back, and its correction if there is one already."""
        first = self._times(year.indicator, figure, told.times) if told.correction else figure
        row = self._measurement(year, period, first, at)
        at = self.chronology.after(at, 4)
        self._event(year, row, MeasurementEventKind.RETURNED, at, reason=told.reason)
        if told.correction:
            at = self.chronology.after(at, 5)
            row = self._measurement(year, period, figure, at, reason=told.correction)
            self._validation(year, row, at)

    def _restated(
        self, year: _Year, period: Period, figure: Figure, at: datetime, told: Restatement
    ) -> None:
        """Write a figure and the corrections made since, each of them validated."""
        row = self._measurement(year, period, self._times(year.indicator, figure, told.first), at)
        row.narrative = self._narrative(year.course)
        self._validation(year, row, at)
        for number, correction in enumerate(told.corrections, 2):
            self._correction(year, period, figure, correction, f"version {number}")

    def _correction(
        self, year: _Year, period: Period, figure: Figure, told: Correction, name: str
    ) -> None:
        """Write a correction of the year after, and that the head validated it days later."""
        day = day_in(year.season.year + 1, told.on)
        if not self.chronology.has_passed(day):
            return
        corrected = self._times(year.indicator, figure, told.times)
        at = self.chronology.noon(day)
        row = self._measurement(year, period, corrected, at, reason=told.reason, name=name)
        validated_on = day + timedelta(days=_CORRECTION_REVIEWED_DAYS)
        if self.chronology.has_passed(validated_on):
            moment = self.chronology.noon(validated_on)
            self._event(year, row, MeasurementEventKind.VALIDATED, moment)

    def _locked_and_corrected(
        self, year: _Year, period: Period, figure: Figure, at: datetime, told: ReportedWrong
    ) -> None:
        """Write a figure that a report locked, and its correction, which the head approved."""
        first = self._times(year.indicator, figure, told.times)
        row = self._measurement(year, period, first, at)
        row.narrative = self._narrative(year.course)
        self._validation(year, row, at)
        reported = self.workshop.reported
        assert reported is not None  # noqa: S101 (no period is told of without)
        asked_on = reported.issued_on + timedelta(days=told.after_days)
        decided = self.chronology.noon(asked_on) + _DECIDED_AFTER
        asked = self.chronology.noon(asked_on)
        correction, places = correction_write(self.workshop, year.desk, row, told.reason, asked)
        result = self._measurement(year, period, figure, decided, reason=told.reason, also=places)
        result.approved_by = year.desk.head
        correction_fill(correction, result)
        self._event(year, result, MeasurementEventKind.VALIDATED, decided)

    def _measurement(
        self,
        year: _Year,
        period: Period,
        figure: Figure,
        at: datetime,
        *,
        reason: str = "",
        name: str = "again",
        also: "Sequence[Place]" = (),
    ) -> Measurement:
        """Write a figure with its breakdown; return the row of the whole.

        `name` tells the correction of a figure from others of the same period; `also` are places
        that share its moment.
        """
        names = (year.indicator.code, str(period), reason and name)
        whole = self._row(year, period, names, reason)
        whole.value, whole.numerator, whole.denominator = (
            figure.value,
            figure.numerator,
            figure.denominator,
        )
        whole.level, whole.done_on, whole.forecast_on = (
            figure.level,
            figure.done_on,
            figure.forecast_on,
        )
        places: list[Place] = [(whole, "recorded_at"), *also]
        for key, value in self._parts(year, figure).items():
            part = self._row(year, period, (*names, key), reason)
            part.breakdown_key, part.value = key, value
            places.append((part, "recorded_at"))
        self.chronology.date(at, *places)
        return whole

    def _parts(self, year: _Year, figure: Figure) -> dict[str, Decimal]:
        """Return the parts; only what is counted anew each period varies in its composition."""
        breakdown = year.course.content.sheet.breakdown
        if breakdown is None or figure.value is None:
            return {}
        is_flow = year.course.content.accumulation == Accumulation.FLOW
        return parts_of(
            figure.value,
            breakdown,
            decimals=year.indicator.decimals,
            rng=self.rng if is_flow else None,
        )

    def _row(self, year: _Year, period: Period, names: tuple[str, ...], reason: str) -> Measurement:
        row = Measurement(
            uuid=self.workshop.identity.of("measurement", *names),
            indicator=year.indicator,
            period_start=period.start,
            resolution=period.resolution,
            period_end=period.end,
            reason=reason,
            recorded_by=year.desk.planner,
            is_demo=True,
        )
        self.rows.measurements.append(row)
        return row

    def _validation(self, year: _Year, measurement: Measurement, at: datetime) -> None:
        """Let the head validate: always in a closed year, else mostly, and never after today."""
        days = self.rng.randint(5, 24)
        skipped = self.rng.randrange(100) >= _VALIDATED_PERCENT and not year.season.is_closed
        if skipped or not self.chronology.has_passed(at.date() + timedelta(days=days + 3)):
            return
        moment = self.chronology.after(at, days)
        self._event(year, measurement, MeasurementEventKind.VALIDATED, moment)

    def _event(
        self, year: _Year, measurement: Measurement, kind: str, at: datetime, *, reason: str = ""
    ) -> None:
        row = MeasurementEvent(
            uuid=self.workshop.identity.of(kind, str(measurement.uuid)),
            measurement=measurement,
            kind=kind,
            reason=reason,
            recorded_by=year.desk.head,
            is_demo=True,
        )
        self.chronology.date(at, (row, "recorded_at"))
        self.rows.events.append(row)

    def _narrative(self, course: Course) -> LocalisedText:
        """Return a word of explanation: where things go wrong more often than elsewhere."""
        tone = course.story if course.story in (RISK, OFF) else ON
        told_percent = _NARRATED_PERCENT * (1 if tone == ON else 2)
        if course.story in (MET, ACHIEVED) or self.rng.randrange(100) >= told_percent:
            return LocalisedText()
        return self.rng.choice(self.content.narratives[tone])


def _at(periods: Sequence[Period], place: int | None) -> Period | None:
    """Return the period at that place, or None when there is no such place (yet)."""
    if place is None or not -len(periods) <= place < len(periods):
        return None
    return periods[place]
