"""The figures of an indicator, what happened to them, and the corrections that wait."""

from django.conf import settings
from django.db import models

from ibzplan.core import append_only
from ibzplan.core.models import Record
from objectives.indicators.choices import CorrectionState, MeasurementEventKind
from objectives.indicators.models.columns import FigureColumns, PeriodColumns, RecordedFact
from objectives.indicators.models.indicators import Indicator
from objectives.indicators.querysets import MeasurementQuerySet


@append_only.register
class Measurement(RecordedFact, PeriodColumns, FigureColumns):
    """One figure of an indicator for a period and a breakdown ('' is the whole).

    A correction is another row for the same slot; nothing is ever changed. A figure and its
    breakdown share one `recorded_at`. `confirmed_checks` names the warnings that whoever recorded
    it looked at; `approved_by` is the second person behind a correction in a locked period.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="measurements")
    breakdown_key = models.CharField(max_length=200, blank=True, default="")
    confirmed_checks = models.JSONField(default=list, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        """By recording. `measurement_latest` finds the latest figure at any length of history."""

        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_start", "resolution", "breakdown_key", "recorded_at"],
                name="measurement_slot_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["indicator", "-period_start", "-id"],
                condition=models.Q(breakdown_key=""),
                name="measurement_latest_total",
            ),
        ]

    def __str__(self) -> str:
        """Return indicator, period and figure."""
        return f"{self.indicator.code} {self.period} {self.value}"


@append_only.register
class MeasurementEvent(RecordedFact):
    """A figure was validated, returned or locked; `cause` is the report that locked it."""

    measurement = models.ForeignKey(Measurement, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=MeasurementEventKind.choices)
    cause_type = models.CharField(max_length=80, blank=True)
    cause_uuid = models.UUIDField(null=True, blank=True)

    class Meta:
        """By recording."""

        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        """Return what happened."""
        return f"{self.measurement_id} {self.kind}"


class Correction(Record, FigureColumns):
    """A correction of a locked figure, waiting for a second person (design.md 4.3).

    `breakdown` maps a breakdown key to its parts as text. `result` is the figure that was recorded
    when someone else approved it.
    """

    measurement = models.ForeignKey(
        Measurement, on_delete=models.PROTECT, related_name="corrections"
    )
    breakdown = models.JSONField(default=dict, blank=True)
    confirmed_checks = models.JSONField(default=list, blank=True)
    reason = models.TextField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=CorrectionState.choices, default=CorrectionState.PENDING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)
    result = models.OneToOneField(
        Measurement, on_delete=models.PROTECT, null=True, related_name="made_by"
    )

    class Meta:
        """Newest first; one waits at a time."""

        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["measurement"],
                condition=models.Q(state=CorrectionState.PENDING),
                name="correction_pending_once",
            )
        ]

    def __str__(self) -> str:
        """Return the figure and the state."""
        return f"{self.measurement} {self.state}"
