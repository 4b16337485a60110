"""The final evaluation of an objective, without which its plan does not close."""

from django.conf import settings
from django.db import models

from ibzplan.core.localised import LocalisedField
from ibzplan.core.models import Record
from objectives.indicators.choices import Status
from objectives.planning.choices import EvaluationResult, EvaluationState
from objectives.planning.models.objectives import OperationalObjective


class FinalEvaluation(Record):
    """What became of an objective at the end of its year, and what was learned.

    `computed_status` is what the status engine said on 31 December when it was handed in. Whether
    the objective goes on is said by an `ObjectiveLineage` or by `discontinued_because`.
    """

    objective = models.OneToOneField(
        OperationalObjective, on_delete=models.PROTECT, related_name="final_evaluation"
    )
    result = models.CharField(max_length=20, choices=EvaluationResult.choices, blank=True)
    explanation = LocalisedField()
    lessons = LocalisedField()
    discontinued_because = models.TextField(blank=True)
    computed_status = models.CharField(max_length=20, choices=Status.choices, blank=True)
    state = models.CharField(
        max_length=10, choices=EvaluationState.choices, default=EvaluationState.DRAFT
    )
    handed_in_at = models.DateTimeField(null=True, editable=False)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        """By objective."""

        ordering = ["objective_id"]

    def __str__(self) -> str:
        """Return objective and result."""
        return f"{self.objective.code} {self.result}"
