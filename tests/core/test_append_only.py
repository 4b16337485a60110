"""The database itself refuses to change a fact, also after a table was rebuilt."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import DatabaseError, connection, models, transaction

from budget.models import CreditExecution, CreditLine
from ibzplan.core.append_only import guarded_tables, install, maintenance_pass, missing_triggers
from ibzplan.core.models import HistoryEntry
from ibzplan.core.services import history_record, next_instant
from objectives.indicators.choices import Status
from objectives.planning.models import PlanVersion
from objectives.security.models import ResourceTarget, ResourceValue
from objectives.strategy.choices import ElementKind
from objectives.strategy.models import PlanElement
from personnel.models import UnitTransfer
from tests.factories import Ministry
from tests.objectives.operations import Override, Record, Validate, two_years, was_done

TABLES = {
    "budget_creditexecution",
    "core_historyentry",
    "indicators_indicatordefinition",
    "indicators_measurement",
    "indicators_measurementevent",
    "indicators_target",
    "personnel_unittransfer",
    "planning_planversion",
    "planning_smartmotivation",
    "planning_statusoverride",
    "security_resourcetarget",
    "security_resourcevalue",
}


def _drop_triggers(table: str) -> None:
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = %s::regclass"
    )
    with connection.cursor() as cursor:
        cursor.execute(names, [table])
        for (name,) in cursor.fetchall():
            on = "" if connection.vendor == "sqlite" else f' ON "{table}"'
            cursor.execute(f'DROP TRIGGER "{name}"{on}')


@transaction.atomic
def _record_what_no_service_here_records(ministry: Ministry) -> None:
    head, at = ministry.users["head_adcv"], next_instant()
    PlanVersion.objects.create(
        plan=ministry.year,
        number=1,
        dated_on=at.date(),
        content="{}",
        sha256="0",
        recorded_at=at,
        recorded_by=head,
    )
    UnitTransfer.objects.create(
        target_type="test",
        target_uuid=ministry.year.uuid,
        from_unit=ministry.adcv,
        to_unit=ministry.dvz,
        takes_effect_on=at.date(),
        recorded_at=at,
    )
    line = CreditLine.objects.create(code="LINE")
    spent = {"committed_cents": 1, "paid_cents": 1}
    CreditExecution.objects.create(
        line=line, year=2026, on=at.date(), recorded_at=at, recorded_by=head, **spent
    )
    figure = PlanElement.objects.create(plan=ministry.plan, kind=ElementKind.FIGURE, code="FIG")
    ResourceValue.objects.create(
        figure=figure, on=at.date(), value=Decimal(1), recorded_at=at, recorded_by=head
    )
    ResourceTarget.objects.create(figure=figure, value=Decimal(1), recorded_at=at, recorded_by=head)


@pytest.fixture
def facts(ministry: Ministry) -> Ministry:
    """A ministry with a fact in every guarded table, recorded through the services."""
    world = two_years(ministry)
    recorded = (
        Record("2025-T1", 45),
        Validate("2025-T1"),
        Override(Status.AT_RISK, date(2025, 2, 1)),
    )
    assert all(was_done(operation, world) for operation in recorded)
    ministry.motivate(world.draft)
    _record_what_no_service_here_records(ministry)
    connection.check_constraints()  # PostgreSQL empties no table that a check still waits for
    return ministry


# What someone with the database's own password could try; T is the table.
FORGERIES = (
    "UPDATE T SET reason = 'forged'",
    "UPDATE T SET id = id",
    "DELETE FROM T",
    "DELETE FROM T WHERE id = (SELECT max(id) FROM T)",
)
EMPTYING = "TRUNCATE T CASCADE"  # SQLite has no such statement


def _model_of(table: str) -> type[models.Model]:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def _rows(table: str) -> list[dict[str, Any]]:
    return list(_model_of(table)._base_manager.order_by("pk").values())


def _run(statement: str, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(re.sub(r"\bT\b", f'"{table}"', statement))


def _assert_refused(table: str) -> None:
    before = _rows(table)
    assert before
    has_truncate = connection.vendor == "postgresql"
    for statement in (*FORGERIES, EMPTYING) if has_truncate else FORGERIES:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            _run(statement, table)
    assert _rows(table) == before


def _rebuild(table: str) -> None:
    """Migrate as a change to come would: a new column, then not after all.

    SQLite writes a column with a default by copying every row to a new table.
    """
    model = _model_of(table)
    column = models.CharField(max_length=5, default="new")
    column.set_attributes_from_name("brand_new")
    column.model = model
    with connection.schema_editor() as editor:
        editor.add_field(model, column)
    _run("ALTER TABLE T DROP COLUMN brand_new", table)


def test_every_fact_table_is_guarded() -> None:
    assert set(guarded_tables()) == TABLES


@pytest.mark.parametrize("table", sorted(TABLES))
def test_the_database_refuses_to_change_a_fact(facts: Ministry, table: str) -> None:
    _assert_refused(table)


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
@pytest.mark.parametrize("table", sorted(TABLES))
def test_it_refuses_still_after_a_migration_rebuilt_the_table(facts: Ministry, table: str) -> None:
    before = _rows(table)
    _rebuild(table)
    if connection.vendor == "sqlite":
        assert missing_triggers() == [table]  # they went with the table that was there
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert missing_triggers() == []
    assert _rows(table) == before
    _assert_refused(table)


def test_a_lost_trigger_is_reported_and_put_back(db: None) -> None:
    assert missing_triggers() == []
    _drop_triggers("indicators_measurement")
    found = run_checks(tags=["database"], databases=["default"])
    assert {error.id for error in found} == {"core.E001", "core.E002"}
    install()
    assert missing_triggers() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_migrate_puts_them_back() -> None:
    _drop_triggers("indicators_target")
    call_command("migrate", verbosity=0)
    assert missing_triggers() == []


def test_history_can_only_be_changed_in_a_maintenance_pass(ministry: Ministry) -> None:
    entry = history_record(actor=None, target=ministry.year, action="created")
    rows = HistoryEntry.objects.filter(pk=entry.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(action="forged")
    with maintenance_pass():
        rows.update(action="mended")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.delete()
    assert HistoryEntry.objects.get(pk=entry.pk).action == "mended"
