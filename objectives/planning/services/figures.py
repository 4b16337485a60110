"""Recording and correcting a figure where the plan year still takes figures."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.services import next_instant
from objectives.indicators.models import Correction, Indicator, Measurement, Obligation
from objectives.indicators.periods import Period
from objectives.indicators.selectors.locks import is_locked
from objectives.indicators.services import (
    Figure,
    NewFigure,
    correction_decide,
    correction_request,
    measurement_record,
    measurements_record_all,
    period_set_not_applicable,
)
from objectives.planning.selectors.reviews import closed_years
from personnel.models import User


def _check_year_open(indicator: Indicator, period: Period) -> None:
    """Refuse a period of a closed plan year."""
    if (indicator.pk, period.end.year) in closed_years([indicator.pk]):
        raise _plan_closed(period)


def _plan_closed(period: Period) -> DomainError:
    text = _("The plan of %(year)s is closed.") % {"year": period.end.year}
    return DomainError("plan_closed", text, "period")


@transaction.atomic
def figure_record(
    *,
    actor: User,
    indicator: Indicator,
    period: Period,
    figure: Figure,
    reason: str = "",
    expected_current: str | None = None,
    confirmed: Iterable[str] = (),
) -> Measurement | Correction:
    """Record a figure unless the plan of its year is closed; see measurement_record.

    In a locked period it asks for a correction, which waits for a second person: see
    correction_request.

    Raises DomainError for a closed year: its figures belong to the final evaluation.
    """
    next_instant()  # takes the lock, so that nobody closes the year or locks the period meanwhile
    _check_year_open(indicator, period)
    write = correction_request if is_locked(indicator, period) else measurement_record
    return write(
        actor=actor,
        indicator=indicator,
        period=period,
        figure=figure,
        reason=reason,
        expected_current=expected_current,
        confirmed=confirmed,
    )


@transaction.atomic
def correction_settle(
    *, actor: User, correction: Correction, approve: bool, note: str = ""
) -> Measurement | None:
    """Approve a correction unless the plan of its year is closed, or refuse it.

    See correction_decide.
    """
    next_instant()  # takes the lock, so that nobody closes the year meanwhile
    if approve:
        measurement = correction.measurement
        _check_year_open(measurement.indicator, measurement.period)
    return correction_decide(actor=actor, correction=correction, approve=approve, note=note)


@transaction.atomic
def figure_exempt(*, actor: User, indicator: Indicator, period: Period, reason: str) -> Obligation:
    """Say that a period of an open plan year is not measured; '' makes it due again.

    See period_set_not_applicable.
    """
    next_instant()  # takes the lock, so that nobody closes the year meanwhile
    _check_year_open(indicator, period)
    return period_set_not_applicable(actor=actor, indicator=indicator, period=period, reason=reason)


@transaction.atomic
def figures_record(*, actor: User, figures: Mapping[int, NewFigure]) -> dict[int, Measurement]:
    """Record many figures by their place unless the plan of a year is closed: all or none.

    See measurements_record_all; raises FiguresRefused.
    """
    next_instant()  # takes the lock, so that nobody closes a year meanwhile
    closed = closed_years({new.indicator.pk for new in figures.values()})
    refused = {
        place: _plan_closed(new.period)
        for place, new in figures.items()
        if (new.indicator.pk, new.period.end.year) in closed
    }
    return measurements_record_all(actor=actor, figures=figures, refused=refused)
