"""Which share of a line of credits, or of people, an operational objective counts on."""

from fractions import Fraction

from django.db import models

from budget.models import CreditLine
from ibzplan.core.models import Record
from objectives.planning.models import OperationalObjective
from personnel.choices import Statute
from personnel.models import StaffingLine


class Share(Record):
    """A share of a line in a plan year, as an exact fraction; once withdrawn it counts no more."""

    year = models.PositiveSmallIntegerField()
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        """Abstract."""

        abstract = True

    @property
    def share(self) -> Fraction:
        """Return the share, between nothing and all of the line."""
        return Fraction(self.numerator, self.denominator)


class CreditAllocation(Share):
    """The share of a credit line that goes to an objective, of VL and VE alike."""

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="allocations")
    objective = models.ForeignKey(
        OperationalObjective, on_delete=models.PROTECT, related_name="credit_allocations"
    )

    class Meta:
        """By year, then line; an objective has one share of a line at a time."""

        ordering = ["year", "line_id", "objective_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "year", "objective"],
                condition=models.Q(withdrawn_at=None),
                name="credit_allocation_once",
            ),
            models.CheckConstraint(
                condition=models.Q(numerator__gte=1, numerator__lte=models.F("denominator")),
                name="credit_allocation_share",
            ),
        ]

    def __str__(self) -> str:
        """Return line, objective and share."""
        return f"{self.line.code} {self.objective.code} {self.numerator}/{self.denominator}"


class StaffAllocation(Share):
    """The share of a staffing line's FTE that goes to an objective: of one statute, or of all."""

    line = models.ForeignKey(StaffingLine, on_delete=models.PROTECT, related_name="allocations")
    statute = models.CharField(max_length=12, choices=Statute.choices, default=Statute.ALL)
    objective = models.ForeignKey(
        OperationalObjective, on_delete=models.PROTECT, related_name="staff_allocations"
    )

    class Meta:
        """By year, then line; an objective has one share of a line's statute at a time."""

        ordering = ["year", "line_id", "statute", "objective_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "statute", "year", "objective"],
                condition=models.Q(withdrawn_at=None),
                name="staff_allocation_once",
            ),
            models.CheckConstraint(
                condition=models.Q(numerator__gte=1, numerator__lte=models.F("denominator")),
                name="staff_allocation_share",
            ),
        ]

    def __str__(self) -> str:
        """Return line, statute, objective and share."""
        of = f"{self.line.code} {self.statute}"
        return f"{of} {self.objective.code} {self.numerator}/{self.denominator}"
