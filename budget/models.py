"""Credits: a tree of lines, and what each budget gives them."""

from typing import Final

from django.db import models

from budget.choices import BudgetVersion, CreditCategory, CreditTable
from ibzplan.core.localised import LocalisedField
from ibzplan.core.models import Record, Sourced
from personnel.models import OrganisationUnit, SupervisingMinister

CENTS_PER_KEUR: Final = 100_000


class CreditLine(Record, Sourced):
    """A line of the budget; one that others hang below is their total.

    All tables share one tree, so that the same line of two tables can be compared: within a table
    a line adds up from the nearest lines below it that the table prints. A line names its unit or
    its minister only where the source leaves no doubt whose it is; what hangs below goes with it,
    but for what names its own. `category` is empty where several come together.
    """

    code = models.CharField(max_length=30, unique=True)
    title = LocalisedField()
    remark = LocalisedField()
    category = models.CharField(max_length=12, choices=CreditCategory.choices, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    unit = models.ForeignKey(
        OrganisationUnit,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="credit_lines",
    )
    minister = models.ForeignKey(
        SupervisingMinister,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="credit_lines",
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """In the plan's order."""

        ordering = ["order", "code"]

    def __str__(self) -> str:
        """Return code and title."""
        return f"{self.code} {self.title}"

    @property
    def is_hosted(self) -> bool:
        """Tell whether others than the department decide on the line."""
        return self.category == CreditCategory.HOSTED


class CreditAmount(Record, Sourced):
    """What a budget gives a line: commitment credits (VL) and payment credits (VE), in cents.

    `printed_commitment` and `printed_payment` are what the table prints in kEUR, empty for what
    was entered here: the printed figure stays when the amount is corrected (design.md 4.11).
    """

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="amounts")
    year = models.PositiveSmallIntegerField()
    budget = models.CharField(max_length=10, choices=BudgetVersion.choices)
    table = models.CharField(
        max_length=10, choices=CreditTable.choices, default=CreditTable.ENTERED
    )
    commitment_cents = models.BigIntegerField()
    payment_cents = models.BigIntegerField()
    printed_commitment = models.BigIntegerField(null=True, blank=True, editable=False)
    printed_payment = models.BigIntegerField(null=True, blank=True, editable=False)

    class Meta:
        """By year; a table gives a line one amount a budget."""

        ordering = ["year", "budget", "table", "line_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "year", "budget", "table"], name="credit_amount_once"
            ),
            models.CheckConstraint(
                condition=models.Q(table=CreditTable.ENTERED)
                | models.Q(printed_commitment__isnull=False, printed_payment__isnull=False),
                name="credit_amount_as_printed",
            ),
        ]

    def __str__(self) -> str:
        """Return line, year and budget."""
        return f"{self.line.code} {self.year} {self.budget}"
