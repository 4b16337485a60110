"""Two units with a line of credits and of people each, and draft objectives that count on them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from budget.models import CENTS_PER_KEUR, CreditLine
from budget.services import AmountSheet
from budget.services import credit_set as enter_credit
from ibzplan.core.clocks import Clocks
from ibzplan.core.selectors import last_instant
from objectives.allocation.selectors import AllocationBook, allocation_book
from objectives.allocation.selectors.lines import Allocation, Line
from objectives.allocation.services import allocation_set
from objectives.planning.models import OperationalObjective
from personnel.access import Access
from personnel.models import StaffingLine, User
from personnel.services.staffing import StaffingSheet, staffing_set
from tests.factories import Ministry, text
from tests.staffing_lines import lines_of, make_officer

YEAR = 2026
YEAR_END = date(2026, 12, 31)
EVERYTHING = Access(is_superuser=True)


@dataclass
class World:
    """`credits`: TOT above ADCV, DVZ and POOL (nobody's); `people`: TOT above the units too."""

    ministry: Ministry
    officer: User
    credits: dict[str, CreditLine]
    people: dict[str, StaffingLine]

    def objective(self, title: str = "Masterplan uitvoeren", **how: Any) -> OperationalObjective:
        """Return a draft objective, of ADCV unless `by` says otherwise."""
        return self.ministry.objective(title=title, **how)

    def give(
        self,
        line: Line,
        objective: OperationalObjective,
        share: Fraction | str,
        *,
        by: str = "",
        **how: Any,
    ) -> Allocation:
        """Allocate a share, as the officer unless `by` says who."""
        actor = self.ministry.users[by] if by else self.officer
        return allocation_set(
            actor=actor, line=line, objective=objective, share=Fraction(share), **how
        )

    def enter(self, code: str, commitment: int, payment: int, *, budget: str = "initial") -> None:
        """Enter what the budget of the year gives a line, in cents."""
        enter_credit(
            actor=self.officer,
            line=self.credits[code],
            year=YEAR,
            budget=budget,
            sheet=AmountSheet(commitment_cents=commitment, payment_cents=payment),
            reason="Begroting",
        )

    def plan_people(self, code: str, **fte: Any) -> None:
        """Enter how many FTE of each statute are planned at the end of the year."""
        sheet = StaffingSheet(
            measure="fte",
            kind="plan",
            on=YEAR_END,
            amounts={name: Decimal(one) for name, one in fte.items()},
        )
        staffing_set(actor=self.officer, line=self.people[code], sheet=sheet, reason="Plan")


def make_world(ministry: Ministry) -> World:
    """Make the lines, with amounts of the year for ADCV (100 kEUR) and DVZ (200 kEUR)."""
    people = lines_of(ministry)
    credits: dict[str, CreditLine] = {}
    tree = [("TOT", None), ("ADCV", ministry.adcv), ("DVZ", ministry.dvz), ("POOL", None)]
    for order, (code, unit) in enumerate(tree):
        credits[code] = CreditLine.objects.create(
            code=code,
            title=text(f"Krediet {code}"),
            parent=credits.get("TOT"),
            unit=unit,
            order=order,
        )
    world = World(ministry, make_officer(), credits, people)
    world.enter("ADCV", 100 * CENTS_PER_KEUR, 90 * CENTS_PER_KEUR)
    world.enter("DVZ", 200 * CENTS_PER_KEUR, 200 * CENTS_PER_KEUR)
    return world


def now(access: Access = EVERYTHING) -> AllocationBook:
    """Return what is allocated now, as everything shows it to whoever reads all."""
    return allocation_book(YEAR, Clocks.now(), access)


def then() -> Clocks:
    """Return the clocks of this moment, to be looked at later."""
    moment = last_instant()
    assert moment is not None
    return Clocks(YEAR_END, moment, pinned_known=True)
