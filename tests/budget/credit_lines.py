"""A small budget: what is printed for 2025, and nobody entered anything yet."""

from dataclasses import dataclass

from budget.choices import BudgetVersion, CreditCategory, CreditTable
from budget.models import CENTS_PER_KEUR, CreditAmount, CreditLine
from budget.services import AmountSheet, credit_set
from personnel.choices import Role
from personnel.models import User
from tests.factories import Ministry, roles_assign, text

YEAR = 2025


@dataclass
class Budget:
    """The lines by code; `officer` keeps the credits, with B&B."""

    lines: dict[str, CreditLine]
    officer: User
    ministry: Ministry

    def enter(
        self,
        code: str,
        commitment: int,
        payment: int,
        *,
        year: int = 2026,
        budget: str = BudgetVersion.INITIAL,
        version: int = 0,
        reason: str = "",
    ) -> CreditAmount:
        """Enter an amount in kEUR."""
        return credit_set(
            actor=self.officer,
            line=self.lines[code],
            year=year,
            budget=budget,
            sheet=keur_sheet(commitment, payment),
            reason=reason,
            expected_version=version,
        )


def keur_sheet(commitment: int, payment: int) -> AmountSheet:
    """Return amounts given in kEUR."""
    return AmountSheet(
        commitment_cents=commitment * CENTS_PER_KEUR, payment_cents=payment * CENTS_PER_KEUR
    )


def make_budget(ministry: Ministry) -> Budget:
    """Make TOT = OWN (PERS with two parts, OP without an amount) + HOST, printed for 2025."""
    rows = [
        ("TOT", None, "", (900, 850)),
        ("OWN", "TOT", "", (600, 550)),
        ("PERS", "OWN", CreditCategory.PERSONNEL, (400, 400)),
        ("PERS-S", "PERS", CreditCategory.PERSONNEL, (300, 300)),
        ("PERS-C", "PERS", CreditCategory.PERSONNEL, (100, 100)),
        ("OP", "OWN", CreditCategory.OPERATING, None),
        ("HOST", "TOT", CreditCategory.HOSTED, (300, 300)),
    ]
    lines: dict[str, CreditLine] = {}
    for order, (code, parent, category, printed) in enumerate(rows):
        lines[code] = CreditLine.objects.create(
            code=code,
            title=text(f"Lijn {code}"),
            parent=lines[parent] if parent else None,
            category=category,
            order=order,
            source_file="000_c14960591bf45b9c.txt",
            source_first_line=1400 + order,
            source_last_line=1400 + order,
        )
        if printed is not None:
            CreditAmount.objects.create(
                line=lines[code],
                year=YEAR,
                budget=BudgetVersion.INITIAL,
                table=CreditTable.GLOBAL,
                commitment_cents=printed[0] * CENTS_PER_KEUR,
                payment_cents=printed[1] * CENTS_PER_KEUR,
                printed_commitment=printed[0],
                printed_payment=printed[1],
            )
    officer = User.objects.create(username="benb")
    roles_assign([(officer, Role.RESOURCES, {})])
    return Budget(lines, officer, ministry)
