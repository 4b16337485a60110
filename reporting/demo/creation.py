"""Makes the demo: accounts, three operational plans, their objectives, indicators, figures.

Rows are written in bulk, because a thousand service calls would take a minute; they keep to the
same rules as the services in objectives.planning and objectives.indicators.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from django.conf import settings
from django.db import transaction

from ibzplan.core.garbage import no_garbage_collection
from ibzplan.core.services import clock_hold, clock_rewritten, next_instant
from ibzplan.core.statistics import refresh_statistics
from objectives.planning.models import (
    OperationalObjective,
    OperationalPlan,
)
from personnel.models import User
from reporting.demo.accounts import Login, accounts_create, logins_write
from reporting.demo.amending import AmendmentWriter
from reporting.demo.asking import QuestionWriter
from reporting.demo.chronology import Chronology
from reporting.demo.content import (
    DemoContent,
    ObjectiveContent,
    content_read,
)
from reporting.demo.deadlines import DeadlineWriter
from reporting.demo.evaluating import EvaluationWriter
from reporting.demo.fate import fate_draw
from reporting.demo.following import follows_write
from reporting.demo.ground import Ground, ground_find
from reporting.demo.identity import Identity
from reporting.demo.indicators import IndicatorWriter, Lives
from reporting.demo.issuing import ReportIssuer
from reporting.demo.means import means_write
from reporting.demo.motivations import motivations_write
from reporting.demo.narrating import NarrativeWriter
from reporting.demo.objectives import ObjectiveWriter
from reporting.demo.plan_calendar import PlanDays, last_reported, plan_days
from reporting.demo.report_drafting import cycle_write, drafts_write
from reporting.demo.report_rows import files_queue
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


def demo_create(*, seed: int, today: date, password: str = "", has_reports: bool = True) -> Made:
    """Make the demo around a day and write its logins to a file.

    Without its progress reports it takes a third of the time.

    Raises DemoUnavailable when the real plans are not loaded, when a real operational plan
    takes one of the three years, or when there is a real account with a demo username.
    """
    content = content_read(Path(settings.BASE_DIR) / "fixtures" / "demo")
    password = password or secrets.token_urlsafe(_PASSWORD_BYTES)
    with transaction.atomic(), no_garbage_collection():
        clock_hold()
        ground = ground_find(content, today)
        author = DemoAuthor(content=content, ground=ground, seed=seed, today=today)
        users = author.write(password, has_reports=has_reports)
        logins = [Login(name, str(user)) for name, user in users.items()]
        path = logins_write(logins, password)  # inside: no demo without a known password
        clock_rewritten(at=next_instant())
        refresh_statistics()
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
            reported=last_reported(today),
        )
        self.chronology = self.workshop.chronology
        self.objectives = ObjectiveWriter(self.workshop)
        self.series = SeriesWriter(self.workshop)
        self.deadlines = DeadlineWriter(self.workshop)
        self.substance = SubstanceWriter(self.workshop)
        self.evaluations = EvaluationWriter(self.workshop)
        self.narratives = NarrativeWriter(self.workshop)
        self.indicators = IndicatorWriter(self.workshop, self.objectives, self.series)
        self.issuer = ReportIssuer(self.workshop, content.reports)
        self._objectives: dict[str, OperationalObjective] = {}

    def write(self, password: str, *, has_reports: bool) -> dict[str, User]:
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
        means_write(self.workshop, before, running)
        self.chronology.settle()
        amendments.settled()
        rows_save(self.workshop.rows)
        if has_reports:
            self._write_reports(plan)
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
            "progress reports": len(self.issuer.reports),
            "corrections of locked figures": len(rows.corrections),
            "deadlines": len(rows.deadlines),
            "credits entered": len(rows.amounts),
            "execution of credits": len(rows.executions),
            "staffing figures": len(rows.staffing),
            "in- and outflows": len(rows.flows),
            "values of police figures": len(rows.police),
            "shares of means": len(rows.credit_shares) + len(rows.staff_shares),
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
            course = Lives(told, old, objective, before, running, fate)
            for order, one in enumerate(told.indicators):
                self.indicators.write((place, order), one, course)
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
        writer = AmendmentWriter(self.workshop, self._objectives, self.indicators.by_title)
        writer.write(plan)
        return writer

    def _write_reports(self, plan: OperationalPlan) -> None:
        """Write the progress reports; workers make their files."""
        cycle_write(self.workshop, self.content.reports, plan)
        self.issuer.write(plan)
        self.issuer.reports += drafts_write(self.workshop, self.content.reports, plan)
        files_queue(self.workshop, self.issuer.reports)

    def _questions(self) -> None:
        """Write what cabinets and directorates asked each other."""
        QuestionWriter(self.workshop, self._objectives, self.indicators.by_title).write()

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
                self.indicators.draft(objective, one, told)
            for series in told.series:
                self.indicators.reuse(objective, series, told)
            motivations_write(self.workshop, objective, told)
