"""The targets of an indicator."""

from django.db import models

from ibzplan.core import append_only
from objectives.indicators.models.columns import RecordedFact, ValueField
from objectives.indicators.models.indicators import Indicator
from objectives.indicators.querysets import TargetQuerySet


@append_only.register
class Target(RecordedFact):
    """What is to be reached on a date. The row recorded last for a date counts.

    `is_final` marks the due date of the trajectory; other rows are interim targets. It counts from
    `plan_year` on, the year of the plan in which it was set: a later plan never changes what an
    earlier year is judged by. A row that is neither final nor says anything takes the one before it
    for that date away.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    plan_year = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    value = ValueField()
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    is_final = models.BooleanField(default=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        """By date, then by recording."""

        ordering = ["indicator_id", "due_on", "recorded_at", "pk"]

    def __str__(self) -> str:
        """Return date and value."""
        return f"{self.indicator.code} {self.due_on} {self.value}"

    @property
    def is_lifted(self) -> bool:
        """Tell whether the row says that there is no target on its date any more."""
        return not self.is_final and self.value is None and self.level is None
