"""Units that go over into a successor on a date (design.md 4.10)."""

from django.conf import settings
from django.db import models

from ibzplan.core.localised import LocalisedField
from ibzplan.core.models import Record
from personnel.models import OrganisationUnit
from reporting.choices import ReorganisationState


class Reorganisation(Record):
    """One reorganisation: looked at beforehand, then carried out in one transaction."""

    title = LocalisedField()
    takes_effect_on = models.DateField()
    successor = models.ForeignKey(
        OrganisationUnit, on_delete=models.PROTECT, related_name="reorganisations"
    )
    reason = models.TextField(blank=True)
    state = models.CharField(
        max_length=10, choices=ReorganisationState.choices, default=ReorganisationState.DRAFT
    )
    applied_at = models.DateTimeField(null=True, editable=False)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        """Newest first."""

        ordering = ["-takes_effect_on", "-pk"]

    def __str__(self) -> str:
        """Return successor and date."""
        return f"{self.successor.code} {self.takes_effect_on}"


class ReorganisedUnit(models.Model):
    """A unit whose work goes over, the whole of it or only the werven that are named."""

    reorganisation = models.ForeignKey(
        Reorganisation, on_delete=models.CASCADE, related_name="sources"
    )
    unit = models.ForeignKey(OrganisationUnit, on_delete=models.PROTECT, related_name="+")
    werven = models.ManyToManyField("strategy.Werf", blank=True, related_name="+")

    class Meta:
        """One a pair."""

        ordering = ["reorganisation_id", "unit__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reorganisation", "unit"], name="reorganised_unit_once")
        ]

    def __str__(self) -> str:
        """Return the unit's code."""
        return self.unit.code
