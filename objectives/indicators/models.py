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
from ibzplan.core.models import KnownSpan, Record
from ibzplan.core.querysets import KnownSpanQuerySet
from objectives.indicators.choices import (
    Accumulation,
    Aggregation,
    CorrectionState,
    Frequency,
    IndicatorType,
    MeasurementEventKind,
    TargetKind,
    Trajectory,
)
from objectives.indicators.periods import Period
from objectives.indicators.querysets import (
    IndicatorDefinitionQuerySet,
    IndicatorQuerySet,
    MeasurementQuerySet,
    TargetQuerySet,
)
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


@append_only.register
class Target(RecordedFact):
    """What is to be reached on a date. The row recorded last for a date counts.

    `is_final` marks the due date of the trajectory; other rows are interim targets. It counts from
    `plan_year` on, the year of the plan in which it was set: a later plan never changes what an
    earlier year is judged by. A row that is neither final nor says anything takes the one before it
    for that date away.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    plan_year = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    value = ValueField()
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    is_final = models.BooleanField(default=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        """By date, then by recording."""

        ordering = ["indicator_id", "due_on", "recorded_at", "pk"]

    def __str__(self) -> str:
        """Return date and value."""
        return f"{self.indicator.code} {self.due_on} {self.value}"

    @property
    def is_lifted(self) -> bool:
        """Tell whether the row says that there is no target on its date any more."""
        return not self.is_final and self.value is None and self.level is None


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
