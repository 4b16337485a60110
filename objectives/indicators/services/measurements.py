"""Recording a figure, correcting it, validating it. Nothing is ever changed in place."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import next_instant
from objectives.indicators.choices import MeasurementEventKind, TargetKind
from objectives.indicators.formatting import exact_number, period_text
from objectives.indicators.models import Indicator, Measurement, MeasurementEvent
from objectives.indicators.periods import Period
from objectives.indicators.services.indicators import check_date, check_decimals
from personnel.access import access_of
from personnel.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What is measured for one period; which parts are filled follows from the kind."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    level: int | None = None
    done_on: date | None = None
    forecast_on: date | None = None
    narrative: LocalisedText = field(default_factory=LocalisedText)

    def facts(self) -> tuple[Any, ...]:
        """Return the parts that count, without the narrative."""
        return (
            self.value,
            self.numerator,
            self.denominator,
            self.level,
            self.done_on,
            self.forecast_on,
        )


def _check_ratio(figure: Figure) -> None:
    if figure.numerator is None or figure.denominator is None:
        raise DomainError(
            "ratio_incomplete", _("Give both numerator and denominator."), "numerator"
        )
    if figure.denominator == 0:
        raise DomainError(
            "zero_denominator", _("The denominator is 0: no ratio follows from it."), "denominator"
        )
    if figure.denominator < 0:
        raise DomainError(
            "negative_denominator",
            _("The denominator %(value)s lies below 0. Check the sign.")
            % {"value": exact_number(figure.denominator)},
            "denominator",
        )


def _check_level(indicator: Indicator, level: int | None) -> None:
    if level is None or not 0 <= level < len(indicator.levels):
        raise DomainError("level_unknown", _("Choose one of the levels."), "level")


def _check_dates(figure: Figure) -> None:
    if figure.done_on is None and figure.forecast_on is None:
        raise DomainError(
            "date_required", _("Give the date it was done, or the date you expect."), "done_on"
        )
    check_date("done_on", figure.done_on)
    check_date("forecast_on", figure.forecast_on)
    if figure.done_on and figure.done_on > timezone.localdate():
        raise DomainError(
            "done_in_future",
            _("%(date)s lies in the future: give it as the expected date.")
            % {"date": date_format(figure.done_on, "SHORT_DATE_FORMAT")},
            "done_on",
        )


def _check_figure(indicator: Indicator, figure: Figure) -> None:
    """Refuse a figure that does not fit the kind of indicator."""
    if indicator.target_kind == TargetKind.MILESTONE:
        _check_dates(figure)
    elif indicator.target_kind == TargetKind.ORDINAL:
        _check_level(indicator, figure.level)
    elif indicator.is_ratio:
        _check_ratio(figure)
    elif figure.value is None:
        raise DomainError("value_required", _("Give the value. Zero is a value."), "value")
    else:
        check_decimals("value", figure.value, indicator.decimals)


def _check_slot(indicator: Indicator, period: Period) -> None:
    slot = indicator.obligations.filter(
        period_start=period.start, resolution=period.resolution
    ).first()
    if slot is None:
        raise DomainError(
            "no_such_period",
            _("This indicator is not measured for %(period)s.") % {"period": period_text(period)},
            "period",
        )
    if slot.not_applicable_reason:
        raise DomainError(
            "not_applicable",
            _("%(period)s is not applicable: %(reason)s")
            % {"period": period_text(period), "reason": slot.not_applicable_reason},
            "period",
        )
    if period.start > timezone.localdate():
        raise DomainError(
            "period_not_begun",
            _("%(period)s has not begun yet.") % {"period": period_text(period)},
            "period",
        )


def current_row(indicator: Indicator, period: Period) -> Measurement | None:
    """Return the figure that counts now for the whole of a period, or None."""
    return (
        Measurement.objects.filter(
            indicator=indicator,
            period_start=period.start,
            resolution=period.resolution,
            breakdown_key="",
        )
        .order_by("-recorded_at", "-pk")
        .first()
    )


@transaction.atomic
def measurement_record(
    *,
    actor: User,
    indicator: Indicator,
    period: Period,
    figure: Figure,
    reason: str = "",
    expected_current: str | None = None,
    at: datetime | None = None,
) -> Measurement:
    """Append the figure of a period; for one that has a figure already this is a correction.

    A correction needs a reason. `expected_current` is the UUID of the figure that the user saw
    ('' for none): when another one counts by now, nothing is written. `at` serves demo data only.
    Raises NotAllowed, or DomainError naming the field.
    """
    if not access_of(actor).plans_for(indicator.owner_id):
        raise NotAllowed(
            "not_your_unit",
            _("Only planners of %(unit)s record its figures.") % {"unit": indicator.owner.code},
        )
    if at is None:
        _check_slot(indicator, period)
        _check_figure(indicator, figure)
    recorded_at = at or next_instant()  # takes the lock, so that what follows cannot be overtaken
    current = current_row(indicator, period) if at is None else None
    if expected_current is not None and expected_current != (str(current.uuid) if current else ""):
        raise DomainError(
            "figure_changed",
            _("Someone recorded another figure for this period meanwhile. Look at it first."),
            "value",
        )
    if current and not reason.strip():
        raise DomainError(
            "reason_required",
            _("There is a figure for %(period)s already. Say why you correct it.")
            % {"period": period_text(period)},
            "reason",
        )
    return Measurement.objects.create(
        indicator=indicator,
        period_start=period.start,
        resolution=period.resolution,
        period_end=period.end,
        value=_stored_value(indicator, figure),
        numerator=figure.numerator,
        denominator=figure.denominator,
        level=figure.level,
        done_on=figure.done_on,
        forecast_on=figure.forecast_on,
        narrative=figure.narrative,
        reason=reason.strip(),
        recorded_by=actor,
        recorded_at=recorded_at,
        is_demo=indicator.is_demo,
    )


def _stored_value(indicator: Indicator, figure: Figure) -> Decimal | None:
    """A ratio keeps its parts only; its value is worked out exactly wherever it is read."""
    return None if indicator.is_ratio else figure.value


@transaction.atomic
def measurement_validate(
    *, actor: User, measurement: Measurement, at: datetime | None = None
) -> MeasurementEvent:
    """Validate a figure as head of its unit. Raises NotAllowed, or DomainError when replaced."""
    if not access_of(actor).heads(measurement.indicator.owner_id):
        raise NotAllowed("head_only", _("Only the head of the directorate validates figures."))
    recorded_at = at or next_instant()
    current = current_row(measurement.indicator, measurement.period)
    if at is None and current is not None and current.pk != measurement.pk:
        raise DomainError(
            "figure_changed", _("This figure was corrected meanwhile. Look at the new one first.")
        )
    latest = measurement.events.last()
    if at is None and latest is not None and latest.kind == MeasurementEventKind.VALIDATED:
        return latest  # the button was pressed twice
    return MeasurementEvent.objects.create(
        measurement=measurement,
        kind=MeasurementEventKind.VALIDATED,
        recorded_by=actor,
        recorded_at=recorded_at,
        is_demo=measurement.is_demo,
    )
