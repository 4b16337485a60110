"""Recording a figure, and correcting it. Nothing is ever changed in place."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import next_instant
from objectives.indicators.formatting import figure_text, period_text
from objectives.indicators.models import Indicator, Measurement, Obligation
from objectives.indicators.periods import Period
from objectives.indicators.selectors.definitions import defined_on
from objectives.indicators.selectors.figures import parts_of
from objectives.indicators.selectors.locks import is_locked
from objectives.indicators.services.entry_checks import check_entry
from objectives.indicators.services.figures import Figure, FigurePart, check_figure
from personnel.access import access_of
from personnel.models import User


def check_slot(indicator: Indicator, period: Period) -> None:
    """Refuse a period that is not measured, does not apply, or has not begun."""
    slot = (
        indicator.obligations.current()
        .filter(period_start=period.start, resolution=period.resolution)
        .first()
    )
    refuse_slot(slot, period)


def refuse_slot(slot: Obligation | None, period: Period) -> None:
    """Do what `check_slot` does, with what is asked for of the period; None is nothing."""
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
    row: Measurement | None = (
        Measurement.objects.filter(
            indicator=indicator,
            period_start=period.start,
            resolution=period.resolution,
            breakdown_key="",
        )
        .order_by("-recorded_at", "-pk")
        .first()
    )
    if row is not None:
        row.indicator = indicator
    return row


def check_current(current: Measurement | None, expected_current: str | None) -> None:
    """Refuse to go on when another figure counts than the one that the user saw ('' for none)."""
    if current is None or expected_current in (None, str(current.uuid)):
        return  # a figure never goes away: without one there was none to see
    raise DomainError(
        "figure_changed",
        _(
            "%(name)s recorded %(figure)s for %(period)s on %(moment)s, after you opened this "
            "page. Look at that figure first."
        )
        % {
            "name": current.recorded_by,
            "figure": figure_text(current.indicator, current),
            "period": period_text(current.period),
            "moment": date_format(timezone.localtime(current.recorded_at), "SHORT_DATETIME_FORMAT"),
        },
        "value",
    )


def is_recorded(current: Measurement | None, figure: Figure) -> bool:
    """Tell whether the figure that counts says all that this one says.

    Parts that are not given stay as they are; so does an explanation that is left empty.
    """
    if current is None:
        return False
    there = parts_of([current])[current.pk] if figure.breakdown else {}
    return says_all(current, there, figure)


def says_all(current: Measurement, there: Mapping[str, Measurement], figure: Figure) -> bool:
    """Do what `is_recorded` does, with the parts that are there."""
    columns = figure.columns(current.indicator)
    narrative = columns.pop("narrative")
    return (
        all(getattr(current, name) == value for name, value in columns.items())
        and (not any(narrative.values()) or narrative == current.narrative)
        and all(_part(there.get(key)) == part for key, part in figure.breakdown.items())
    )


def _part(row: Measurement | None) -> FigurePart:
    if row is None:
        return FigurePart()
    return FigurePart(value=row.value, numerator=row.numerator, denominator=row.denominator)


def check_change(current: Measurement | None, figure: Figure) -> None:
    """Refuse a correction that changes nothing."""
    if current is not None and is_recorded(current, figure):
        raise nothing_changed(current)


def nothing_changed(current: Measurement) -> DomainError:
    """Return the refusal of a correction that says what stands there."""
    return DomainError(
        "nothing_changed",
        _(
            "%(period)s says %(figure)s already: this would change nothing. Change the figure, "
            "a part or the explanation."
        )
        % {
            "period": period_text(current.period),
            "figure": figure_text(current.indicator, current),
        },
        "value",
    )


def check_recorder(actor: User, indicator: Indicator) -> None:
    """Refuse whoever does not plan for the indicator's unit."""
    if not access_of(actor).plans_for(indicator.owner_id):
        raise NotAllowed(
            "not_your_unit",
            _("Only planners of %(unit)s record its figures.") % {"unit": indicator.owner.code},
        )


def check_reason(current: Measurement | None, period: Period, reason: str) -> None:
    """Refuse a correction without a reason."""
    if current and not reason.strip():
        raise DomainError(
            "reason_required",
            _("There is a figure for %(period)s already. Say why you correct it.")
            % {"period": period_text(period)},
            "reason",
        )


def period_locked(period: Period) -> DomainError:
    """Return the refusal of a figure that a report was issued on."""
    return DomainError(
        "period_locked",
        _(
            "%(period)s is locked since a report was issued: ask for a correction, which a "
            "second person approves."
        )
        % {"period": period_text(period)},
        "period",
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
    confirmed: Iterable[str] = (),
    at: datetime | None = None,
) -> Measurement:
    """Append the figure of a period; for one that has a figure already this is a correction.

    What another one recorded meanwhile with the same words is returned as it is: a form sent twice
    records once.

    A correction needs a reason; in a locked period it needs a second person too, see
    correction_request. `expected_current` is the UUID of the figure that the user saw ('' for
    none): when another one counts by now, nothing is written. `confirmed` names the warnings that
    the user looked at. `at` serves demo data only.
    Raises NotAllowed, ConfirmationRequired, or DomainError naming the field.
    """
    check_recorder(actor, indicator)
    agreed: list[str] = []
    recorded_at = at or next_instant()  # takes the lock, so that what follows cannot be overtaken
    indicator = defined_on(indicator, period.end, recorded_at)
    if at is None:
        check_slot(indicator, period)
        check_figure(indicator, figure)
    current = current_row(indicator, period) if at is None else None
    is_other = current is not None and expected_current not in (None, str(current.uuid))
    if current is not None and is_other and is_recorded(current, figure):
        return current
    check_current(current, expected_current)
    if at is None:
        if is_locked(indicator, period):
            raise period_locked(period)
        check_change(current, figure)
        check_reason(current, period, reason)
        agreed = check_entry(indicator, period, figure, confirmed)
    return figure_append(
        actor=actor,
        indicator=indicator,
        period=period,
        figure=figure,
        reason=reason,
        confirmed=agreed,
        recorded_at=recorded_at,
    )


def figure_append(
    *,
    actor: User,
    indicator: Indicator,
    period: Period,
    figure: Figure,
    recorded_at: datetime,
    reason: str = "",
    confirmed: Iterable[str] = (),
    approved_by: User | None = None,
) -> Measurement:
    """Write the rows of a figure, checked by the caller; return that of the whole.

    `indicator` is defined as for the period. Parts that are not given stay as they were: they are
    written again, so that a figure and all of its parts were recorded at one moment.
    """
    whole, *parts = figure_rows(
        actor=actor,
        indicator=indicator,
        period=period,
        figure=figure,
        there=_parts_there(indicator, period, recorded_at),
        recorded_at=recorded_at,
        reason=reason,
        confirmed=confirmed,
        approved_by=approved_by,
    )
    whole.save(force_insert=True)
    Measurement.objects.bulk_create(parts)
    return whole


def _parts_there(
    indicator: Indicator, period: Period, recorded_at: datetime
) -> Mapping[str, Measurement]:
    """Return the parts of a period as they stood before an instant: one query."""
    new = Measurement(
        indicator=indicator,
        period_start=period.start,
        resolution=period.resolution,
        recorded_at=recorded_at,
    )
    return parts_of([new])[new.pk]


def figure_rows(
    *,
    actor: User,
    indicator: Indicator,
    period: Period,
    figure: Figure,
    there: Mapping[str, Measurement],
    recorded_at: datetime,
    reason: str = "",
    confirmed: Iterable[str] = (),
    approved_by: User | None = None,
) -> list[Measurement]:
    """Return the rows of a figure, still to be written: the whole, then its parts.

    `there` are the parts that the period has, see figure_append.
    """
    shared: dict[str, Any] = {
        "indicator": indicator,
        "period_start": period.start,
        "resolution": period.resolution,
        "period_end": period.end,
        "reason": reason.strip(),
        "recorded_by": actor,
        "recorded_at": recorded_at,
        "approved_by": approved_by,
        "is_demo": indicator.is_demo,
    }
    whole = Measurement(**shared, **figure.columns(indicator), confirmed_checks=list(confirmed))
    parts = [
        Measurement(
            **shared,
            breakdown_key=key,
            value=None if indicator.is_ratio else part.value,
            numerator=part.numerator,
            denominator=part.denominator,
        )
        for key, part in _parts_to_write(there, figure.breakdown).items()
    ]
    return [whole, *parts]


def _parts_to_write(
    rows: Mapping[str, Measurement], breakdown: Mapping[str, FigurePart]
) -> dict[str, FigurePart]:
    """Return the parts that were there and those that are given.

    One that is taken away is written too, as nothing, unless it was not there.
    """
    there = {key: _part(row) for key, row in rows.items()}
    given = {key: part for key, part in breakdown.items() if part or key in there}
    return there | given
