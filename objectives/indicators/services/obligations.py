"""Which figures are due, derived from the frequency; and the periods that do not apply."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import history_record, next_instant
from objectives.indicators.formatting import period_text
from objectives.indicators.models import Indicator, Measurement, Obligation
from objectives.indicators.periods import Period, periods_between
from personnel.access import access_of
from personnel.models import User


def _new(indicator: Indicator, period: Period, moment: datetime) -> Obligation:
    return Obligation(
        indicator=indicator,
        period_start=period.start,
        resolution=period.resolution,
        period_end=period.end,
        due_on=period.due_on(indicator.days_until_due),
        known_from=moment,
        is_demo=indicator.is_demo,
    )


@transaction.atomic
def obligations_sync(
    *, indicator: Indicator, first: date, last: date, at: datetime | None = None
) -> int:
    """Make the obligations of the periods that end within [first, last]; return how many are new.

    A milestone reports in the same periods as any other indicator: done, or a forecast.
    """
    moment = at or next_instant()
    known = set(indicator.obligations.current().values_list("period_start", "resolution"))
    rows = [
        _new(indicator, period, moment)
        for period in periods_between(indicator.frequency, first, last)
        if (period.start, period.resolution) not in known
    ]
    return len(Obligation.objects.bulk_create(rows))


@transaction.atomic
def obligations_renew(*, indicator: Indicator, valid_from: date, at: datetime | None = None) -> int:
    """Let the periods from `valid_from` on follow a changed frequency or due date.

    Only plan years that ask for figures are touched. What was measured, or declared not
    applicable, stays as it was; return how many rows are new.
    Raises DomainError when figures of the old frequency stand in the way, or when a period of the
    old or of the new frequency does not begin on that day.
    """
    moment = at or next_instant()
    current = list(indicator.obligations.current())
    rows = [row for row in current if row.period_start >= valid_from]
    changes_frequency = any(row.resolution != indicator.frequency for row in rows)
    if any(
        row.period_start < valid_from <= row.period_end and row.resolution != indicator.frequency
        for row in current
    ):
        raise DomainError("frequency_mid_period", _frequency_mid_period(), "valid_from")
    if not rows:
        return 0
    measured = set(
        Measurement.objects.filter(indicator=indicator, breakdown_key="").values_list(
            "period_start", "resolution"
        )
    )
    if changes_frequency and any((r.period_start, r.resolution) in measured for r in rows):
        raise DomainError(
            "frequency_has_figures",
            _("There are figures after that day already. Let the new frequency begin later."),
            "valid_from",
        )
    wanted = _wanted(indicator, rows, valid_from)
    if changes_frequency and min(row.period_start for row in rows) not in {
        period.start for period in wanted.values()
    }:
        raise DomainError("frequency_mid_period", _frequency_mid_period(), "valid_from")
    kept = {
        (row.period_start, row.resolution)
        for row in rows
        if (row.period_start, row.resolution) in measured
        or row.not_applicable_reason
        or (
            (row.period_start, row.resolution) in wanted
            and row.due_on == row.period.due_on(indicator.days_until_due)
        )
    }
    asked = {(row.period_start, row.resolution) for row in rows}
    ended = [row.pk for row in rows if (row.period_start, row.resolution) not in kept]
    Obligation.objects.filter(pk__in=ended).update(known_until=moment)
    new = [
        _new(indicator, period, moment)
        for key, period in wanted.items()
        if key not in kept and (changes_frequency or key in asked)
    ]
    return len(Obligation.objects.bulk_create(new))


def _wanted(
    indicator: Indicator, rows: Sequence[Obligation], valid_from: date
) -> dict[tuple[date, str], Period]:
    """Return the periods of the new frequency in the years that ask for figures already."""
    years = {row.period_end.year for row in rows}
    periods = periods_between(indicator.frequency, valid_from, max(row.period_end for row in rows))
    return {
        (period.start, period.resolution): period
        for period in periods
        if period.start >= valid_from and period.end.year in years
    }


def _frequency_mid_period() -> str:
    return _("A new frequency begins where a period of the old one and of the new one begin.")


@transaction.atomic
def period_set_not_applicable(
    *, actor: User, indicator: Indicator, period: Period, reason: str
) -> Obligation:
    """Say that a period is not measured, and why; an empty reason makes it due again.

    Raises NotAllowed, or DomainError for a period that has a figure or does not exist.
    """
    if not access_of(actor).plans_for(indicator.owner_id):
        raise NotAllowed("not_your_unit", _("Only planners of the unit say which periods apply."))
    moment = next_instant()
    row: Obligation | None = (
        indicator.obligations.current()
        .filter(period_start=period.start, resolution=period.resolution)
        .first()
    )
    text, name = reason.strip(), period_text(period)
    if row is None:
        raise DomainError(
            "no_such_period",
            _("This indicator is not measured for %(period)s.") % {"period": name},
            "period",
        )
    if (
        text
        and Measurement.objects.filter(
            indicator=indicator, period_start=period.start, resolution=period.resolution
        ).exists()
    ):
        raise DomainError(
            "period_has_figure",
            _("%(period)s has a figure: correct that instead.") % {"period": name},
            "period",
        )
    if text == row.not_applicable_reason:
        return row
    Obligation.objects.filter(pk=row.pk).update(known_until=moment)
    new = _new(indicator, period, moment)
    new.due_on, new.not_applicable_reason, new.recorded_by = row.due_on, text, actor
    new.save()
    history_record(
        actor=actor,
        target=indicator,
        action="not_applicable" if text else "applicable",
        changes={str(period): (row.not_applicable_reason, text)},
        reason=text,
        at=moment,
    )
    return new
