"""What heads and planners say beside what is computed: judgements and SMART motivations."""

from django.db import models

from ibzplan.core import append_only
from objectives.indicators.choices import Status
from objectives.indicators.models import Indicator, RecordedFact
from objectives.planning.models.objectives import OperationalObjective


@append_only.register
class StatusOverride(RecordedFact):
    """The status that a head puts beside the computed one, with the reason (design.md section 5).

    The row recorded last counts; one without a status takes the earlier one back. It speaks of
    reference dates from `holds_from` on. It is shown, never rolled up.
    """

    objective = models.ForeignKey(
        OperationalObjective, on_delete=models.PROTECT, related_name="overrides"
    )
    status = models.CharField(max_length=20, choices=Status.choices, blank=True)
    holds_from = models.DateField()

    class Meta:
        """By recording."""

        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        """Return objective and status."""
        return f"{self.objective.code} {self.status}"


@append_only.register
class SmartMotivation(RecordedFact):
    """Why a planner keeps to what the SMART check advises against; the word is the `reason`.

    It belongs to what it answers: a rule, with the language or the indicator that was named, and
    `answers`, the words and figures of that finding. Another finding asks for another word. The row
    recorded last counts; one without a word takes the earlier one back.
    """

    objective = models.ForeignKey(
        OperationalObjective, on_delete=models.PROTECT, related_name="motivations"
    )
    rule = models.CharField(max_length=30)
    language = models.CharField(max_length=2, blank=True)
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, related_name="motivations"
    )
    answers = models.TextField(blank=True)

    class Meta:
        """By recording."""

        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        """Return objective and rule."""
        return f"{self.objective.code} {self.rule}"
