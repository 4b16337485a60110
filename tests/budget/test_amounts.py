"""Which amount stands, and how one is entered, changed and withdrawn."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from budget.choices import BudgetVersion, CreditTable
from budget.models import CENTS_PER_KEUR, CreditAmount, CreditLine
from budget.selectors import Figure, amounts_standing, credit_book
from budget.services import AmountSheet, credit_set, credit_withdraw
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.models import HistoryEntry
from ibzplan.core.selectors import last_instant
from tests.budget.credit_lines import Budget, keur_sheet
from tests.factories import text

INITIAL, ADJUSTED = BudgetVersion.INITIAL, BudgetVersion.ADJUSTED


def keur(figure: Figure | None) -> tuple[int, int] | None:
    if figure is None:
        return None
    return figure.commitment_cents // CENTS_PER_KEUR, figure.payment_cents // CENTS_PER_KEUR


def figures(year: int, budget: str, clocks: Clocks | None = None) -> dict[str, Any]:
    """Return VL and VE in kEUR by code, as the tree of a year says them."""
    tree = credit_book(clocks or Clocks.now()).tree(year, budget)
    return {node.line.code: keur(node.figure) for top in tree for node in top.walk()}


def then() -> Clocks:
    """Return the clocks of this moment, to be looked at later."""
    moment = last_instant()
    assert moment is not None
    return Clocks(date(2026, 12, 31), moment, pinned_known=True)


def test_what_was_entered_stands_before_what_is_printed(credits: Budget) -> None:
    CreditAmount.objects.create(
        line=credits.lines["PERS"],
        year=2025,
        budget=INITIAL,
        table=CreditTable.MISSIONS,
        commitment_cents=1,
        payment_cents=2,
        printed_commitment=0,
        printed_payment=0,
    )
    standing = amounts_standing(2025, INITIAL, Clocks.now())
    assert standing[credits.lines["PERS"].pk].figure == Figure(1, 2)
    assert standing[credits.lines["OWN"].pk].amount.table == CreditTable.GLOBAL
    assert credits.lines["OP"].pk not in standing

    credits.enter("PERS", 410, 400, year=2025, reason="Herverdeling")
    standing = amounts_standing(2025, INITIAL, Clocks.now())
    assert keur(standing[credits.lines["PERS"].pk].figure) == (410, 400)
    printed = CreditAmount.objects.get(line=credits.lines["PERS"], table=CreditTable.GLOBAL)
    assert (printed.printed_commitment, printed.commitment_cents) == (400, 400 * CENTS_PER_KEUR)


def test_what_stands_now_does_not_wait_for_the_record_clock(credits: Budget) -> None:
    """A load dates its rows by the wall clock, past its instant; a form that is sent sees them."""
    credits.enter("OP", 1, 1)
    moment = last_instant()
    line = CreditLine.objects.create(code="LATER", title=text("Later"), order=9)
    assert moment is not None
    assert line.created_at > moment
    assert credit_book(Clocks.now()).line("LATER") == line
    assert credit_book(then()).line("LATER") is None


def test_a_line_without_an_amount_adds_up_from_those_below(credits: Budget) -> None:
    assert figures(2026, INITIAL) == dict.fromkeys(credits.lines)
    credits.enter("PERS-S", 310, 305)
    credits.enter("HOST", 0, 0)
    found = figures(2026, INITIAL)
    assert found["PERS"] == found["OWN"] == (310, 305)
    assert found["TOT"] == (310, 305)
    assert found["HOST"] == (0, 0)  # entered: not the same as none
    assert found["OP"] is found["PERS-C"] is None
    (top,) = credit_book(Clocks.now()).tree(2026, INITIAL)
    assert (top.is_sum, top.without) == (True, 2)
    assert (keur(top.split.own), keur(top.split.hosted)) == ((310, 305), (0, 0))


def test_own_and_hosted_are_told_apart_in_what_is_printed(credits: Budget) -> None:
    (top,) = credit_book(Clocks.now()).tree(2025, INITIAL)
    assert keur(top.figure) == (900, 850)
    assert (keur(top.split.own), keur(top.split.hosted)) == ((600, 550), (300, 300))


def test_the_adjusted_budget_is_the_initial_one_where_nothing_was_adjusted(
    credits: Budget,
) -> None:
    assert figures(2025, ADJUSTED) == figures(2025, INITIAL)
    credits.enter("PERS-C", 90, 95, year=2025, budget=ADJUSTED)
    found = figures(2025, ADJUSTED)
    assert (found["PERS-S"], found["PERS-C"]) == ((300, 300), (90, 95))
    # Its initial amount is their total no more: the sum stands, up to the top.
    assert (found["PERS"], found["OWN"]) == ((390, 395), (390, 395))
    assert found["TOT"] == (690, 695)
    assert figures(2025, INITIAL)["PERS"] == (400, 400)
    node = credit_book(Clocks.now()).node(credits.lines["PERS"], 2025, ADJUSTED)
    assert node.budgets == {INITIAL, ADJUSTED}


def test_a_year_without_a_figure_is_no_zero(credits: Budget) -> None:
    credits.enter("OP", 0, 0, year=2027)
    credits.enter("PERS", 420, 410, year=2025, budget=ADJUSTED)
    book = credit_book(Clocks.now())
    found = {
        code: [(one.year, keur(one.figure)) for one in book.series(credits.lines[code])]
        for code in ("PERS", "OP")
    }
    assert found["PERS"] == [(2025, (420, 410)), (2026, None), (2027, None)]
    assert found["OP"] == [(2025, None), (2026, None), (2027, (0, 0))]


def test_an_amount_is_kept_as_it_was_known(credits: Budget) -> None:
    credits.enter("OP", 50, 45)
    first = then()
    credits.enter("OP", 60, 45, version=1, reason="Conclaaf")
    second = then()
    amount = CreditAmount.objects.get(line=credits.lines["OP"])
    credit_withdraw(
        actor=credits.officer, amount=amount, reason="Verkeerde lijn", expected_version=2
    )
    third = then()
    again = credits.enter("OP", 70, 70)
    assert again.pk != amount.pk
    seen = [figures(2026, INITIAL, clocks)["OP"] for clocks in (first, second, third)]
    assert seen == [(50, 45), (60, 45), None]
    assert figures(2026, INITIAL)["OP"] == (70, 70)
    told = [
        (entry.action, entry.reason)
        for entry in HistoryEntry.objects.filter(target_uuid=amount.uuid).order_by("at")
    ]
    assert told == [("created", ""), ("changed", "Conclaaf"), ("withdrawn", "Verkeerde lijn")]


def test_a_second_writer_sees_both(credits: Budget) -> None:
    credits.enter("OP", 50, 45)
    with pytest.raises(EditConflict) as raised:
        credits.enter("OP", 60, 60)
    assert raised.value.theirs["commitment_cents"] == 50 * CENTS_PER_KEUR
    assert figures(2026, INITIAL)["OP"] == (50, 45)
    # The same again is no change, and takes no reason.
    assert credits.enter("OP", 50, 45, version=1).version == 1


@pytest.mark.parametrize(
    ("year", "entered"), [(2025, "PERS"), (2026, "OP")], ids=["printed", "entered"]
)
def test_a_figure_of_a_year_that_began_changes_with_a_reason(
    credits: Budget, year: int, entered: str
) -> None:
    version = 0
    if entered == "OP":
        version = credits.enter("OP", 50, 45, year=year).version
    with pytest.raises(DomainError) as raised:
        credits.enter(entered, 401, 400, year=year, version=version)
    assert (raised.value.code, raised.value.field) == ("reason_required", "reason")
    credits.enter(entered, 401, 400, year=year, version=version, reason="Blad 2 van de begroting")


def test_a_year_to_come_needs_no_reason(credits: Budget) -> None:
    year = Clocks.now().reference_date.year + 1
    first = credits.enter("OP", 50, 45, year=year)
    assert credits.enter("OP", 55, 45, year=year, version=first.version).version == 2


@pytest.mark.parametrize(
    ("sheet", "where", "code"),
    [
        (AmountSheet(commitment_cents=-1, payment_cents=0), {}, "negative"),
        (AmountSheet(commitment_cents=0, payment_cents=10**14), {}, "too_large"),
        (keur_sheet(1, 1), {"year": 1850}, "year_out_of_range"),
        (keur_sheet(1, 1), {"budget": "draft"}, "unknown_budget"),
    ],
)
def test_what_no_budget_gives_is_refused(
    credits: Budget, sheet: AmountSheet, where: dict[str, Any], code: str
) -> None:
    place = {"year": 2026, "budget": INITIAL, **where}
    with pytest.raises(DomainError) as raised:
        credit_set(actor=credits.officer, line=credits.lines["OP"], sheet=sheet, **place)
    assert raised.value.code == code
    assert raised.value.field


def test_what_is_printed_cannot_be_withdrawn(credits: Budget) -> None:
    amount = CreditAmount.objects.get(line=credits.lines["PERS"])
    with pytest.raises(DomainError, match=r".") as raised:
        credit_withdraw(actor=credits.officer, amount=amount, reason="x", expected_version=1)
    assert raised.value.code == "printed"


def test_officers_and_the_corporate_cell_alone_keep_credits(credits: Budget) -> None:
    for name in ("planner_adcv", "head_adcv", "committee", "cabinet_vbz", "auditor", "outsider"):
        credits.officer = credits.ministry.users[name]
        with pytest.raises(NotAllowed):
            credits.enter("OP", 1, 1)
    credits.officer = credits.ministry.users["corporate"]
    assert credits.enter("OP", 1, 1).pk


def test_the_database_holds_one_entered_amount_a_line_and_version(credits: Budget) -> None:
    amount = credits.enter("OP", 1, 1)
    amount.pk = None
    amount.uuid = credits.lines["OP"].uuid
    with pytest.raises(IntegrityError), transaction.atomic():
        amount.save(force_insert=True)
