"""The triggers come back after a table rebuild, and a lost one is reported."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from ibzplan.core.append_only import guarded_tables, install, maintenance_pass, missing_triggers
from ibzplan.core.models import HistoryEntry
from ibzplan.core.services import history_record
from tests.factories import Ministry

TABLES = {
    "core_historyentry",
    "indicators_measurement",
    "indicators_measurementevent",
    "indicators_target",
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


def test_every_fact_table_is_guarded() -> None:
    assert set(guarded_tables()) == TABLES


def test_a_lost_trigger_is_reported_and_put_back(db: None) -> None:
    assert missing_triggers() == []
    _drop_triggers("indicators_measurement")
    found = run_checks(tags=["database"], databases=["default"])
    assert [error.id for error in found] == ["core.E001"]
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
