"""A small ministry, made through the same services that the product uses."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from ibzplan.core.services.clock import next_instant
from ibzplan.core.services.history import history_entry, history_record_all
from objectives.indicators.models import Indicator
from objectives.indicators.services import IndicatorSheet
from objectives.planning.choices import PlanState, Step
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors.smart import smart_readings
from objectives.planning.services import (
    ActivitySheet,
    MilestoneSheet,
    ObjectiveSheet,
    activity_add,
    indicator_add,
    objective_create,
    objective_move,
    smart_motivate,
)
from objectives.strategy.choices import PlanKind
from objectives.strategy.models import Activity, Plan, StrategicObjective, Werf, WerfUnit
from personnel.access import Access
from personnel.choices import FunctionLevel, Role, UnitKind
from personnel.models import (
    ManagementFunction,
    MinisterUnit,
    OrganisationUnit,
    RoleAssignment,
    SupervisingMinister,
    User,
)


def text(nl: str, fr: str = "") -> LocalisedText:
    """Return a localised text; the French one is made up when not given."""
    return LocalisedText({"nl": nl, "fr": fr or f"{nl} (fr)"})


@dataclass
class Ministry:
    """The records that tests start from; users by role name."""

    plan: Plan
    werf: Werf
    year: OperationalPlan
    adcv: OrganisationUnit
    dvz: OrganisationUnit
    vbz: SupervisingMinister
    am: SupervisingMinister
    users: dict[str, User]

    def objective(
        self, *, by: str = "planner_adcv", title: str = "Masterplan NCU uitvoeren", **kwargs: Any
    ) -> OperationalObjective:
        """Return a draft objective that the SMART check has nothing against, title apart."""
        planner = self.users[by]
        unit = self.dvz if by.endswith("dvz") else self.adcv
        return objective_create(
            actor=planner,
            plan=self.year,
            werf=self.werf,
            unit=unit,
            sheet=ObjectiveSheet(
                title=text(title, f"Exécuter {title}"),
                starts_on=date(2026, 1, 1),
                ends_on=date(2026, 12, 31),
                holder=function_of(unit.code),
                **kwargs,
            ),
        )

    def indicator(
        self,
        objective: OperationalObjective,
        *,
        by: str = "planner_adcv",
        target: Decimal | None = Decimal(95),
        **sheet: Any,
    ) -> Indicator:
        """Return an indicator: 88 % at the end of 2025, 95 % at the end of 2026."""
        values: dict[str, Any] = {
            "title": text("Bezettingsgraad noodcentrales"),
            "unit_of_measure": LocalisedText({"nl": "%", "fr": "%"}),
            "target_kind": "increase",
            "decimals": 1,
            "baseline": Decimal(88),
            "baseline_date": date(2025, 12, 31),
            "source": text("Dispatchinglogboek", "Journal du dispatching"),
        }
        return indicator_add(
            actor=self.users[by],
            objective=objective,
            sheet=IndicatorSheet(**{**values, **sheet}),
            target=target,
        )

    def milestone(
        self, objective: OperationalObjective, due_on: date, *, by: str = "planner_adcv"
    ) -> Indicator:
        """Return an indicator that is reached or not by a day."""
        return indicator_add(
            actor=self.users[by],
            objective=objective,
            sheet=IndicatorSheet(
                title=text("Centrum geopend"),
                unit_of_measure=text(""),
                target_kind="milestone",
                source=text("Register"),
            ),
            target=None,
            target_due_on=due_on,
        )

    def project(
        self,
        objective: OperationalObjective,
        title: str,
        steps: Mapping[str, date],
        *,
        by: str = "planner_adcv",
    ) -> Activity:
        """Return an activity with its milestones, given as title and day."""
        return activity_add(
            actor=self.users[by],
            objective=objective,
            sheet=ActivitySheet(kind="project", title=text(title)),
            milestones=[
                MilestoneSheet(title=text(name), due_on=day) for name, day in steps.items()
            ],
        )

    def motivate(self, objective: OperationalObjective, *, by: str = "head_adcv") -> None:
        """Give a word to everything that the SMART check advises."""
        clocks = Clocks.now()
        current = OperationalObjective.objects.select_related("plan", "unit").get(pk=objective.pk)
        (reading,) = smart_readings([current], clocks=clocks, access=Access(is_superuser=True))
        words = {one.key.token: "Zo afgesproken." for one in reading.unmotivated}
        if words:
            smart_motivate(actor=self.users[by], objective=objective, words=words)

    def approve(self, objective: OperationalObjective, *, head: str = "head_adcv") -> None:
        """Bring it over all desks, with a word to what the SMART check advises where it does."""
        try:
            self.submit(objective, head=head)
        except DomainError:
            self.motivate(objective, by=head)
            self.submit(objective, head=head)
        self.pass_on(objective)
        self._move(objective, "committee", Step.APPROVE)

    def submit(self, objective: OperationalObjective, *, head: str = "head_adcv") -> None:
        """Let the head submit; the SMART check has a say."""
        self._move(objective, head, Step.SUBMIT)

    def pass_on(self, objective: OperationalObjective) -> None:
        """Let the corporate cell pass it on to the committee."""
        self._move(objective, "corporate", Step.PASS_ON)

    def _move(self, objective: OperationalObjective, who: str, step: Step) -> None:
        objective_move(actor=self.users[who], objective=objective, step=step)
        objective.refresh_from_db()


def make_ministry() -> Ministry:
    """Make the records."""
    adcv, dvz = OrganisationUnit.objects.bulk_create(
        OrganisationUnit(
            code=code, kind=UnitKind.GENERAL_DIRECTORATE, title=text(title), order=order
        )
        for order, (code, title) in enumerate(
            [("ADCV", "AD Civiele Veiligheid"), ("DVZ", "AD Dienst Vreemdelingenzaken")]
        )
    )
    ManagementFunction.objects.bulk_create(
        ManagementFunction(
            code=f"{unit.code}-DG",
            unit=unit,
            title=text("Directeur-generaal", "Directeur général"),
            level=FunctionLevel.N1,
        )
        for unit in (adcv, dvz)
    )
    vbz, am = SupervisingMinister.objects.bulk_create(
        SupervisingMinister(
            code=code,
            title=text(title),
            short_title=text(title),
            plan_codes=["SP2025"],
            order=order,
        )
        for order, (code, title) in enumerate([("VBZ", "Veiligheid"), ("AM", "Asiel en Migratie")])
    )
    MinisterUnit.objects.bulk_create(
        MinisterUnit(minister=minister, unit=unit) for minister, unit in ((vbz, adcv), (am, dvz))
    )
    plan = Plan.objects.create(
        code="SP2025",
        kind=PlanKind.STRATEGIC,
        title=text("Strategisch plan 2025-2029"),
        starts_on=date(2025, 1, 1),
        ends_on=date(2029, 12, 31),
    )
    strategic = StrategicObjective.objects.create(plan=plan, code="2", title=text("Inrichten"))
    werf = Werf.objects.create(
        objective=strategic, code="2.6", title=text("Veilige en efficiënte hulpketen")
    )
    WerfUnit.objects.create(werf=werf, unit=adcv)
    year = OperationalPlan.objects.create(plan=plan, year=2026, state=PlanState.APPROVED)
    return Ministry(plan, werf, year, adcv, dvz, vbz, am, make_users(adcv, dvz, vbz, am))


def make_users(
    adcv: OrganisationUnit,
    dvz: OrganisationUnit,
    vbz: SupervisingMinister,
    am: SupervisingMinister,
) -> dict[str, User]:
    """Make a user a role, by the name of the role."""
    roles: dict[str, tuple[str, dict[str, Any]]] = {
        "planner_adcv": (Role.PLANNER, {"unit": adcv}),
        "head_adcv": (Role.HEAD, {"unit": adcv}),
        "planner_dvz": (Role.PLANNER, {"unit": dvz}),
        "head_dvz": (Role.HEAD, {"unit": dvz}),
        "corporate": (Role.CORPORATE, {}),
        "committee": (Role.COMMITTEE, {}),
        "cabinet_vbz": (Role.CABINET, {"minister": vbz}),
        "cabinet_am": (Role.CABINET, {"minister": am}),
        "auditor": (Role.AUDITOR, {}),
    }
    made = User.objects.bulk_create(User(username=name) for name in (*roles, "outsider"))
    users = {user.username: user for user in made}
    roles_assign([(users[name], role, scope) for name, (role, scope) in roles.items()])
    return users


@transaction.atomic
def roles_assign(given: Iterable[tuple[User, str, dict[str, Any]]]) -> list[RoleAssignment]:
    """Write what role_assign writes for each user, role and scope, in a few statements.

    Nearly every test begins with these; tests/personnel/test_access.py holds both ways equal.
    """
    at = next_instant()
    rows = RoleAssignment.objects.bulk_create(
        RoleAssignment(user=user, role=role, **scope) for user, role, scope in given
    )
    history_record_all(
        history_entry(
            actor=None,
            target=row,
            action="role_assigned",
            changes={
                "user": (None, row.user.username),
                "role": (None, row.role),
                "unit": (None, row.unit.code if row.unit else None),
                "minister": (None, row.minister.code if row.minister else None),
            },
            at=at,
        )
        for row in rows
    )
    return rows


@contextmanager
def kept_for_many(blocker: Any) -> Iterator[None]:
    """Let what is made inside a fixture of a module or class stay for all of its tests.

    Each test has a transaction of its own on top of it, as in Django's setUpTestData. `blocker`
    is the fixture django_db_blocker; the fixture asks for django_db_setup as well.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def function_of(unit_code: str) -> ManagementFunction:
    """Return the management function that leads a unit of the ministry."""
    return ManagementFunction.objects.get(code=f"{unit_code}-DG")
