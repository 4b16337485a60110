"""Lines that later budgets have: added, renamed, hung elsewhere; never in a ring."""

from dataclasses import replace

import pytest

from budget.models import CreditLine
from budget.selectors import credit_book
from budget.services import LineSheet, line_create, line_update
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.selectors import last_instant
from tests.budget.credit_lines import Budget
from tests.factories import text


def add(credits: Budget, code: str, parent: CreditLine | None = None) -> CreditLine:
    return line_create(
        actor=credits.officer,
        code=code,
        sheet=LineSheet(title=text(f"Nieuw {code}"), parent=parent, unit=credits.ministry.adcv),
    )


def test_a_new_line_counts_in_the_one_above(credits: Budget) -> None:
    credits.lines["OP-NIEUW"] = add(credits, "OP-NIEUW", credits.lines["OP"])
    credits.enter("OP-NIEUW", 12, 10)
    node = credit_book(Clocks.now()).node(credits.lines["OP"], 2026, "initial")
    assert node.figure is not None
    assert node.figure.commitment_cents == 1_200_000


def test_a_line_is_read_as_it_stood(credits: Budget) -> None:
    line = add(credits, "NIEUW", credits.lines["OWN"])
    moment = last_instant()
    assert moment is not None
    sheet = LineSheet(title=text("Anders"), parent=credits.lines["TOT"], category="grants")
    assert line_update(actor=credits.officer, line=line, sheet=sheet, expected_version=1)
    now = credit_book(Clocks.now()).line("NIEUW")
    known = credit_book(Clocks(moment.date(), moment, pinned_known=True)).line("NIEUW")
    assert now is not None and known is not None
    assert [str(one.title["nl"]) for one in (known, now)] == ["Nieuw NIEUW", "Anders"]
    assert [one.parent.code for one in (known, now) if one.parent] == ["OWN", "TOT"]
    with pytest.raises(EditConflict):
        line_update(
            actor=credits.officer,
            line=line,
            sheet=replace(sheet, title=text("Nog anders")),
            expected_version=1,
        )


def test_no_line_hangs_below_itself(credits: Budget) -> None:
    above = add(credits, "A1", credits.lines["OWN"])
    below = add(credits, "A2", above)
    for parent in (above, below):
        sheet = LineSheet(title=text("A1"), parent=parent)
        with pytest.raises(DomainError) as raised:
            line_update(actor=credits.officer, line=above, sheet=sheet, expected_version=1)
        assert (raised.value.code, raised.value.field) == ("ring", "parent")


@pytest.mark.parametrize("code", ["x", "klein", "TE LANG " * 5, "A/B", ""])
def test_a_code_fits_in_an_address(credits: Budget, code: str) -> None:
    with pytest.raises(DomainError) as raised:
        add(credits, code)
    assert (raised.value.code, raised.value.field) == ("invalid_code", "code")


def test_a_line_of_the_plan_stays_as_it_is_printed(credits: Budget) -> None:
    with pytest.raises(DomainError) as raised:
        line_update(
            actor=credits.officer,
            line=credits.lines["OP"],
            sheet=LineSheet(title=text("Anders")),
            expected_version=1,
        )
    assert raised.value.code == "printed"
    with pytest.raises(DomainError) as raised:
        add(credits, "OP")
    assert raised.value.code == "code_taken"


def test_others_add_no_lines(credits: Budget) -> None:
    credits.officer = credits.ministry.users["planner_adcv"]
    with pytest.raises(NotAllowed):
        add(credits, "NIEUW")
