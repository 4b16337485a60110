"""Operational plans and their frozen versions."""

from django.db import models

from ibzplan.core import append_only
from ibzplan.core.models import Record
from objectives.indicators.models import RecordedFact
from objectives.planning.choices import PlanState
from objectives.strategy.models import Plan


class OperationalPlan(Record):
    """The plan of one calendar year, 1 January to 31 December.

    `budget_voted_on` is the day on which the Chamber approved the budget: the plan is due with the
    ministers one month later (design.md section 6).
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="operational_plans")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    budget_voted_on = models.DateField(null=True, blank=True)
    submitted_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        """Newest year first; one a year and strategic plan."""

        ordering = ["-year", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "year"], name="plan_year_once")]

    def __str__(self) -> str:
        """Return the year."""
        return f"OP {self.year}"


@append_only.register
class PlanVersion(RecordedFact):
    """The consolidated text of a plan, frozen when it came into force and at each amendment.

    `content` is canonical JSON and `sha256` its hash. The plan is in force from its first version
    on; before, the direction committee approves objectives one by one.
    """

    plan = models.ForeignKey(OperationalPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    dated_on = models.DateField()
    amendment = models.OneToOneField(
        "planning.Amendment", on_delete=models.PROTECT, null=True, related_name="consolidated"
    )
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        """Newest first; a number is given once a plan."""

        ordering = ["plan_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number_once")
        ]

    def __str__(self) -> str:
        """Return plan and number."""
        return f"{self.plan} v{self.number}"
