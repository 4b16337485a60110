"""Makes the demo: accounts, three operational plans, their objectives, indicators, figures.

Rows are written in bulk, because a thousand service calls would take a minute; they keep to the
same rules as the services in objectives.planning and objectives.indicators.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Any, Final

from django.conf import settings
from django.db import models, transaction
from django.db.models import OuterRef, Subquery

from ibzplan.core.models import HistoryEntry, Record
from objectives.indicators.choices import Accumulation, Frequency, TargetKind
from objectives.indicators.models import (
    Indicator,
    Measurement,
    MeasurementEvent,
    Obligation,
    Target,
)
from objectives.planning.choices import PlanState
from objectives.planning.models import (
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.services import ObjectiveSheet
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Goal, Plan, Werf
from personnel.choices import Role
from personnel.models import OrganisationUnit, SupervisingMinister, User
from reporting.demo.accounts import Login, accounts_create, logins_write
from reporting.demo.calendar import PlanDays, plan_days
from reporting.demo.chronology import Chronology
from reporting.demo.content import (
    LATE,
    NO_DATA,
    NOT_STARTED,
    OFF,
    ON,
    RISK,
    DemoContent,
    IndicatorContent,
    ObjectiveContent,
    content_read,
)
from reporting.demo.errors import DemoUnavailable
from reporting.demo.figures import MET, Course
from reporting.demo.identity import Identity
from reporting.demo.series import Desk, Season, SeriesWriter

PLAN_CODE: Final = "SP2025"
_LATE_INDICATORS: Final = 6
_SILENT_INDICATORS: Final = 4
_CORRECTED_INDICATORS: Final = 14
_GAPS: Final = 6
_BATCH: Final = 200
_PASSWORD_BYTES: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The real rows that the demo hangs on, by code; `ministers` and `units` alike."""

    plan: Plan
    werven: Mapping[str, Werf]
    units: Mapping[str, OrganisationUnit]
    ministers: Mapping[str, SupervisingMinister]
    goals: Mapping[str, Goal]
    security_objectives: Mapping[str, SecurityObjective]


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
        ground = _ground(content, today)
        author = DemoAuthor(content=content, ground=ground, seed=seed, today=today)
        users = author.write(password)
        logins = [Login(name, str(user)) for name, user in users.items()]
        path = logins_write(logins, password)  # inside: no demo without a known password
    return Made(logins=logins, password=password, logins_file=path, counts=author.counts())


def _ground(content: DemoContent, today: date) -> Ground:
    """Return the real rows. Raises DemoUnavailable naming every one that is missing."""
    plan = Plan.objects.filter(code=PLAN_CODE).first()
    if plan is None:
        raise DemoUnavailable(
            f"There is no plan {PLAN_CODE}. Load the real plans first: manage.py load_plans"
        )
    first, last = plan.starts_on.year + 1, plan.ends_on.year - 1
    if not first <= today.year <= last:
        raise DemoUnavailable(
            f"{today} does not fit: the demo needs a day from {first} to {last}, so that the "
            f"years before and after lie within the plan."
        )
    years = [today.year - 1, today.year, today.year + 1]
    taken = plan.operational_plans.filter(year__in=years).values_list("year", flat=True)
    if taken:
        raise DemoUnavailable(
            f"There is a real operational plan already of {', '.join(map(str, sorted(taken)))}. "
            f"The demo would stand in its place; use another database for it."
        )
    everything = (*content.objectives, *content.drafts)
    return Ground(
        plan=plan,
        werven=_by_code(Werf.objects.filter(objective__plan=plan), {o.werf for o in everything}),
        units=_by_code(OrganisationUnit.objects.all(), set(content.unit_codes)),
        ministers=_by_code(
            SupervisingMinister.objects.all(), {a.minister for a in content.accounts if a.minister}
        ),
        goals=_by_code(Goal.objects.filter(objective__plan=plan), set()),
        security_objectives=_by_code(SecurityObjective.objects.all(), set()),
    )


def _by_code(rows: "models.QuerySet[Any]", needed: set[str]) -> dict[str, Any]:
    found = {row.code: row for row in rows}
    missing = sorted(needed - found.keys())
    if missing:
        name = rows.model._meta.verbose_name
        raise DemoUnavailable(
            f"Missing of {name}: {', '.join(missing)}. "
            f"Load the real plans first: manage.py load_plans"
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What befalls some indicators of the running year; keys are (objective, indicator) places."""

    incidents: Mapping[tuple[int, int], str]
    corrected: frozenset[tuple[int, int]]
    gaps: frozenset[tuple[int, int]]


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
        self.goal_links: list[models.Model] = []
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
        fate = self._fate()
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
        past = told if told.only_before else _without_interim(told)
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

    def _fate(self) -> Fate:
        """Choose which indicators are late, silent, corrected or not measured for a while.

        At most one incident an objective, and only where things go well otherwise, so that the
        objective still tells its own story.
        """
        candidates = [
            [
                (place, order)
                for order, one in enumerate(told.indicators)
                if told.story == one.story == ON
                and one.kind in (TargetKind.INCREASE, TargetKind.DECREASE)
                and one.frequency != Frequency.YEARLY
                and one.weight == 1
                and not one.only_before
                and not one.is_key
                and not any(other.story == LATE for other in told.indicators)
            ]
            for place, told in enumerate(self.content.objectives)
        ]
        chosen = self.rng.sample(
            [places for places in candidates if places], _LATE_INDICATORS + _SILENT_INDICATORS
        )
        unlucky = [self.rng.choice(places) for places in chosen]
        incidents = {
            place: LATE if number < _LATE_INDICATORS else NO_DATA
            for number, place in enumerate(unlucky)
        }
        plain = [
            (place, order)
            for place, told in enumerate(self.content.objectives)
            for order, one in enumerate(told.indicators)
            if one.kind in (TargetKind.INCREASE, TargetKind.DECREASE)
            and one.denominator is None
            and one.story not in (NO_DATA, NOT_STARTED)
            and one.frequency in (Frequency.TERM, Frequency.MONTHLY)
            and not one.only_before
            and (place, order) not in incidents
        ]
        corrected = self.rng.sample(plain, _CORRECTED_INDICATORS)
        levels = [
            (place, order)
            for place, order in plain
            if (place, order) not in corrected
            and self.content.objectives[place].indicators[order].accumulation == Accumulation.LEVEL
        ]
        gaps = self.rng.sample(levels, min(_GAPS, len(levels)))
        return Fate(incidents=incidents, corrected=frozenset(corrected), gaps=frozenset(gaps))

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
        for made in (self.plans, self.objectives, rows.indicators):
            _write(made)
            type(made[0])._default_manager.bulk_update(
                made,  # type: ignore[arg-type]
                ["created_at"],
                batch_size=_BATCH,
            )
        OperationalObjective.goals.through._default_manager.bulk_create(self.goal_links)
        _write(self.security_links)
        _write(self.links)
        _write(rows.obligations)
        _created_with(ObjectiveIndicator, "objective", OperationalObjective)
        _created_with(ObjectiveSecurityLink, "objective", OperationalObjective)
        _created_with(Obligation, "indicator", Indicator)
        facts: list[list[Target] | list[Measurement] | list[MeasurementEvent]] = [
            rows.targets,
            rows.measurements,
            rows.events,
        ]
        for found in facts:
            _write(sorted(found, key=lambda row: row.recorded_at))
        _write(sorted(self.history, key=lambda entry: entry.at))


def _without_interim(told: IndicatorContent) -> IndicatorContent:
    from dataclasses import replace

    return replace(told, interim=())


def _write(rows: "list[Any]") -> None:
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=_BATCH)


def _created_with(model: type[Record], field: str, parent: type[Record]) -> None:
    """Date demo rows like the row they hang on: the column itself only knows the present."""
    dated = parent._default_manager.filter(pk=OuterRef(field)).values("created_at")[:1]
    model._default_manager.filter(is_demo=True).update(created_at=Subquery(dated))
