"""The data of before figures and definitions had two clocks comes through, and goes back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ibzplan.core.append_only import missing_triggers
from objectives.indicators.models import Indicator, IndicatorDefinition, Obligation, Target
from objectives.indicators.selectors.definitions import DEFINITION_COLUMNS
from objectives.planning.models import ObjectiveIndicator

BEFORE: Final = (
    ("planning", "0001_initial"),
    ("indicators", "0002_initial"),
    ("strategy", "0001_initial"),
    ("personnel", "0001_initial"),
)
AFTER: Final = (
    ("indicators", "0004_known_time_required"),
    ("planning", "0004_known_time_required"),
)
CREATED: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
# A demonstration tells of a past that is older than its rows.
DEMO_TARGET: Final = datetime(2025, 1, 6, 9, tzinfo=UTC)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def migrate(*targets: tuple[str, str]) -> None:
    """Go to these migrations, back or forward."""
    for app, name in targets:
        call_command("migrate", app, name, verbosity=0)


def migrate_to_today() -> None:
    call_command("migrate", verbosity=0)


@dataclass(frozen=True, slots=True)
class OldWorld:
    """The tables as they were, by the models of that time."""

    apps: Any
    user: Any
    unit: Any
    plan: Any
    werf: Any

    def model(self, name: str) -> Any:
        """Return a model of then by 'app.Name'."""
        return self.apps.get_model(name)

    def objective(self, year: int, state: str) -> Any:
        """Make an objective in the plan of a year."""
        plan, _made = self.model("planning.OperationalPlan").objects.get_or_create(
            plan=self.plan, year=year
        )
        objectives = self.model("planning.OperationalObjective").objects
        return objectives.create(
            plan=plan,
            werf=self.werf,
            unit=self.unit,
            code=f"2.6.{objectives.count() + 1}",
            starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31),
            state=state,
        )

    def indicator(self, code: str, *objectives: Any, **values: Any) -> Any:
        """Make an indicator that these objectives use, with one period due in 2026."""
        made = self.model("indicators.Indicator").objects.create(
            code=code, owner=self.unit, target_kind="increase", title={"nl": code}, **values
        )
        links = [
            self.model("planning.ObjectiveIndicator").objects.create(
                objective=objective, indicator=made
            )
            for objective in objectives
        ]
        obligation = self.model("indicators.Obligation").objects.create(
            indicator=made,
            period_start=date(2026, 1, 1),
            resolution="T",
            period_end=date(2026, 3, 31),
            due_on=date(2026, 4, 15),
        )
        for row in (made, obligation, *links):  # an insert sets the wall clock
            type(row).objects.filter(pk=row.pk).update(created_at=CREATED)
        return made

    def target(self, indicator: Any, year: int, recorded_at: datetime) -> Any:
        """Set a target for the end of a year."""
        return self.model("indicators.Target").objects.create(
            indicator=indicator,
            due_on=date(year, 12, 31),
            value=Decimal(year - 2000),
            recorded_at=recorded_at,
            recorded_by=self.user,
        )


def _old_world() -> OldWorld:
    apps = MigrationExecutor(connection).loader.project_state(list(BEFORE)).apps
    user = apps.get_model("personnel.User").objects.create(username="planner")
    unit = apps.get_model("personnel.OrganisationUnit").objects.create(
        code="ADCV", kind="general_directorate"
    )
    plan = apps.get_model("strategy.Plan").objects.create(
        code="SP2025",
        kind="strategic",
        starts_on=date(2025, 1, 1),
        ends_on=date(2029, 12, 31),
    )
    goal = apps.get_model("strategy.StrategicObjective").objects.create(plan=plan, code="2")
    werf = apps.get_model("strategy.Werf").objects.create(objective=goal, code="2.6")
    return OldWorld(apps, user, unit, plan, werf)


def _take_everything_away() -> None:
    """Leave a database without a table: to go back from today to before takes far longer than to
    begin there.
    """
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
            return
        cursor.execute("PRAGMA foreign_keys = OFF")
        for table in tables:
            cursor.execute(f'DROP TABLE "{table}"')
        cursor.execute("PRAGMA foreign_keys = ON")


@pytest.fixture
def old() -> Iterator[OldWorld]:
    """A database of before this change; whatever happens, the next test gets today's."""
    try:
        _take_everything_away()
        migrate(*BEFORE)
        yield _old_world()
    finally:
        migrate_to_today()


@dataclass(frozen=True, slots=True)
class OldIndicators:
    """Indicators of then: what each kind looked like, whose targets they have, in which plans."""

    level: Any
    flow: Any
    ratio: Any
    of_two: Any
    of_later: Any
    of_none: Any
    going: Any
    going_target: Any


def _old_indicators(old: OldWorld) -> OldIndicators:
    approved, submitted = old.objective(2025, "approved"), old.objective(2026, "submitted")
    level = old.indicator("LEVEL", approved, submitted, decimals=1, baseline=Decimal("80.5"))
    flow = old.indicator("FLOW", submitted, accumulation="flow")
    ratio = old.indicator("RATIO", old.objective(2027, "draft"), is_ratio=True, is_demo=True)
    old.target(level, 2026, CREATED + timedelta(days=40))
    old.target(ratio, 2026, DEMO_TARGET)
    of_two = old.indicator("TWO", old.objective(2025, "approved"), old.objective(2026, "approved"))
    of_later = old.indicator("LATER", old.objective(2027, "draft"))
    of_none = old.indicator("NONE")
    for indicator, year in (
        (of_two, 2025),
        (of_two, 2026),
        (of_two, 2029),
        (of_later, 2026),
        (of_none, 2028),
    ):
        old.target(indicator, year, CREATED)
    going = old.indicator("GOING", old.objective(2026, "approved"))
    going_target = old.target(going, 2026, CREATED)
    return OldIndicators(level, flow, ratio, of_two, of_later, of_none, going, going_target)


def test_the_data_comes_through_goes_back_and_forward_again(old: OldWorld) -> None:
    """One way there and back for all that is looked at, and no further than the change itself:
    each step takes long.
    """
    made = _old_indicators(old)
    migrate(*AFTER)
    _every_indicator_got_its_first_version_and_a_beginning(made)
    _a_target_belongs_to_the_plan_that_was_running_when_it_is_due()
    assert missing_triggers() == []

    _end_and_begin_anew(made.going)
    migrate(*BEFORE)
    _what_holds_now_is_left(old, made)
    assert missing_triggers() == []

    migrate_to_today()
    assert missing_triggers() == []
    assert IndicatorDefinition.objects.get(indicator_id=made.going.pk).number == 1
    link = ObjectiveIndicator.objects.get(indicator_id=made.going.pk)
    assert (link.weight, link.known_until) == (3, None)


def _every_indicator_got_its_first_version_and_a_beginning(made: OldIndicators) -> None:
    others = (made.of_two, made.of_later, made.of_none, made.going)
    since = {made.level.pk: CREATED, made.flow.pk: CREATED, made.ratio.pk: DEMO_TARGET}
    since |= {indicator.pk: CREATED for indicator in others}
    versions = {row.indicator_id: row for row in IndicatorDefinition.objects.all()}
    assert {pk: row.recorded_at for pk, row in versions.items()} == since
    assert IndicatorDefinition.objects.count() == len(since)
    for indicator in Indicator.objects.all():
        version = versions[indicator.pk]
        assert (version.number, version.valid_from) == (1, date(2000, 1, 1))
        assert (version.recorded_by, version.is_series_break) == (None, False)
        assert version.is_demo == indicator.is_demo
        for name in DEFINITION_COLUMNS:
            assert getattr(version, name) == getattr(indicator, name), name
    linked = {pk: moment for pk, moment in since.items() if pk != made.of_none.pk}
    for spans, expected in (
        (Obligation.objects.all(), since),
        (ObjectiveIndicator.objects.all(), linked),
    ):
        found = {row.indicator_id: (row.known_from, row.known_until) for row in spans}
        assert found == {pk: (moment, None) for pk, moment in expected.items()}
    assert dict(Indicator.objects.values_list("code", "period_aggregation")) == {
        "FLOW": "sum",
        "RATIO": "pooled",
        **dict.fromkeys(["LEVEL", "TWO", "LATER", "NONE", "GOING"], "latest"),
    }
    years = Indicator.objects.values_list("code", "submitted_year", "released_year")
    assert set(years) == {
        ("LEVEL", 2026, 2025),
        ("FLOW", 2026, None),
        ("RATIO", None, None),
        ("TWO", 2026, 2026),
        ("LATER", None, None),
        ("NONE", None, None),
        ("GOING", 2026, 2026),
    }


def _a_target_belongs_to_the_plan_that_was_running_when_it_is_due() -> None:
    rows = Target.objects.values_list("indicator__code", "due_on__year", "plan_year")
    assert set(rows) == {
        ("LEVEL", 2026, 2026),
        ("RATIO", 2026, 2027),
        ("TWO", 2025, 2025),
        ("TWO", 2026, 2026),
        ("TWO", 2029, 2026),
        ("LATER", 2026, 2027),
        ("NONE", 2028, 2028),
        ("GOING", 2026, 2026),
    }


def _end_and_begin_anew(indicator: Any) -> None:
    """End what was known of an indicator's link and period, and say something else of them."""
    ended = CREATED + timedelta(days=30)
    for model, change in (
        (ObjectiveIndicator, {"weight": 3}),
        (Obligation, {"not_applicable_reason": "Verbouwing"}),
    ):
        row = model.objects.get(indicator_id=indicator.pk)
        model.objects.filter(pk=row.pk).update(known_until=ended)
        again = {
            field.attname: getattr(row, field.attname)
            for field in model._meta.concrete_fields
            if field.name not in ("id", "uuid")
        }
        model.objects.create(**{**again, **change, "known_from": ended})


def _what_holds_now_is_left(old: OldWorld, made: OldIndicators) -> None:
    """Before, there was one row for each: what ended is left behind, what holds stays."""
    of_going = {"indicator_id": made.going.pk}
    assert old.model("planning.ObjectiveIndicator").objects.get(**of_going).weight == 3
    kept = old.model("indicators.Obligation").objects.get(**of_going)
    assert (kept.not_applicable_reason, kept.due_on) == ("Verbouwing", date(2026, 4, 15))
    target = old.model("indicators.Target").objects.get(**of_going)
    assert target.uuid == made.going_target.uuid
    assert old.model("indicators.Obligation").objects.count() == 7
