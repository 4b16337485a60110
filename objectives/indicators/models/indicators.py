"""An indicator and the versions of its definition.

An indicator is a series: it continues across plan years. The operational objectives that use
it say so in objectives.planning, the layer above.
"""

from django.conf import settings
from django.db import models

from ibzplan.core import append_only
from ibzplan.core.models import Record
from objectives.indicators.models.columns import DefinitionColumns, RecordedFact
from objectives.indicators.querysets import IndicatorDefinitionQuerySet, IndicatorQuerySet
from personnel.models import OrganisationUnit


class Indicator(Record, DefinitionColumns):
    """A series of figures with its definition, and whose it is.

    Once a plan is approved, the columns are those of the newest version that speaks of
    `released_year` or before: one for a later year is a draft. `definition_number` counts all.
    `submitted_year` and `released_year` are the latest plan years in which an objective that uses
    it was submitted or approved: what belongs to a later year is a draft.
    """

    code = models.CharField(max_length=20, unique=True)
    owner = models.ForeignKey(OrganisationUnit, on_delete=models.PROTECT, related_name="indicators")
    derived_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="derived"
    )
    definition_number = models.PositiveSmallIntegerField(default=1, editable=False)
    is_confidential = models.BooleanField(default=False)
    is_submitted = models.BooleanField(default=False, editable=False)
    is_released = models.BooleanField(default=False, editable=False)
    submitted_year = models.PositiveSmallIntegerField(null=True, editable=False)
    released_year = models.PositiveSmallIntegerField(null=True, editable=False)
    is_security_linked = models.BooleanField(default=False, editable=False)
    search_key = models.TextField(blank=True, editable=False)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        """By code."""

        ordering = ["code", "pk"]

    def __str__(self) -> str:
        """Return code and title."""
        return f"{self.code} {self.title}"


@append_only.register
class IndicatorDefinition(RecordedFact, DefinitionColumns):
    """One version of a definition sheet, with the reason why the one before no longer serves.

    `valid_from` is the first day of the figures it speaks of. `is_series_break` says that figures
    of before that day cannot be compared with those after it. The first version breaks nothing.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="definitions")
    number = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    is_series_break = models.BooleanField(default=False)
    # None: written by the system, for what was there before versions were kept.
    recorded_by = models.ForeignKey(  # type: ignore[assignment]
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = IndicatorDefinitionQuerySet.as_manager()

    class Meta:
        """Oldest first; a number is given once."""

        ordering = ["indicator_id", "number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="definition_once")
        ]

    def __str__(self) -> str:
        """Return indicator and number."""
        return f"{self.indicator.code} v{self.number}"
