"""What a unit tells of an objective over a period: done, planned, in the way."""

from django.conf import settings
from django.db import models

from ibzplan.core.localised import LocalisedField
from ibzplan.core.models import KnownSpan, Record
from ibzplan.core.querysets import KnownSpanQuerySet
from objectives.indicators.choices import Frequency
from objectives.indicators.periods import Period
from objectives.planning.models.objectives import OperationalObjective


class Narrative(Record, KnownSpan):
    """The narrative of an objective over one period of its plan year.

    A change ends the row and begins another one, so that an earlier moment reads what it said.
    """

    objective = models.ForeignKey(
        OperationalObjective, on_delete=models.CASCADE, related_name="narratives"
    )
    period_start = models.DateField()
    resolution = models.CharField(max_length=1, choices=Frequency.choices)
    done = LocalisedField()
    planned = LocalisedField()
    obstacles = LocalisedField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = KnownSpanQuerySet.as_manager()

    class Meta:
        """By period; one that holds a period."""

        ordering = ["objective_id", "period_start", "resolution", "known_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "period_start", "resolution"],
                condition=models.Q(known_until=None),
                name="narrative_once",
            )
        ]

    def __str__(self) -> str:
        """Return objective and period."""
        return f"{self.objective.code} {self.period}"

    @property
    def period(self) -> Period:
        """Return the period that it speaks of."""
        return Period(self.period_start, self.resolution)
