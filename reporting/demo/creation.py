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
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from ibzplan.core.models import HistoryEntry, Record
from objectives.indicators.models import Indicator, Obligation
from objectives.planning.choices import PlanState
from objectives.planning.models import (
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.services import ObjectiveSheet, indicators_refresh
from personnel.choices import Role
from personnel.models import User
from reporting.demo.accounts import Login, accounts_create, logins_write
from reporting.demo.chronology import Chronology
from reporting.demo.content import (
    OFF,
    RISK,
    DemoContent,
    IndicatorContent,
    ObjectiveContent,
    content_read,
)
from reporting.demo.fate import Fate, fate_draw
from reporting.demo.figures import MET, Course
from reporting.demo.ground import Ground, ground_find
from reporting.demo.identity import Identity
from reporting.demo.plan_calendar import PlanDays, plan_days
from reporting.demo.series import Desk, Season, SeriesWriter
from reporting.demo.writing import date_like_parent, dated_rows_write, rows_write

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
        ground = ground_find(content, today)
        author = DemoAuthor(content=content, ground=ground, seed=seed, today=today)
        users = author.write(password)
        logins = [Login(name, str(user)) for name, user in users.items()]
        path = logins_write(logins, password)  # inside: no demo without a known password
    return Made(logins=logins, password=password, logins_file=path, counts=author.counts())


class DemoAuthor:
    """Holds the rows of one demo while they are made, and writes them in the end."""

    def __init__(self, *, content: DemoContent, ground: Ground, seed: int, today: date) -> None:
        """Start from a seed and a day."""
        self.content = content
        self.ground = ground
        self.today = today
        self.rng = Random(seed)  # noqa: S311 (fiction that must repeat itself, no secret)
        self.identity = Identity(seed)
        self.chronology = Chronology(today=today, rng=self.rng)
        self.series = SeriesWriter(
            content=content, chronology=self.chronology, identity=self.identity, rng=self.rng
        )
        self.users: dict[str, User] = {}
        self.plans: list[OperationalPlan] = []
        self.objectives: list[OperationalObjective] = []
        self.links: list[ObjectiveIndicator] = []
        self.goal_links: list[Any] = []
        self.security_links: list[ObjectiveSecurityLink] = []
        self.history: list[HistoryEntry] = []

    def write(self, password: str) -> dict[str, User]:
        """Make and save everything; return the accounts by username."""
        before, running, after = plan_days(self.today)
        self.users, self.history = accounts_create(
            self.content.accounts,
            password=password,
            identity=self.identity,
            at=self.chronology.moment(before.opened_on - timedelta(days=1)),
            units=self.ground.units,
            ministers=self.ground.ministers,
        )
        for entry in self.history:
            self._date_entry(entry, entry.at)
        self._two_years(before, running)
        self._drafts(after)
        self.chronology.settle()
        self._save()
        return self.users

    def counts(self) -> dict[str, int]:
        """Return how many rows there are of each kind."""
        rows = self.series.rows
        return {
            "accounts": len(self.users),
            "operational plans": len(self.plans),
            "operational objectives": len(self.objectives),
            "indicators": len(rows.indicators),
            "targets": len(rows.targets),
            "figures due": len(rows.obligations),
            "figures": len(rows.measurements),
            "validations": len(rows.events),
            "history entries": len(self.history),
        }

    def _two_years(self, before: PlanDays, running: PlanDays) -> None:
        """Write last year's plan and this year's, with the series that run through both."""
        old_plan, plan = self._plan(before), self._plan(running)
        fate = fate_draw(self.content, self.rng)
        numbers: dict[tuple[int, str], int] = {}
        for place, told in enumerate(self.content.objectives):
            old = None
            if told.title_before is not None:
                old = self._objective(old_plan, told, before, numbers)
            objective = self._objective(plan, told, running, numbers)
            for order, one in enumerate(told.indicators):
                self._indicator((place, order), one, told, old, objective, fate, before, running)

    def _drafts(self, days: PlanDays) -> None:
        """Write next year's plan: drafts, some handed in by the head."""
        plan = self._plan(days)
        numbers: dict[tuple[int, str], int] = {}
        for told in self.content.drafts:
            objective = self._objective(plan, told, days, numbers)
            desk = self._desk(told.unit)
            for one in told.indicators:
                created = self._created_at(objective)
                indicator = self.series.indicator(
                    told=one,
                    code=self._code(objective),
                    desk=desk,
                    baseline_on=date(days.year - 1, 12, 31),
                    created=created,
                    is_submitted=told.is_submitted,
                    is_released=False,
                )
                self._note_indicator(indicator, desk.planner, created)
                self.series.targets(
                    indicator=indicator,
                    told=one,
                    year=days.year,
                    value=one.target,
                    desk=desk,
                    set_at=created,
                )
                self.series.draft(indicator=indicator, year=days.year)
                self._link(objective, indicator, one)

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
        desk = self._desk(parent.unit)
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
        set_at = self._created_at(objective) if ran_before else created
        self.series.targets(
            indicator=indicator,
            told=told,
            year=running.year,
            value=told.target,
            desk=desk,
            set_at=set_at,
        )
        self._link(objective, indicator, told)
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
            opens=self.chronology.moment(running.approved_on or running.opened_on),
            incident=fate.incidents.get(place, ""),
            is_corrected=place in fate.corrected,
            has_gap=place in fate.gaps,
        )
        self.series.report(indicator=indicator, course=course, season=season, desk=desk)

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
        desk = self._desk(parent.unit)
        past = told if told.only_before else replace(told, interim=())
        self.series.targets(
            indicator=indicator, told=past, year=days.year, value=value, desk=desk, set_at=created
        )
        self._link(old, indicator, told)
        course = Course(
            content=past,
            year=days.year,
            story=RISK if told.story == OFF else MET,
            baseline_on=date(days.year - 1, 12, 31),
            target=value,
        )
        season = Season(
            year=days.year,
            opens=self.chronology.moment(days.approved_on or days.opened_on),
            is_closed=days.closed_on is not None,
        )
        return self.series.report(indicator=indicator, course=course, season=season, desk=desk)

    def _desk(self, unit: str) -> Desk:
        return Desk(
            unit=self.ground.units[unit],
            planner=self._user(Role.PLANNER, unit),
            head=self._user(Role.HEAD, unit),
        )

    def _user(self, role: str, unit: str = "") -> User:
        names = (a.username for a in self.content.accounts if (a.role, a.unit) == (role, unit))
        return self.users[next(names)]

    def _plan(self, days: PlanDays) -> OperationalPlan:
        """Make a plan with the history of its life so far."""
        opened = self.chronology.moment(days.opened_on)
        plan = OperationalPlan(
            uuid=self.identity.of("plan", str(days.year)),
            plan=self.ground.plan,
            year=days.year,
            state=days.state,
            approved_on=days.approved_on,
            sent_on=days.sent_on,
            closed_on=days.closed_on,
            version=1 + sum(day is not None for day in (days.approved_on, days.closed_on)),
            is_demo=True,
            created_at=opened,
        )
        self.plans.append(plan)
        corporate, committee = self._user(Role.CORPORATE), self._user(Role.COMMITTEE)
        self._note(plan, corporate, opened, "created", {"year": (None, days.year)})
        if days.approved_on is not None:
            at = self.chronology.moment(days.approved_on)
            change = {"state": (PlanState.DRAFT, PlanState.APPROVED)}
            self._note(plan, committee, at, PlanState.APPROVED, change)
        if days.closed_on is not None:
            at = self.chronology.moment(days.closed_on)
            change = {"state": (PlanState.APPROVED, PlanState.CLOSED)}
            self._note(plan, committee, at, PlanState.CLOSED, change)
        return plan

    def _objective(
        self,
        plan: OperationalPlan,
        told: ObjectiveContent,
        days: PlanDays,
        numbers: dict[tuple[int, str], int],
    ) -> OperationalObjective:
        """Make an objective with its goals, NVP objectives and history."""
        key = (plan.year, told.werf)
        numbers[key] = numbers.get(key, 0) + 1
        code = f"{told.werf}.{numbers[key]}"
        is_past = days.year < self.today.year
        title = told.title_before if is_past and told.title_before is not None else told.title
        sheet = ObjectiveSheet(
            title=title,
            starts_on=date(days.year, 1, 1),
            ends_on=date(days.year, 12, 31),
            holder=self.content.holders.get(told.unit, ""),
        )
        span = max((days.written_until - days.opened_on).days, 1)
        created = self.chronology.moment(
            days.opened_on + timedelta(days=self.rng.randrange(1, span + 1))
        )
        objective = OperationalObjective(
            uuid=self.identity.of("objective", str(days.year), code),
            plan=plan,
            werf=self.ground.werven[told.werf],
            unit=self.ground.units[told.unit],
            code=code,
            title=sheet.title,
            holder=sheet.holder,
            starts_on=sheet.starts_on,
            ends_on=sheet.ends_on,
            search_key=sheet.search_key(code),
            is_demo=True,
            created_at=created,
        )
        self.objectives.append(objective)
        planner = self._user(Role.PLANNER, told.unit)
        change = {"code": (None, code), "title": (None, sheet.title.as_json())}
        self._note(objective, planner, created, "created", change)
        self._moves(objective, told, days, created)
        self._relations(objective, told)
        return objective

    def _moves(
        self,
        objective: OperationalObjective,
        told: ObjectiveContent,
        days: PlanDays,
        created: datetime,
    ) -> None:
        """Bring an objective as far as its plan: each step with its day and actor."""
        head, committee = self._user(Role.HEAD, told.unit), self._user(Role.COMMITTEE)
        steps: list[tuple[str, User, datetime]] = []
        if days.submitted_on is not None and days.approved_on is not None:
            handed_in = days.submitted_on - timedelta(days=self.rng.randrange(8))
            steps.append((PlanState.SUBMITTED, head, self.chronology.moment(handed_in)))
            approved = self.chronology.moment(days.approved_on)
            steps.append((PlanState.APPROVED, committee, approved))
        elif told.is_submitted:
            later = self.chronology.after(created, self.rng.randint(2, 12))
            steps.append((PlanState.SUBMITTED, head, later))
        if days.closed_on is not None:
            steps.append((PlanState.CLOSED, committee, self.chronology.moment(days.closed_on)))
        for state, actor, at in steps:
            self._note(objective, actor, at, state, {"state": (objective.state, state)})
            objective.state = state
            objective.version += 1
            if state == PlanState.APPROVED:
                objective.approved_at = at

    def _relations(self, objective: OperationalObjective, told: ObjectiveContent) -> None:
        through = OperationalObjective.goals.through
        self.goal_links += [
            through(operationalobjective=objective, goal=self.ground.goals[code])
            for code in told.goals
            if code in self.ground.goals
        ]
        self.security_links += [
            ObjectiveSecurityLink(
                uuid=self.identity.of("nvp", str(objective.uuid), code),
                objective=objective,
                security_objective=self.ground.security_objectives[code],
                is_demo=True,
                created_at=objective.created_at,
            )
            for code in told.security_objectives
            if code in self.ground.security_objectives
        ]

    def _created_at(self, objective: OperationalObjective) -> datetime:
        """Return a moment soon after the objective was made, and before it was submitted."""
        return objective.created_at + timedelta(minutes=self.rng.randint(10, 50))

    def _code(self, objective: OperationalObjective) -> str:
        """Return the code of the objective's next new indicator, as the service would."""
        prefix = f"{objective.plan.year}-{objective.code}-"
        used = sum(row.code.startswith(prefix) for row in self.series.rows.indicators)
        return f"{prefix}{ascii_lowercase[used]}"

    def _link(
        self, objective: OperationalObjective, indicator: Indicator, told: IndicatorContent
    ) -> None:
        self.links.append(
            ObjectiveIndicator(
                uuid=self.identity.of("link", str(objective.uuid), indicator.code),
                objective=objective,
                indicator=indicator,
                weight=told.weight,
                is_key=told.is_key,
                order=1 + sum(link.objective is objective for link in self.links),
                is_demo=True,
                created_at=objective.created_at,
            )
        )

    def _note_indicator(self, indicator: Indicator, planner: User, at: datetime) -> None:
        change = {"code": (None, indicator.code), "title": (None, indicator.title.as_json())}
        self._note(indicator, planner, at, "created", change)

    def _note(
        self,
        target: Record,
        actor: User,
        at: datetime,
        action: str,
        changes: Mapping[str, tuple[object, object]],
    ) -> None:
        """Keep a history entry in mind, in the shape of core.services.history_record."""
        entry = HistoryEntry(
            uuid=self.identity.of("history", str(target.uuid), action),
            target_type=target.type_name(),
            target_uuid=target.uuid,
            actor=actor,
            action=action,
            changes={name: [old, new] for name, (old, new) in changes.items()},
            is_demo=True,
        )
        self.history.append(entry)
        self._date_entry(entry, at)

    def _date_entry(self, entry: HistoryEntry, at: datetime) -> None:
        def give(moment: datetime) -> None:
            entry.at = moment

        entry.at = at
        self.chronology.note(at, give)

    def _save(self) -> None:
        """Write all rows, facts in the order in which they were recorded."""
        rows = self.series.rows
        dated_rows_write(self.plans)
        dated_rows_write(self.objectives)
        dated_rows_write(rows.indicators)
        rows_write(self.goal_links)
        rows_write(self.security_links)
        rows_write(self.links)
        rows_write(rows.obligations)
        indicators_refresh([indicator.pk for indicator in rows.indicators])
        date_like_parent(ObjectiveIndicator, "objective", OperationalObjective)
        date_like_parent(ObjectiveSecurityLink, "objective", OperationalObjective)
        date_like_parent(Obligation, "indicator", Indicator)
        rows_write(sorted(rows.targets, key=lambda row: row.recorded_at))
        rows_write(sorted(rows.measurements, key=lambda row: row.recorded_at))
        rows_write(sorted(rows.events, key=lambda row: row.recorded_at))
        rows_write(sorted(self.history, key=lambda entry: entry.at))
