"""What could keep an objective from being achieved."""

from typing import Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from ibzplan.core.localised import LocalisedField
from ibzplan.core.models import KnownSpan, Record
from ibzplan.core.querysets import KnownSpanQuerySet
from objectives.planning.choices import RiskResponse
from objectives.planning.models.objectives import OperationalObjective

LOWEST: Final = 1
HIGHEST: Final = 5
_SCALE: Final = (MinValueValidator(LOWEST), MaxValueValidator(HIGHEST))


class Risk(Record, KnownSpan):
    """A risk of an objective, likelihood and impact from 1 (very low) to 5 (very high)."""

    objective = models.ForeignKey(
        OperationalObjective, on_delete=models.CASCADE, related_name="risks"
    )
    title = LocalisedField()
    likelihood = models.PositiveSmallIntegerField(validators=_SCALE)
    impact = models.PositiveSmallIntegerField(validators=_SCALE)
    response = models.CharField(max_length=10, choices=RiskResponse.choices)
    measure = LocalisedField()
    order = models.PositiveSmallIntegerField(default=0)

    objects = KnownSpanQuerySet.as_manager()

    class Meta:
        """In the objective's order; both scales are held by the database."""

        ordering = ["objective_id", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    likelihood__range=(LOWEST, HIGHEST), impact__range=(LOWEST, HIGHEST)
                ),
                name="risk_on_scale",
            )
        ]

    def __str__(self) -> str:
        """Return the objective's code and the risk."""
        return f"{self.objective.code} {self.title}"

    @property
    def score(self) -> int:
        """Return likelihood x impact, 1 to 25."""
        return self.likelihood * self.impact
