"""Credits in the API: what was withdrawn is gone from then on, execution by day as known then."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from budget.choices import BudgetVersion
from budget.models import CreditAmount
from budget.services import ExecutionSheet, credit_withdraw, execution_record
from ibzplan.core.selectors import last_instant
from ibzplan.core.services import token_create
from tests.budget.credit_lines import Budget


@pytest.fixture
def api(credits: Budget) -> Any:
    """Return api(path, **query): what the auditor's key reads."""
    _token, key = token_create(user=credits.ministry.users["auditor"], name="proef")
    client = Client(headers={"Authorization": f"Bearer {key}"})

    def ask(path: str, **query: str) -> list[dict[str, Any]]:
        response = client.get(f"/api/v1/{path}", query)
        assert response.status_code == 200, response.content
        found: list[dict[str, Any]] = response.json()["items"]
        return found

    return ask


def now() -> str:
    moment = last_instant()
    assert moment is not None
    return moment.isoformat()


def test_a_withdrawn_amount_is_there_at_the_moments_before(credits: Budget, api: Any) -> None:
    amount = credits.enter("OP", 50, 45)
    before = now()
    credit_withdraw(actor=credits.officer, amount=amount, reason="Fout", expected_version=1)
    assert api("credits", code="OP") == []
    (known,) = api("credits", code="OP", asOf=before)
    assert (known["commitmentCents"], known["table"]) == (5_000_000, "entered")
    credits.enter("OP", 0, 0, budget=BudgetVersion.ADJUSTED)
    assert [row["commitmentCents"] for row in api("credits", code="OP")] == [0]
    assert CreditAmount.objects.filter(line__code="OP").count() == 2


def test_execution_is_told_by_day_as_known_then(credits: Budget, api: Any) -> None:
    def record(on: date, paid: int, **how: Any) -> Any:
        sheet = ExecutionSheet(on=on, committed_cents=100, paid_cents=paid)
        line = credits.lines["OP"]
        return execution_record(actor=credits.officer, line=line, sheet=sheet, **how)

    june, september = date(2026, 6, 30), date(2026, 9, 30)
    first = record(june, 0)
    before = now()
    record(june, 60, corrects=first.uuid, reason="Factuur")
    record(september, 80)

    found = [(row["on"], row["paidCents"]) for row in api("creditExecutions")]
    assert found == [("2026-09-30", 80), ("2026-06-30", 60)]
    (then,) = api("creditExecutions", asOf=before)
    assert (then["paidCents"], then["line"]["code"]) == (0, "OP")
    history = api("creditExecutions", includeHistory="true", referenceDate="2026-08-31")
    assert [(row["paidCents"], row.get("reason")) for row in history] == [
        (0, None),
        (60, "Factuur"),
    ]
