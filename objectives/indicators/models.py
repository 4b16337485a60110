"""Indicators, their targets, figures and obligations.

An indicator is a series: it continues across plan years. The operational objectives that use
it say so in objectives.planning, the layer above.
"""

import uuid
from decimal import Decimal  # noqa: TC003 (named in a base class subscript)
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from ibzplan.core import append_only
from ibzplan.core.localised import LocalisedField
from ibzplan.core.models import Record
from objectives.indicators.choices import (
    Accumulation,
    Frequency,
    MeasurementEventKind,
    TargetKind,
    Trajectory,
)
from objectives.indicators.periods import Period
from objectives.indicators.querysets import IndicatorQuerySet, MeasurementQuerySet
from personnel.models import OrganisationUnit

# One shape for every stored quantity: 11 digits before the decimal mark, 4 after it. SQLite
# keeps 15 significant digits, so a longer number would differ between the two databases.
MAX_DIGITS = 15
DECIMAL_PLACES = 4


if TYPE_CHECKING:
    _NullableDecimal = models.DecimalField[Decimal | None, Decimal | None]
else:
    _NullableDecimal = models.DecimalField


class ValueField(_NullableDecimal):
    """A quantity in its indicator's unit; NULL means there is none, never 0."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Fix the shape."""
        kwargs.update(max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES)
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class Indicator(Record):
    """What is measured, how, in which unit, and by whom."""

    code = models.CharField(max_length=20, unique=True)
    title = LocalisedField()
    definition = LocalisedField()
    unit_of_measure = LocalisedField()
    decimals = models.PositiveSmallIntegerField(default=0)
    source = LocalisedField()
    method = LocalisedField()
    target_kind = models.CharField(max_length=10, choices=TargetKind.choices)
    accumulation = models.CharField(
        max_length=10, choices=Accumulation.choices, default=Accumulation.LEVEL
    )
    trajectory = models.CharField(
        max_length=10, choices=Trajectory.choices, default=Trajectory.LINEAR
    )
    is_ratio = models.BooleanField(default=False)
    # What numerator / denominator is multiplied by: 100 for a ratio in percent.
    ratio_scale = models.PositiveSmallIntegerField(default=1)
    frequency = models.CharField(max_length=1, choices=Frequency.choices, default=Frequency.TERM)
    days_until_due = models.PositiveSmallIntegerField(default=15)
    grace_days = models.PositiveSmallIntegerField(default=5)
    levels = models.JSONField(default=list, blank=True)
    range_low = ValueField()
    range_high = ValueField()
    tolerance = ValueField()
    threshold_on_track = ValueField()
    threshold_at_risk = ValueField()
    baseline = ValueField()
    baseline_date = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(OrganisationUnit, on_delete=models.PROTECT, related_name="indicators")
    is_confidential = models.BooleanField(default=False)
    is_submitted = models.BooleanField(default=False, editable=False)
    is_released = models.BooleanField(default=False, editable=False)
    is_security_linked = models.BooleanField(default=False, editable=False)
    search_key = models.TextField(blank=True, editable=False)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        """By code."""

        ordering = ["code", "pk"]

    def __str__(self) -> str:
        """Return code and title."""
        return f"{self.code} {self.title}"


class PeriodColumns(models.Model):
    """A period in three columns; `period_end` repeats what the other two say, for the index."""

    period_start = models.DateField()
    resolution = models.CharField(max_length=1, choices=Frequency.choices)
    period_end = models.DateField()

    class Meta:
        """Abstract."""

        abstract = True

    @property
    def period(self) -> Period:
        """Return the period."""
        return Period(self.period_start, self.resolution)


class RecordedFact(models.Model):
    """An append-only row: when it was recorded, by whom and (for a correction) why."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recorded_at = models.DateTimeField(db_index=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        """Abstract."""

        abstract = True


@append_only.register
class Target(RecordedFact):
    """What is to be reached on a date. The row recorded last for a date counts.

    `is_final` marks the due date of the trajectory; other rows are interim targets.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    due_on = models.DateField()
    value = ValueField()
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    is_final = models.BooleanField(default=True)

    class Meta:
        """By date, then by recording."""

        ordering = ["indicator_id", "due_on", "recorded_at", "pk"]

    def __str__(self) -> str:
        """Return date and value."""
        return f"{self.indicator.code} {self.due_on} {self.value}"


@append_only.register
class Measurement(RecordedFact, PeriodColumns):
    """One figure of an indicator for a period and a breakdown ('' is the whole).

    A correction is another row for the same slot; nothing is ever changed. Which columns are
    filled follows from the kind: `value`; `numerator` and `denominator` for a ratio; `level`
    for an ordinal; `done_on` or `forecast_on` for a milestone.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="measurements")
    breakdown_key = models.CharField(max_length=200, blank=True, default="")
    value = ValueField()
    numerator = ValueField()
    denominator = ValueField()
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    forecast_on = models.DateField(null=True, blank=True)
    narrative = LocalisedField()

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        """By recording. The index serves the latest figure at any length of history."""

        ordering = ["recorded_at", "pk"]
        indexes = [
            models.Index(fields=["indicator", "-period_start", "-id"], name="measurement_latest"),
            models.Index(
                fields=["indicator", "period_start", "resolution", "breakdown_key", "recorded_at"],
                name="measurement_slot",
            ),
        ]

    def __str__(self) -> str:
        """Return indicator, period and figure."""
        return f"{self.indicator.code} {self.period} {self.value}"


@append_only.register
class MeasurementEvent(RecordedFact):
    """A figure was validated, returned or locked."""

    measurement = models.ForeignKey(Measurement, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=MeasurementEventKind.choices)

    class Meta:
        """By recording."""

        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        """Return what happened."""
        return f"{self.measurement_id} {self.kind}"


class Obligation(Record, PeriodColumns):
    """A figure is due: indicator x period x due date, derived from the frequency (4.4)."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="obligations")
    due_on = models.DateField()
    not_applicable_reason = models.TextField(blank=True)

    class Meta:
        """One a slot."""

        ordering = ["indicator_id", "period_start", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_start", "resolution"], name="obligation_once"
            )
        ]
        indexes = [models.Index(fields=["due_on"], name="obligation_due")]

    def __str__(self) -> str:
        """Return indicator and period."""
        return f"{self.indicator.code} {self.period}"
