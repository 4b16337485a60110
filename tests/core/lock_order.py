"""How a test looks at what a service locks and writes first."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from ibzplan.core.models import RecordClock
from objectives.planning.models import OperationalObjective
from objectives.planning.services.versions import plan_version_freeze
from tests.factories import Ministry

CLOCK: Final = RecordClock._meta.db_table
_WRITES: Final = ("INSERT", "UPDATE", "DELETE")

Call = Callable[[], Any]
Prepared = Callable[[Ministry], Call]


def touched(call: Call, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """Make a call; return the tables whose rows it locked and its writing statements, in order."""
    locked: list[str] = []
    select_for_update = QuerySet.select_for_update

    def noted(rows: "QuerySet[Any]", *args: Any, **kwargs: Any) -> "QuerySet[Any]":
        locked.append(rows.model._meta.db_table)
        return select_for_update(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", noted)
    with CaptureQueriesContext(connection) as captured:
        call()
    written = [query["sql"] for query in captured if query["sql"].startswith(_WRITES)]
    return locked, written


def assert_clock_first(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail unless the first lock and the first write of a call are those of the record clock."""
    locked, written = touched(call, monkeypatch)
    assert locked[0] == CLOCK
    assert f'"{CLOCK}"' in written[0]


def in_force(ministry: Ministry) -> OperationalObjective:
    """Return an objective in force in a plan whose first version is frozen."""
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    return objective
