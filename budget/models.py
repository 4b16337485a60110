"""Credits: a tree of lines, what each budget gives them, and what of it was used."""

import uuid
from typing import Final

from django.conf import settings
from django.db import models

from budget.choices import (
    BudgetVersion,
    CreditCategory,
    CreditTable,
    StatedTable,
    StatedUnit,
)
from budget.querysets import CreditAmountQuerySet, CreditExecutionQuerySet
from ibzplan.core import append_only
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
    What was entered stands beside what is printed; once withdrawn it counts no more.
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
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CreditAmountQuerySet.as_manager()

    class Meta:
        """By year; a table gives a line one amount a budget."""

        ordering = ["year", "budget", "table", "line_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "year", "budget", "table"],
                condition=models.Q(withdrawn_at=None),
                name="credit_amount_once",
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


@append_only.register
class CreditExecution(models.Model):
    """What a line had committed and paid by the day `on`, added up since 1 January, in cents.

    Nothing is ever changed: a correction is another row of the same line and day, with its reason,
    and the one recorded last counts.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="executions")
    year = models.PositiveSmallIntegerField()
    on = models.DateField()
    committed_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = CreditExecutionQuerySet.as_manager()

    class Meta:
        """By day, then recording."""

        ordering = ["on", "recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "on", "recorded_at"], name="credit_execution_once"
            ),
        ]
        indexes = [models.Index(fields=["year", "recorded_at"], name="credit_execution_year")]

    def __str__(self) -> str:
        """Return line and day."""
        return f"{self.line.code} {self.on}"


class StatedFigure(Record, Sourced):
    """A sum or a percentage that the running text of a plan names: `printed`, in `unit`.

    `parts` are the codes of the lines that it adds up, in each of `columns` of one `table` as it
    stands for `sheet` ("2025/initial": year and budget; "2024-12-31/actual": day and kind); with
    `share_of` it is their share of those lines. Without a table no printed table gives it.
    """

    code = models.CharField(max_length=30, unique=True)
    title = LocalisedField()
    printed = models.CharField(max_length=20, editable=False)
    unit = models.CharField(max_length=8, choices=StatedUnit.choices)
    table = models.CharField(max_length=10, choices=StatedTable.choices, blank=True)
    sheet = models.CharField(max_length=20, blank=True)
    columns = models.JSONField(default=list, blank=True)
    parts = models.JSONField(default=list, blank=True)
    share_of = models.JSONField(default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """In the order of the sources."""

        ordering = ["order", "code"]

    def __str__(self) -> str:
        """Return code and figure."""
        return f"{self.code} {self.printed} {self.get_unit_display()}"
