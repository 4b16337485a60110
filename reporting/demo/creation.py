"""Makes the demo: accounts, three operational plans, their objectives, indicators, figures.

Rows are written in bulk, because a thousand service calls would take a minute; they keep to the
same rules as the services in objectives.planning and objectives.indicators.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Final

from django.conf import settings
from django.db import transaction

from ibzplan.core.services import clock_hold
from objectives.indicators.models import Indicator
from objectives.planning.models import (
    ObjectiveIndicator,
    OperationalObjective,
    OperationalPlan,
)
from personnel.models import User
from reporting.demo.accounts import Login, accounts_create, logins_write
from reporting.demo.amending import AmendmentWriter, earlier_said
from reporting.demo.asking import QuestionWriter
from reporting.demo.chronology import Chronology
from reporting.demo.content import (
    OFF,
    RISK,
    DemoContent,
    IndicatorContent,
    ObjectiveContent,
    SeriesContent,
    content_read,
)
from reporting.demo.deadlines import DeadlineWriter
from reporting.demo.evaluating import EvaluationWriter
from reporting.demo.fate import Fate, fate_draw
from reporting.demo.figures import MET, Course
from reporting.demo.following import follows_write
from reporting.demo.ground import Ground, ground_find
from reporting.demo.identity import Identity
from reporting.demo.motivations import motivations_write
from reporting.demo.narrating import NarrativeWriter
from reporting.demo.objectives import ObjectiveWriter
from reporting.demo.plan_calendar import PlanDays, plan_days
from reporting.demo.reported import ReportWriter, Season
from reporting.demo.saving import rows_follow, rows_save
from reporting.demo.series import SeriesWriter
from reporting.demo.substance import SubstanceWriter
from reporting.demo.workshop import Workshop

_PASSWORD_BYTES: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made: the accounts, their password, and the number of rows of each kind."""

    logins: list[Login]
    password: str
    logins_file: Path
    counts: Mapping[str, int]


def demo_exists() -> bool:
    """Tell whether the demo is in the database."""
    return OperationalPlan.objects.filter(is_demo=True).exists()


def demo_create(*, seed: int, today: date, password: str = "") -> Made:
    """Make the demo around a day and write its logins to a file.

    Raises DemoUnavailable when the real plans are not loaded, when a real operational plan
    takes one of the three years, or when there is a real account with a demo username.
    """
    content = content_read(Path(settings.BASE_DIR) / "fixtures" / "demo")
    password = password or secrets.token_urlsafe(_PASSWORD_BYTES)
    with transaction.atomic():
        clock_hold()
        ground = ground_find(content, today)
        author = DemoAuthor(content=content, ground=ground, seed=seed, today=today)
        users = author.write(password)
        logins = [Login(name, str(user)) for name, user in users.items()]
        path = logins_write(logins, password)  # inside: no demo without a known password
    return Made(logins=logins, password=password, logins_file=path, counts=author.counts())


class DemoAuthor:
    """Makes the rows of one demo, and writes them in the end."""

    def __init__(self, *, content: DemoContent, ground: Ground, seed: int, today: date) -> None:
        """Start from a seed and a day."""
        rng = Random(seed)  # noqa: S311 (fiction that must repeat itself, no secret)
        self.content = content
        self.workshop = Workshop(
            content=content,
            ground=ground,
            today=today,
            rng=rng,
            identity=Identity(seed),
            chronology=Chronology(today=today, rng=rng),
        )
        self.chronology = self.workshop.chronology
        self.objectives = ObjectiveWriter(self.workshop)
        self.series = SeriesWriter(self.workshop)
        self.reports = ReportWriter(self.workshop, self.series)
        self.deadlines = DeadlineWriter(self.workshop)
        self.substance = SubstanceWriter(self.workshop)
        self.evaluations = EvaluationWriter(self.workshop)
        self.narratives = NarrativeWriter(self.workshop)
        self._objectives: dict[str, OperationalObjective] = {}
        self._running: dict[str, tuple[Indicator, IndicatorContent]] = {}

    def write(self, password: str) -> dict[str, User]:
        """Make and save everything; return the accounts by username."""
        before, running, after = plan_days(self.workshop.today)
        users, history = accounts_create(
            self.content.accounts,
            password=password,
            identity=self.workshop.identity,
            at=self.chronology.moment(before.opened_on - timedelta(days=1)),
            units=self.workshop.ground.units,
            ministers=self.workshop.ground.ministers,
        )
        self.workshop.users = users
        self.workshop.rows.history += history
        for entry in history:
            self.chronology.date(entry.at, (entry, "at"))
        plan = self._two_years(before, running)
        amendments = self._amendments(plan)
        self._drafts(after)
        self._questions()
        self.chronology.settle()
        amendments.settled()
        rows_save(self.workshop.rows)
        rows_follow(self.workshop.rows, self.evaluations)
        follows_write(users, self.workshop.rows.objectives, self.workshop.today)
        return users

    def counts(self) -> dict[str, int]:
        """Return how many rows there are of each kind."""
        rows = self.workshop.rows
        wholes = sum(not row.breakdown_key for row in rows.measurements)
        return {
            "accounts": len(self.workshop.users),
            "operational plans": len(rows.plans),
            "operational objectives": len(rows.objectives),
            "plan versions": len(rows.versions),
            "amendments": len(rows.amendments),
            "activities": len(rows.activities),
            "risks": len(rows.risks),
            "narratives": len(rows.narratives),
            "final evaluations": len(rows.evaluations),
            "remarks": len(rows.comments),
            "questions": len(rows.questions),
            "judgements of heads": len(rows.overrides),
            "motivations": len(rows.motivations),
            "indicators": len(rows.indicators),
            "definitions": len(rows.definitions),
            "targets": len(rows.targets),
            "figures due": sum(row.known_until is None for row in rows.obligations),
            "figures": wholes,
            "parts of figures": len(rows.measurements) - wholes,
            "validations and returns": len(rows.events),
            "deadlines": len(rows.deadlines),
            "history entries": len(rows.history),
        }

    def _two_years(self, before: PlanDays, running: PlanDays) -> OperationalPlan:
        """Write last year's plan and this year's, with the series of both; return the latter."""
        self.objectives.functions(before.opened_on)
        old_plan, plan = self.objectives.plan(before), self.objectives.plan(running)
        self.deadlines.write(old_plan, before)
        self.deadlines.write(plan, running)
        fate = fate_draw(self.content, self.workshop.rng)
        for place, told in enumerate(self.content.objectives):
            old = None
            if told.title_before is not None:
                old = self.objectives.objective(old_plan, told, before)
            objective = self.objectives.objective(plan, told, running)
            self._say(told, old, objective)
            for order, one in enumerate(told.indicators):
                self._indicator((place, order), one, told, old, objective, fate, before, running)
            self.objectives.judge(objective, told, self.workshop.desk(told.unit))
        return plan

    def _say(
        self,
        told: ObjectiveContent,
        old: OperationalObjective | None,
        objective: OperationalObjective,
    ) -> None:
        """Write what both years' objectives say, and what became of them at the end."""
        desk = self.workshop.desk(told.unit)
        self._objectives[told.title["nl"]] = objective
        if old is not None:
            self.substance.write(old, told)
            self.substance.carry_on(old, objective, told)
            self.evaluations.of_last_year(old, desk)
            self.narratives.write(old, desk)
        self.substance.write(objective, told)
        self.evaluations.of_running_year(objective, desk)
        self.narratives.write(objective, desk)

    def _amendments(self, plan: OperationalPlan) -> AmendmentWriter:
        """Write the amendments of the running year."""
        indicators = {title: row for title, (row, _told) in self._running.items()}
        writer = AmendmentWriter(self.workshop, self._objectives, indicators)
        writer.write(plan)
        return writer

    def _questions(self) -> None:
        """Write what cabinets and directorates asked each other."""
        indicators = {title: row for title, (row, _told) in self._running.items()}
        QuestionWriter(self.workshop, self._objectives, indicators).write()

    def _drafts(self, days: PlanDays) -> None:
        """Write next year's plan: drafts, some handed in by the head."""
        plan = self.objectives.plan(days)
        self.deadlines.write(plan, days)
        for told in self.content.drafts:
            objective = self.objectives.objective(plan, told, days)
            self.substance.write(objective, told)
            before = self.content.cycle.continued.get(told.title["nl"])
            if before is not None:
                self.substance.carry_on(self._objectives[before], objective, told)
            for one in told.indicators:
                self._draft_indicator(objective, one, told)
            for series in told.series:
                self._reuse(objective, series, told)
            motivations_write(self.workshop, objective, told)

    def _draft_indicator(
        self, objective: OperationalObjective, told: IndicatorContent, parent: ObjectiveContent
    ) -> None:
        """Write a new indicator of a draft, perhaps one that the planner took out again."""
        desk, year = self.workshop.desk(parent.unit), objective.plan.year
        created = self._created_at(objective)
        indicator = self.series.indicator(
            told=told,
            code=self._code(objective),
            desk=desk,
            baseline_on=date(year - 1, 12, 31),
            created=created,
            is_submitted=parent.is_submitted,
            is_released=False,
        )
        self._note_indicator(indicator, desk.planner, created)
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

    def _reuse(
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

    def _indicator(
        self,
        place: tuple[int, int],
        told: IndicatorContent,
        parent: ObjectiveContent,
        old: OperationalObjective | None,
        objective: OperationalObjective,
        fate: Fate,
        before: PlanDays,
        running: PlanDays,
    ) -> None:
        """Write an indicator and its years: last year, this year, or both."""
        ran_before = old is not None and (told.only_before or told.before is not None)
        first = old if ran_before and old is not None else objective
        desk = self.workshop.desk(parent.unit)
        created = self._created_at(first)
        indicator = self.series.indicator(
            told=told,
            code=self._code(first),
            desk=desk,
            baseline_on=date(first.plan.year - 1, 12, 31),
            created=created,
            is_submitted=True,
            is_released=True,
        )
        self._note_indicator(indicator, desk.planner, created)
        last: Decimal | None = None
        if ran_before and old is not None:
            last = self._past_year(indicator, told, parent, old, before, created)
        if told.only_before:
            return
        self._running[told.title["nl"]] = (indicator, told)
        written = self._created_at(objective) if ran_before else created
        self.series.targets(
            indicator=indicator,
            told=told,
            year=running.year,
            value=self._first_target(told, parent, running.year),
            desk=desk,
            set_at=written,
        )
        tale = self.content.tales.of(told.title)
        link = self._link(
            objective, indicator, told, weight=tale.first_weight or told.weight, since=written
        )
        if tale.first_weight is not None:
            self.objectives.weigh(link, weight=told.weight, desk=desk)
        course = Course(
            content=told,
            year=running.year,
            story=told.story,
            baseline_on=indicator.baseline_date or date(running.year - 1, 12, 31),
            target=told.target,
            earlier=told.before if ran_before else None,
            floor=last,
        )
        season = Season(
            year=running.year,
            written=written,
            opens=self.chronology.moment(running.approved_on or running.opened_on),
            incident=fate.incidents.get(place, ""),
            is_corrected=place in fate.corrected,
            has_gap=place in fate.gaps,
            tale=tale,
        )
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
            opens=self.chronology.moment(days.approved_on or days.opened_on),
            is_closed=days.closed_on is not None,
            restated=self.content.tales.of(told.title).restated,
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
