"""What was committed and paid: recorded by day, corrected with a reason, never changed."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import Error, transaction
from django.utils import timezone

from budget.models import CreditExecution
from budget.selectors import Figure, execution_days, execution_standing
from budget.services import ExecutionSheet, execution_record
from ibzplan.core import append_only
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from tests.budget.credit_lines import Budget

JUNE, SEPTEMBER = date(2026, 6, 30), date(2026, 9, 30)


def record(credits: Budget, on: date, committed: int, paid: int, **how: Any) -> CreditExecution:
    return execution_record(
        actor=credits.officer,
        line=credits.lines["OP"],
        sheet=ExecutionSheet(on=on, committed_cents=committed, paid_cents=paid),
        **how,
    )


def at(row: CreditExecution, day: date = date(2026, 12, 31)) -> Clocks:
    return Clocks(day, row.recorded_at, pinned_reference=True, pinned_known=True)


def test_the_latest_day_counts_up_to_the_reference_date(credits: Budget) -> None:
    record(credits, SEPTEMBER, 70, 60)
    june = record(credits, JUNE, 50, 40)
    found = execution_days(credits.lines["OP"], at(june))
    assert [(one.row.on, one.row.paid_cents) for one in found] == [(SEPTEMBER, 60), (JUNE, 40)]
    line = credits.lines["OP"].pk
    assert execution_standing(2026, at(june))[line].on == SEPTEMBER
    assert execution_standing(2026, at(june, date(2026, 7, 1)))[line].on == JUNE
    assert execution_standing(2025, at(june)) == {}


def test_a_correction_is_another_row_with_its_reason(credits: Budget) -> None:
    first = record(credits, JUNE, 50, 40)
    second = record(credits, JUNE, 55, 40, reason="Factuur vergeten", corrects=first.uuid)
    assert second.recorded_at > first.recorded_at
    (day,) = execution_days(credits.lines["OP"], at(second))
    assert (day.row, day.corrected) == (second, (first,))
    (known,) = execution_days(credits.lines["OP"], at(first))
    assert (known.row, known.corrected) == (first, ())


@pytest.mark.parametrize(
    ("corrects", "error"), [(None, EditConflict), ("other", EditConflict), ("it", DomainError)]
)
def test_nobody_corrects_without_having_seen_it_and_without_a_reason(
    credits: Budget, corrects: str | None, error: type[DomainError]
) -> None:
    first = record(credits, JUNE, 50, 40)
    seen: dict[str | None, UUID | None] = {None: None, "other": uuid4(), "it": first.uuid}
    reason = "" if corrects == "it" else "Andere telling"
    with pytest.raises(error) as raised:
        record(credits, JUNE, 55, 40, corrects=seen[corrects], reason=reason)
    if isinstance(raised.value, EditConflict):
        assert raised.value.theirs["committed"] == 50
    else:
        assert raised.value.field == "reason"
    assert CreditExecution.objects.count() == 1


def test_the_same_figures_twice_are_recorded_once(credits: Budget) -> None:
    assert record(credits, JUNE, 50, 40) == record(credits, JUNE, 50, 40)


def test_shares_are_of_what_the_line_was_given(credits: Budget) -> None:
    (day,) = execution_days(credits.lines["OP"], at(record(credits, JUNE, 50, 120)))
    assert day.committed_share(Figure(200, 100)) == Fraction(1, 4)
    assert day.paid_share(Figure(200, 100)) == Fraction(6, 5)
    assert day.paid_share(Figure(200, 0)) is day.paid_share(None) is None


def test_the_future_is_not_known_and_nothing_is_below_zero(credits: Budget) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    for sheet, field in (
        ((tomorrow, 1, 1), "on"),
        ((date(1200, 1, 1), 1, 1), "on"),
        ((JUNE, -1, 1), "committed"),
        ((JUNE, 1, -1), "paid"),
    ):
        with pytest.raises(DomainError) as raised:
            record(credits, *sheet)
        assert raised.value.field == field
    credits.officer = credits.ministry.users["auditor"]
    with pytest.raises(NotAllowed):
        record(credits, JUNE, 1, 1)


def test_the_database_itself_refuses_a_change(credits: Budget) -> None:
    row = record(credits, JUNE, 50, 40)
    assert append_only.missing_triggers() == []
    for change in (
        lambda: CreditExecution.objects.filter(pk=row.pk).update(paid_cents=0),
        lambda: CreditExecution.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            change()
