"""When reports are made by themselves."""

from django.conf import settings
from django.db import models

from ibzplan.core.models import Record
from objectives.strategy.models import Plan
from personnel.models import SupervisingMinister
from reporting.choices import CycleFrequency


class ReportCycle(Record):
    """The reporting cycle of a plan: how often, for whom, in which languages.

    `minister` None means every recipient of the plan. Reports are asked for `lag_days` after the
    end of the period, as known then.
    """

    strategic_plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="report_cycles")
    minister = models.ForeignKey(
        SupervisingMinister, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    frequency = models.CharField(max_length=2, choices=CycleFrequency.choices)
    lag_days = models.PositiveSmallIntegerField(default=30)
    languages = models.JSONField(default=list)
    starts_on = models.DateField()
    is_active = models.BooleanField(default=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """By plan; one a plan and minister."""

        ordering = ["strategic_plan__order", "minister__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategic_plan", "minister"], name="report_cycle_once"
            ),
            models.UniqueConstraint(
                fields=["strategic_plan"],
                condition=models.Q(minister=None),
                name="report_cycle_of_all_once",
            ),
        ]

    def __str__(self) -> str:
        """Return plan and frequency."""
        return f"{self.strategic_plan.code} {self.get_frequency_display()}"
