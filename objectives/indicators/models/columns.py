"""Columns that several models share: the definition sheet, a period, a figure, a recorded fact."""

import uuid
from decimal import Decimal  # noqa: TC003 (named in a base class subscript)
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from ibzplan.core.localised import LocalisedField
from objectives.indicators.choices import (
    Accumulation,
    Aggregation,
    Frequency,
    IndicatorType,
    TargetKind,
    Trajectory,
)
from objectives.indicators.periods import Period

if TYPE_CHECKING:
    _NullableDecimal = models.DecimalField[Decimal | None, Decimal | None]
else:
    _NullableDecimal = models.DecimalField

# One shape for every stored quantity: 11 digits before the decimal mark, 4 after it. SQLite
# keeps 15 significant digits, so a longer number would differ between the two databases.
MAX_DIGITS = 15
DECIMAL_PLACES = 4


class ValueField(_NullableDecimal):
    """A quantity in its indicator's unit; NULL means there is none, never 0."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Fix the shape."""
        kwargs.update(max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES)
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class DefinitionColumns(models.Model):
    """The definition sheet: what is measured, how it is judged, and what it cannot say.

    `IndicatorDefinition` carries every version there was, `Indicator` the one that lists, search
    and readers outside the unit go by: see its own docstring.
    """

    title = LocalisedField()
    indicator_type = models.CharField(
        max_length=10, choices=IndicatorType.choices, default=IndicatorType.OUTPUT
    )
    definition = LocalisedField()
    inclusions = LocalisedField()
    exclusions = LocalisedField()
    rationale = LocalisedField()
    misuse_risk = LocalisedField()
    limitations = LocalisedField()
    unit_of_measure = LocalisedField()
    decimals = models.PositiveSmallIntegerField(default=0)
    is_ratio = models.BooleanField(default=False)
    # What numerator / denominator is multiplied by: 100 for a ratio in percent.
    ratio_scale = models.PositiveSmallIntegerField(default=1)
    numerator_definition = LocalisedField()
    denominator_definition = LocalisedField()
    source = LocalisedField()
    method = LocalisedField()
    target_kind = models.CharField(max_length=10, choices=TargetKind.choices)
    accumulation = models.CharField(
        max_length=10, choices=Accumulation.choices, default=Accumulation.LEVEL
    )
    # How figures come together, for whoever adds them up outside: over the periods of a year,
    # and over the organisation's units.
    period_aggregation = models.CharField(
        max_length=10, choices=Aggregation.choices, default=Aggregation.LATEST
    )
    unit_aggregation = models.CharField(
        max_length=10, choices=Aggregation.choices, default=Aggregation.NONE
    )
    disaggregations = models.JSONField(default=list, blank=True)
    trajectory = models.CharField(
        max_length=10, choices=Trajectory.choices, default=Trajectory.LINEAR
    )
    frequency = models.CharField(max_length=1, choices=Frequency.choices, default=Frequency.TERM)
    days_until_due = models.PositiveSmallIntegerField(default=15)
    grace_days = models.PositiveSmallIntegerField(default=5)
    levels = models.JSONField(default=list, blank=True)
    range_low = ValueField()
    range_high = ValueField()
    possible_low = ValueField()
    possible_high = ValueField()
    tolerance = ValueField()
    threshold_on_track = ValueField()
    threshold_at_risk = ValueField()
    baseline = ValueField()
    baseline_date = models.DateField(null=True, blank=True)
    # Functions, never names: who makes the figure, and who answers for it.
    compiler = models.CharField(max_length=120, blank=True)
    approver = models.CharField(max_length=120, blank=True)

    class Meta:
        """Abstract."""

        abstract = True


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


class FigureColumns(models.Model):
    """What is measured. Which columns are filled follows from the kind of indicator.

    `value`; `numerator` and `denominator` for a ratio; `level` for an ordinal; `done_on` or
    `forecast_on` for a milestone.
    """

    value = ValueField()
    numerator = ValueField()
    denominator = ValueField()
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    forecast_on = models.DateField(null=True, blank=True)
    narrative = LocalisedField()

    class Meta:
        """Abstract."""

        abstract = True

    @property
    def has_number(self) -> bool:
        """Tell whether it says a number or part of a ratio; a part taken away says none."""
        return (self.value, self.numerator, self.denominator) != (None, None, None)
