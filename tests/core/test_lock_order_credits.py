"""The one lock order in what keeps the credits; see test_lock_order."""

from datetime import date
from typing import Final

import pytest

from budget.credit_file import AmountRow
from budget.models import CreditAmount, CreditLine
from budget.selectors import credit_book, import_check
from budget.services import (
    AmountSheet,
    ExecutionSheet,
    LineSheet,
    credit_set,
    credit_withdraw,
    credits_import,
    execution_record,
    line_create,
    line_update,
)
from ibzplan.core.clocks import Clocks
from tests.core.lock_order import Call, Prepared, assert_clock_first
from tests.factories import Ministry, text

YEAR: Final = 2099
SHEET: Final = AmountSheet(commitment_cents=2, payment_cents=1)


def _line(ministry: Ministry) -> CreditLine:
    sheet = LineSheet(title=text("Werking"))
    return line_create(actor=ministry.users["corporate"], code="OP", sheet=sheet)


def _amount(ministry: Ministry, line: CreditLine) -> CreditAmount:
    return credit_set(
        actor=ministry.users["corporate"], line=line, year=YEAR, budget="initial", sheet=SHEET
    )


def _line_create(ministry: Ministry) -> Call:
    return lambda: _line(ministry)


def _line_update(ministry: Ministry) -> Call:
    line, sheet = _line(ministry), LineSheet(title=text("Anders"))
    actor = ministry.users["corporate"]
    return lambda: line_update(actor=actor, line=line, sheet=sheet, expected_version=1)


def _credit_set(ministry: Ministry) -> Call:
    line = _line(ministry)
    return lambda: _amount(ministry, line)


def _credit_withdraw(ministry: Ministry) -> Call:
    amount, actor = _amount(ministry, _line(ministry)), ministry.users["corporate"]
    return lambda: credit_withdraw(actor=actor, amount=amount, expected_version=1)


def _credits_import(ministry: Ministry) -> Call:
    _line(ministry)
    rows = [AmountRow("OP", 2, 5, 5)]
    found = import_check(credit_book(Clocks.now()), rows, YEAR, "initial")
    return lambda: credits_import(
        actor=ministry.users["corporate"],
        year=YEAR,
        budget="initial",
        rows=rows,
        fingerprint=found.fingerprint,
        file_name="b.csv",
    )


def _execution_record(ministry: Ministry) -> Call:
    line, actor = _line(ministry), ministry.users["corporate"]
    sheet = ExecutionSheet(on=date(2026, 6, 30), committed_cents=2, paid_cents=1)
    return lambda: execution_record(actor=actor, line=line, sheet=sheet)


SERVICES: Final[list[Prepared]] = [
    _line_create,
    _line_update,
    _credit_set,
    _credit_withdraw,
    _credits_import,
    _execution_record,
]


@pytest.mark.parametrize("prepared", SERVICES, ids=lambda one: one.__name__[1:])
def test_the_clock_is_locked_before_any_row(
    ministry: Ministry, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_clock_first(prepared(ministry), monkeypatch)
