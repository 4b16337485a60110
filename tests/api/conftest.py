"""A small world for the API tests: two directorates of two ministers, and a user per role."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from budget.models import CreditAmount, CreditExecution, CreditLine
from ibzplan.core.choices import QuestionKind
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Answer, Question
from ibzplan.core.services import token_create
from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import (
    Indicator,
    IndicatorDefinition,
    Measurement,
    MeasurementEvent,
    Target,
)
from objectives.indicators.periods import parse_period
from objectives.indicators.selectors import DEFINITION_COLUMNS
from objectives.indicators.services.definition_checks import FIRST_DAY
from objectives.planning.models import (
    Amendment,
    AmendmentChange,
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
)
from objectives.security.models import (
    AttentionPoint,
    EnablingCondition,
    EnablingConditionPoint,
    FrameworkMention,
    KivDimension,
    PolicyFramework,
    SecurityObjective,
    SecurityObjectivePoint,
    SecurityTheme,
    ThemeKivLink,
)
from objectives.strategy.models import (
    Goal,
    Mission,
    Plan,
    StrategicObjective,
    Werf,
    WerfElement,
    WerfUnit,
)
from personnel.choices import Role, UnitKind
from personnel.models import (
    MinisterUnit,
    OfficeHolder,
    OrganisationUnit,
    RoleAssignment,
    StaffingFigure,
    StaffingLine,
    SupervisingMinister,
    UnitName,
    User,
)
from reporting.models import Deadline, ProgressReport
from tests.api.writers import Writer
from tests.factories import Ministry

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

Get = Callable[..., "Response"]


def text(nl: str, fr: str = "") -> LocalisedText:
    return LocalisedText({"nl": nl, "fr": fr})


def moment(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=UTC)


def entry(nl: str, code: str, order: int) -> dict[str, Any]:
    title = text(nl, f"{nl} (fr)")
    return {"code": code, "order": order, "title": title, "search_key": title.search_key()}


@dataclass
class World:
    """The records that most tests start from, and how to make more."""

    units: dict[str, OrganisationUnit] = field(default_factory=dict)
    ministers: dict[str, SupervisingMinister] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    plan: Plan = field(init=False)
    year: OperationalPlan = field(init=False)
    werf: Werf = field(init=False)
    goal: Goal = field(init=False)
    theme: SecurityTheme = field(init=False)
    security_objective: SecurityObjective = field(init=False)

    def unit(self, code: str, minister: str) -> OrganisationUnit:
        unit = OrganisationUnit.objects.create(
            code=code, kind=UnitKind.GENERAL_DIRECTORATE, title=text(code), search_key=code.lower()
        )
        MinisterUnit.objects.create(unit=unit, minister=self.ministers[minister])
        UnitName.objects.create(unit=unit, where="text", printed=f"AD {code}")
        self.units[code] = unit
        return unit

    def minister(self, code: str) -> SupervisingMinister:
        minister = SupervisingMinister.objects.create(
            code=code, title=text(f"Minister {code}"), short_title=text(code), plan_codes=["SP"]
        )
        OfficeHolder.objects.create(minister=minister, name=f"Holder of {code}")
        self.ministers[code] = minister
        return minister

    def user(self, name: str, role: str, *, unit: str = "", minister: str = "") -> User:
        user = User.objects.create(username=name)
        RoleAssignment.objects.create(
            user=user,
            role=role,
            unit=self.units[unit] if unit else None,
            minister=self.ministers[minister] if minister else None,
        )
        self.users[name] = user
        return user

    def objective(self, code: str, unit: str, state: str = "approved") -> OperationalObjective:
        objective = OperationalObjective.objects.create(
            plan=self.year,
            werf=self.werf,
            unit=self.units[unit],
            code=code,
            title=text(f"Objective {code}"),
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
            state=state,
            waits_for={"draft": "planner", "submitted": "committee"}.get(state, ""),
            approved_at=moment("2025-12-20") if state in ("approved", "closed") else None,
            search_key=f"objective {code.lower()}",
        )
        ObjectiveGoal.objects.create(
            objective=objective, goal=self.goal, known_from=moment("2025-01-01")
        )
        ObjectiveSecurityLink.objects.create(
            objective=objective,
            security_objective=self.security_objective,
            known_from=moment("2025-01-01"),
        )
        return objective

    def indicator(
        self, code: str, unit: str, *, released: bool = True, title: str = "", **values: Any
    ) -> Indicator:
        name = text(title or f"Indicator {code}", "indicateur")
        made = Indicator.objects.create(
            code=code,
            owner=self.units[unit],
            title=name,
            unit_of_measure=text("stuks"),
            target_kind="increase",
            is_released=released,
            released_year=2026 if released else None,
            search_key=name.search_key(),
            **values,
        )
        self.version(made, valid_from=FIRST_DAY, day="2025-01-01")
        return made

    def version(
        self, indicator: Indicator, *, valid_from: date, day: str, reason: str = "", **extra: Any
    ) -> IndicatorDefinition:
        """Keep what the indicator says as a version of its definition."""
        number = indicator.definitions.count() + 1
        Indicator.objects.filter(pk=indicator.pk).update(definition_number=number)
        return IndicatorDefinition.objects.create(
            indicator=indicator,
            number=number,
            valid_from=valid_from,
            reason=reason,
            recorded_at=moment(day),
            recorded_by=self.users["planner"],
            **{name: getattr(indicator, name) for name in DEFINITION_COLUMNS},
            **extra,
        )

    def used(self, indicator: Indicator, *, approved_on: str = "2025-12-20") -> Indicator:
        """Let an approved objective of the unit use the indicator."""
        objective = self.objective(f"O-{indicator.code}", indicator.owner.code)
        objective.approved_at = moment(approved_on)
        objective.save()
        self.link(objective, indicator)
        return indicator

    def link(self, objective: OperationalObjective, indicator: Indicator) -> ObjectiveIndicator:
        return ObjectiveIndicator.objects.create(
            objective=objective, indicator=indicator, known_from=moment("2025-01-01")
        )

    def target(
        self, indicator: Indicator, value: str, *, day: str, due: str, plan_year: int | None = None
    ) -> Target:
        return Target.objects.create(
            indicator=indicator,
            due_on=date.fromisoformat(due),
            plan_year=plan_year or date.fromisoformat(due).year,
            value=Decimal(value),
            recorded_at=moment(day),
            recorded_by=self.users["planner"],
        )

    def figure(
        self, indicator: Indicator, period: str, value: str | None, *, day: str, **values: Any
    ) -> Measurement:
        when = parse_period(period)
        return Measurement.objects.create(
            indicator=indicator,
            period_start=when.start,
            resolution=when.resolution,
            period_end=when.end,
            value=None if value is None else Decimal(value),
            recorded_at=moment(day),
            recorded_by=self.users["planner"],
            **values,
        )

    def validate(self, figure: Measurement, *, day: str) -> None:
        self.event(figure, MeasurementEventKind.VALIDATED, day=day)

    def event(self, figure: Measurement, kind: str, *, day: str, reason: str = "") -> None:
        MeasurementEvent.objects.create(
            measurement=figure,
            kind=kind,
            reason=reason,
            recorded_at=moment(day),
            recorded_by=self.users["planner"],
        )

    def question(
        self, target: OperationalObjective | Indicator, *, minister: str, day: str = "2026-01-05"
    ) -> Question:
        """Let the cabinet of a minister ask about something, and its unit answer."""
        unit = target.unit if isinstance(target, OperationalObjective) else target.owner
        question = Question.objects.create(
            kind=QuestionKind.QUESTION,
            target_type=target.type_name(),
            target_uuid=target.uuid,
            text="Waarom loopt dit achter?",
            minister_uuid=self.ministers[minister].uuid,
            unit_uuid=unit.uuid,
            due_on=date.fromisoformat(day),
            asked_by=self.users["cabinet"],
            asked_at=moment(day),
        )
        Answer.objects.create(
            question=question,
            text="De aanbesteding loopt uit.",
            answered_by=self.users["planner"],
            answered_at=moment(day) + timedelta(days=3),
        )
        return question

    def amendment(
        self, objective: OperationalObjective, *, state: str = "approved", **values: Any
    ) -> Amendment:
        """Propose a change of an objective; approved unless it says otherwise."""
        number = Amendment.objects.filter(plan=self.year).count() + 1
        made = Amendment.objects.create(
            plan=self.year,
            number=number,
            title=text("Bijsturing", "Ajustement"),
            motivation=text("Te laat geleverd"),
            state=state,
            submitted_at=moment("2026-03-01") if state != "draft" else None,
            decided_at=moment("2026-03-10") if state == "approved" else None,
            **values,
        )
        change = AmendmentChange.objects.create(
            amendment=made,
            kind="change",
            values={"ends_on": ["2026-12-31", "2026-10-31"]},
            motivation="Vroeger klaar",
            is_important=True,
        )
        change.objectives.add(objective)
        return made

    def deadline(self, title: str, *, unit: str = "", due: str = "2026-04-15") -> Deadline:
        return Deadline.objects.create(
            plan=self.year,
            kind="submission",
            title=text(title),
            due_on=date.fromisoformat(due),
            unit=self.units[unit] if unit else None,
        )

    def report(self, *, minister: str = "BZ", day: str = "2026-06-30", **values: Any) -> Any:
        """Keep a report that is ready, issued unless it says otherwise."""
        life = {
            "stage": "approved",
            "issued_at": moment("2026-07-20"),
            "issued_by": self.users["corporate"],
        }
        return ProgressReport.objects.create(
            strategic_plan=self.plan,
            plan=self.year,
            minister=self.ministers[minister],
            reference_date=date.fromisoformat(day),
            known_at=moment("2026-07-10"),
            requested_by=self.users["corporate"],
            state="ready",
            snapshot="{}",
            snapshot_sha256="a" * 64,
            **{"language": "nl", **life, **values},
        )

    def means(self, code: str, unit: str) -> tuple[CreditAmount, StaffingFigure]:
        """Give a unit a credit line and a staffing line, each with one printed figure."""
        named = {"code": code, "unit": self.units[unit], "title": text(f"Lijn {code}")}
        credit = CreditAmount.objects.create(
            line=CreditLine.objects.create(category="personnel", **named),
            year=2026,
            budget="initial",
            table="missions",
            commitment_cents=123_400_000,
            payment_cents=0,
            printed_commitment=1234,
            printed_payment=0,
        )
        CreditExecution.objects.create(
            line=credit.line,
            year=2026,
            on=date(2026, 6, 30),
            committed_cents=61_700_000,
            paid_cents=0,
            recorded_at=moment("2026-07-05"),
            recorded_by=self.users["corporate"],
        )
        staff = StaffingFigure.objects.create(
            line=StaffingLine.objects.create(**named),
            measure="fte",
            statute="all",
            kind="actual",
            on=date(2026, 1, 1),
            amount=12_500,
            printed="12,5",
            origin="printed",
        )
        return credit, staff

    def plan_entries(self, count: int) -> None:
        """Add so many rows to every list of the two plans, with what hangs below them."""
        unit = next(iter(self.units.values()))
        for n in range(Mission.objects.count(), Mission.objects.count() + count):
            code = f"X{n:02}"
            Mission.objects.create(plan=self.plan, law=text("wet"), **entry("Taak", code, n))
            objective = StrategicObjective.objects.create(
                plan=self.plan, **entry("Doelstelling", code, n)
            )
            Goal.objects.create(objective=objective, **entry("Doel", code, n))
            werf = Werf.objects.create(objective=objective, **entry("Werf", code, n))
            WerfUnit.objects.create(werf=werf, unit=unit)
            WerfElement.objects.create(werf=werf, kind="pillar", **entry("Pijler", code, n))
            kiv = KivDimension.objects.create(plan=self.plan, **entry("Dimensie", code, n))
            theme = SecurityTheme.objects.create(plan=self.plan, **entry("Thema", code, n))
            sub = SecurityTheme.objects.create(
                plan=self.plan, parent=theme, **entry("Subthema", f"{code}.1", n)
            )
            ThemeKivLink.objects.create(theme=theme, dimension=kiv, source_line=n)
            AttentionPoint.objects.create(theme=theme, **entry("Aandacht", code, n))
            security = SecurityObjective.objects.create(
                theme=sub, level="local", number=n, **entry("Veiligheid", code, n)
            )
            SecurityObjectivePoint.objects.create(objective=security, **entry("Punt", code, n))
            framework = PolicyFramework.objects.create(
                plan=self.plan, kind="plan", **entry("Kader", code, n)
            )
            FrameworkMention.objects.create(
                framework=framework, theme=theme, printed="Kader", source_line=n
            )
            condition = EnablingCondition.objects.create(
                plan=self.plan, **entry("Voorwaarde", code, n)
            )
            EnablingConditionPoint.objects.create(condition=condition, **entry("Punt", code, n))
            OperationalPlan.objects.create(plan=self.plan, year=2030 + n, state="approved")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def make_world() -> World:
    """Make the records."""
    made = World()
    for code in ("BZ", "AM"):
        made.minister(code)
    made.unit("ADVP", "BZ")
    made.unit("DVZ", "AM")
    made.user("planner", Role.PLANNER, unit="ADVP")
    made.user("other planner", Role.PLANNER, unit="DVZ")
    made.user("cabinet", Role.CABINET, minister="BZ")
    made.user("other cabinet", Role.CABINET, minister="AM")
    made.user("corporate", Role.CORPORATE)
    made.user("auditor", Role.AUDITOR)
    made.plan = Plan.objects.create(
        kind="strategic",
        starts_on=date(2025, 1, 1),
        ends_on=date(2029, 12, 31),
        **entry("Strategisch plan", "SP", 1),
    )
    made.year = OperationalPlan.objects.create(plan=made.plan, year=2026, state="approved")
    made.year.created_at = moment("2025-01-01")
    made.year.save()
    objective = StrategicObjective.objects.create(plan=made.plan, **entry("Eén", "SD1", 1))
    made.goal = Goal.objects.create(objective=objective, **entry("Doel", "D1", 1))
    made.werf = Werf.objects.create(objective=objective, **entry("Werf", "W1", 1))
    made.theme = SecurityTheme.objects.create(plan=made.plan, **entry("Thema", "T1", 1))
    made.security_objective = SecurityObjective.objects.create(
        theme=made.theme, level="federal", number=1, **entry("Veiligheid", "V1", 1)
    )
    return made


@pytest.fixture
def writer(ministry: Ministry) -> Writer:
    """Return a client that writes in the ministry that the services made."""
    return Writer(ministry)


@pytest.fixture
def get(world: World) -> Get:
    """Return get(user, path, **query): one request below /api/v1 with that user's token."""
    keys: dict[str, str] = {}

    def ask(
        user: str, path: str, /, *, headers: dict[str, str] | None = None, **query: str
    ) -> "Response":
        if user not in keys:
            _token, keys[user] = token_create(user=world.users[user], name=user)
        sent = {"Authorization": f"Bearer {keys[user]}", **(headers or {})}
        return Client().get(f"/api/v1/{path}", query, headers=sent)

    return ask


def codes(response: "Response") -> list[str]:
    """Return the codes in a list, or those of the indicators it speaks of."""
    assert response.status_code == 200, response.content
    items = response.json()["items"]
    return [item.get("code") or item["indicator"]["code"] for item in items]
