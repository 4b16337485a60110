"""Rows that hold from one instant until another."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from ibzplan.core.models import KnownSpan
from ibzplan.core.querysets import KnownSpanQuerySet

BEGUN = datetime(2026, 3, 1, 9, tzinfo=UTC)
CHANGED = datetime(2026, 6, 1, 9, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.django_db(transaction=True)
@isolate_apps("ibzplan.core")
def test_at_every_moment_exactly_one_of_two_successive_rows_holds() -> None:
    class Assignment(KnownSpan):
        holder = models.CharField(max_length=20)
        objects = KnownSpanQuerySet.as_manager()

        class Meta:
            app_label = "core"

        def __str__(self) -> str:
            return self.holder

    def holders(rows: Any) -> list[str]:
        return [str(row) for row in rows.order_by("pk")]

    with connection.schema_editor() as editor:
        editor.create_model(Assignment)
    try:
        Assignment.objects.create(holder="first", known_from=BEGUN, known_until=CHANGED)
        Assignment.objects.create(holder="second", known_from=CHANGED)
        rows = Assignment.objects
        assert holders(rows.known_at(BEGUN - TICK)) == []
        assert holders(rows.known_at(BEGUN)) == ["first"]
        assert holders(rows.known_at(CHANGED - TICK)) == ["first"]
        assert holders(rows.known_at(CHANGED)) == ["second"]
        assert holders(rows.known_at(CHANGED + timedelta(days=400))) == ["second"]
        assert holders(rows.current()) == ["second"]
        assert holders(rows.filter(holder="first").known_at(CHANGED)) == []
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Assignment)
