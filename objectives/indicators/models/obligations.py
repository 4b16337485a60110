"""When which figure of an indicator is due."""

from django.conf import settings
from django.db import models

from ibzplan.core.models import KnownSpan, Record
from ibzplan.core.querysets import KnownSpanQuerySet
from objectives.indicators.models.columns import PeriodColumns
from objectives.indicators.models.indicators import Indicator


class Obligation(Record, KnownSpan, PeriodColumns):
    """A figure is due: indicator x period x due date, derived from the frequency (4.4).

    A row holds from `known_from` until `known_until`; declaring a period not applicable, or
    another due date, ends it and opens the next.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="obligations")
    due_on = models.DateField()
    not_applicable_reason = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = KnownSpanQuerySet.as_manager()

    class Meta:
        """One a slot at a time."""

        ordering = ["indicator_id", "period_start", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_start", "resolution"],
                condition=models.Q(known_until=None),
                name="obligation_current_once",
            )
        ]
        indexes = [models.Index(fields=["due_on"], name="obligation_due")]

    def __str__(self) -> str:
        """Return indicator and period."""
        return f"{self.indicator.code} {self.period}"
