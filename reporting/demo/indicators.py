"""The indicators of the demo's objectives: last year's, this year's, and those of next year."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from string import ascii_lowercase

from objectives.indicators.models import Indicator
from objectives.planning.models import ObjectiveIndicator, OperationalObjective
from personnel.models import User
from reporting.demo.amending import earlier_said
from reporting.demo.content import (
    OFF,
    RISK,
    IndicatorContent,
    ObjectiveContent,
    SeriesContent,
)
from reporting.demo.fate import Fate
from reporting.demo.figures import MET, Course
from reporting.demo.objectives import ObjectiveWriter
from reporting.demo.plan_calendar import PlanDays
from reporting.demo.reported import ReportWriter, Season
from reporting.demo.series import SeriesWriter
from reporting.demo.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Lives:
    """An objective in last year's plan, if it was there, and in that of the running year."""

    told: ObjectiveContent
    old: OperationalObjective | None
    objective: OperationalObjective
    before: PlanDays
    running: PlanDays
    fate: Fate

    def first(self, told: IndicatorContent) -> OperationalObjective:
        """Return the objective that the indicator was made for."""
        return self.old if self.old is not None and _ran_before(told) else self.objective


def _ran_before(told: IndicatorContent) -> bool:
    return told.only_before or told.before is not None


class IndicatorWriter:
    """Makes the indicators with their targets and figures; one serves the whole demo."""

    def __init__(
        self, workshop: Workshop, objectives: ObjectiveWriter, series: SeriesWriter
    ) -> None:
        """Write into the demo's rows, with the writers of what an indicator hangs on."""
        self.workshop = workshop
        self.objectives = objectives
        self.series = series
        self.reports = ReportWriter(workshop, series)
        self._running: dict[str, tuple[Indicator, IndicatorContent]] = {}

    @property
    def by_title(self) -> Mapping[str, Indicator]:
        """Return the indicators of the running year by their Dutch titles."""
        return {title: row for title, (row, _told) in self._running.items()}

    def write(self, place: tuple[int, int], told: IndicatorContent, lives: Lives) -> None:
        """Write an indicator and its years: last year, this year, or both."""
        first = lives.first(told)
        created = self._created_at(first)
        indicator = self._new(first, told, lives.told, created, is_submitted=True)
        last: Decimal | None = None
        if first is lives.old:
            last = self._past_year(indicator, told, lives.told, first, lives.before, created)
        if told.only_before:
            return
        self._running[told.title["nl"]] = (indicator, told)
        is_new = first is lives.objective
        written = created if is_new else self._created_at(lives.objective)
        self._aim(indicator, told, lives, written)
        course = Course(
            content=told,
            year=lives.running.year,
            story=told.story,
            baseline_on=indicator.baseline_date or date(lives.running.year - 1, 12, 31),
            target=told.target,
            earlier=None if is_new else told.before,
            floor=last,
        )
        self._fare(place, indicator, course, lives, written)

    def draft(
        self, objective: OperationalObjective, told: IndicatorContent, parent: ObjectiveContent
    ) -> None:
        """Write a new indicator of a draft, perhaps one that the planner took out again."""
        desk, year = self.workshop.desk(parent.unit), objective.plan.year
        created = self._created_at(objective)
        indicator = self._new(objective, told, parent, created, is_submitted=parent.is_submitted)
        self.series.targets(
            indicator=indicator,
            told=told,
            year=year,
            value=told.target,
            desk=desk,
            set_at=created,
        )
        self.series.draft(indicator=indicator, year=year, since=created)
        link = self._link(objective, indicator, told, since=created)
        if told.withdrawn:
            self.objectives.withdraw(link, reason=told.withdrawn, desk=desk)

    def reuse(
        self, objective: OperationalObjective, series: SeriesContent, parent: ObjectiveContent
    ) -> None:
        """Let a draft go on with a series of the running year, with a target of its own."""
        indicator, told = self._running[series.title]
        desk, year = self.workshop.desk(parent.unit), objective.plan.year
        since = self._created_at(objective)
        self.series.targets(
            indicator=indicator,
            told=replace(told, interim=()),
            year=year,
            value=series.target,
            desk=desk,
            set_at=since,
        )
        self.series.draft(indicator=indicator, year=year, since=since)
        link = self.objectives.link(
            objective, indicator, weight=series.weight, is_key=series.is_key, since=since
        )
        self.workshop.note(
            objective,
            desk.planner,
            since,
            "indicator_reused",
            {"indicator": (None, indicator.code)},
            about=indicator.code,
            also=[(link, "known_from")],
        )

    def _new(
        self,
        objective: OperationalObjective,
        told: IndicatorContent,
        parent: ObjectiveContent,
        created: datetime,
        *,
        is_submitted: bool,
    ) -> Indicator:
        """Make an indicator of an objective; one of next year's plan is not released yet."""
        desk = self.workshop.desk(parent.unit)
        indicator = self.series.indicator(
            told=told,
            code=self._code(objective),
            desk=desk,
            baseline_on=date(objective.plan.year - 1, 12, 31),
            created=created,
            is_submitted=is_submitted,
            is_released=objective.plan.year <= self.workshop.today.year,
        )
        self._note_indicator(indicator, desk.planner, created)
        return indicator

    def _aim(
        self, indicator: Indicator, told: IndicatorContent, lives: Lives, written: datetime
    ) -> None:
        """Give an indicator its target of the running year, and its weight in the objective."""
        desk, year = self.workshop.desk(lives.told.unit), lives.running.year
        self.series.targets(
            indicator=indicator,
            told=told,
            year=year,
            value=self._first_target(told, lives.told, year),
            desk=desk,
            set_at=written,
        )
        first_weight = self.workshop.content.tales.of(told.title).first_weight
        link = self._link(
            lives.objective, indicator, told, weight=first_weight or told.weight, since=written
        )
        if first_weight is not None:
            self.objectives.weigh(link, weight=told.weight, desk=desk)

    def _fare(
        self,
        place: tuple[int, int],
        indicator: Indicator,
        course: Course,
        lives: Lives,
        written: datetime,
    ) -> None:
        """Write the figures of the running year, with what happens to them."""
        running, fate = lives.running, lives.fate
        tale = self.workshop.content.tales.of(course.content.title)
        season = Season(
            year=running.year,
            written=written,
            opens=self.workshop.chronology.moment(running.approved_on or running.opened_on),
            incident=fate.incidents.get(place, ""),
            is_corrected=place in fate.corrected,
            has_gap=place in fate.gaps,
            tale=tale,
        )
        desk = self.workshop.desk(lives.told.unit)
        self.reports.report(indicator=indicator, course=course, season=season, desk=desk)
        if tale.redefined is not None:
            self.series.redefine(
                indicator=indicator, told=tale.redefined, year=running.year, desk=desk
            )

    def _first_target(
        self, told: IndicatorContent, parent: ObjectiveContent, year: int
    ) -> Decimal | None:
        """Return the target that was approved: an amendment may have given it another since."""
        key = (parent.title["nl"], told.title["nl"])
        amended = earlier_said(self.workshop, year).get(key)
        return told.target if amended is None else amended.value_before or told.target

    def _past_year(
        self,
        indicator: Indicator,
        told: IndicatorContent,
        parent: ObjectiveContent,
        old: OperationalObjective,
        days: PlanDays,
        created: datetime,
    ) -> Decimal | None:
        """Write last year of a series; return its last figure."""
        value = told.target if told.only_before else told.before
        desk = self.workshop.desk(parent.unit)
        past = told if told.only_before else replace(told, interim=())
        self.series.targets(
            indicator=indicator, told=past, year=days.year, value=value, desk=desk, set_at=created
        )
        self._link(old, indicator, told, since=created)
        course = Course(
            content=past,
            year=days.year,
            story=RISK if told.story == OFF else MET,
            baseline_on=date(days.year - 1, 12, 31),
            target=value,
        )
        season = Season(
            year=days.year,
            written=created,
            opens=self.workshop.chronology.moment(days.approved_on or days.opened_on),
            is_closed=days.closed_on is not None,
            restated=self.workshop.content.tales.of(told.title).restated,
        )
        return self.reports.report(indicator=indicator, course=course, season=season, desk=desk)

    def _created_at(self, objective: OperationalObjective) -> datetime:
        """Return a moment soon after the objective was made, and before it was submitted."""
        return objective.created_at + timedelta(minutes=self.workshop.rng.randint(10, 50))

    def _code(self, objective: OperationalObjective) -> str:
        """Return the code of the objective's next new indicator, as the service would."""
        prefix = f"{objective.plan.year}-{objective.code}-"
        used = sum(row.code.startswith(prefix) for row in self.workshop.rows.indicators)
        return f"{prefix}{ascii_lowercase[used]}"

    def _link(
        self,
        objective: OperationalObjective,
        indicator: Indicator,
        told: IndicatorContent,
        *,
        since: datetime,
        weight: int | None = None,
    ) -> ObjectiveIndicator:
        return self.objectives.link(
            objective, indicator, weight=weight or told.weight, is_key=told.is_key, since=since
        )

    def _note_indicator(self, indicator: Indicator, planner: User, at: datetime) -> None:
        change = {"code": (None, indicator.code), "title": (None, indicator.title)}
        self.workshop.note(indicator, planner, at, "created", change)
