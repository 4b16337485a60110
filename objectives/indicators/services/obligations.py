"""Which figures are due, derived from the frequency; and the periods that do not apply."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import history_record, next_instant
from objectives.indicators.formatting import period_text
from objectives.indicators.models import (
    Indicator,
    IndicatorDefinition,
    Measurement,
    Obligation,
)
from objectives.indicators.periods import Period, periods_between
from objectives.indicators.selectors.definitions import definition_held
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

    Each follows the definition that holds on its first day; none overlaps what is asked for
    already. What was declared not applicable before it was no longer asked for stays so.
    A milestone reports in the same periods as any other indicator: done, or a forecast.
    """
    return obligations_sync_all(
        indicators=[indicator], first=first, last=last, at=at or next_instant()
    )


@transaction.atomic
def obligations_sync_all(
    *, indicators: Iterable[Indicator], first: date, last: date, at: datetime
) -> int:
    """Make the obligations of many indicators, see obligations_sync: three queries."""
    every = {indicator.pk: indicator for indicator in indicators}
    versions: dict[int, list[IndicatorDefinition]] = {pk: [] for pk in every}
    for version in IndicatorDefinition.objects.filter(indicator__in=list(every)):
        versions[version.indicator_id].append(version)
    asked: dict[int, list[Obligation]] = {pk: [] for pk in every}
    for row in Obligation.objects.filter(indicator__in=list(every)):
        asked[row.indicator_id].append(row)
    rows: list[Obligation] = []
    for pk, indicator in every.items():
        known = [row for row in versions[pk] if row.recorded_at <= at and len(versions[pk]) > 1]
        rows += _missing(indicator, asked[pk], _defined_periods(indicator, known, first, last), at)
    return len(Obligation.objects.bulk_create(rows))


def _missing(
    indicator: Indicator,
    asked: Sequence[Obligation],
    periods: Iterable[tuple[Indicator, Period]],
    moment: datetime,
) -> list[Obligation]:
    """Return what is to be asked for beside what is, or was, asked for."""
    taken = [row.period for row in asked if row.known_until is None]
    exempt = _exempted_before(asked)
    rows = []
    for defined, period in periods:
        if not any(_overlap(period, other) for other in taken):
            taken.append(period)
            rows.append(_again(_new(defined, period, moment), exempt.get(period)))
    return rows


def _defined_periods(
    indicator: Indicator, versions: Sequence[IndicatorDefinition], first: date, last: date
) -> list[tuple[Indicator, Period]]:
    """Return the periods that end within [first, last], each with the definition of its start."""
    frequencies = {indicator.frequency, *(version.frequency for version in versions)}
    found = [
        (defined, period)
        for frequency in frequencies
        for period in periods_between(frequency, first, last)
        if (defined := definition_held(indicator, versions, period.start).indicator).frequency
        == frequency
    ]
    return sorted(found, key=lambda pair: (pair[1].start, pair[1].end))


def _exempted_before(asked: Iterable[Obligation]) -> dict[Period, Obligation]:
    """Return by period the row that was asked for last and is no longer, if it did not apply."""
    closed = [(row.known_until, row.pk, row) for row in asked if row.known_until is not None]
    last = {row.period: row for _until, _pk, row in sorted(closed, key=lambda one: one[:2])}
    return {period: row for period, row in last.items() if row.not_applicable_reason}


def _again(row: Obligation, exempt: Obligation | None) -> Obligation:
    """Let a new obligation not apply for the reason that an earlier one did not, if any."""
    if exempt is not None:
        row.not_applicable_reason = exempt.not_applicable_reason
        row.recorded_by = exempt.recorded_by
    return row


def _overlap(one: Period, other: Period) -> bool:
    return one.start <= other.end and other.start <= one.end


@transaction.atomic
def obligations_renew(*, indicator: Indicator, valid_from: date, at: datetime | None = None) -> int:
    """Let the periods from `valid_from` on follow a changed frequency or due date.

    Only plan years that ask for figures are touched. What was measured stays as it was, and so
    does what was declared not applicable: with another frequency the new periods take the reason.
    Return how many rows are new.
    Raises DomainError when figures of the old frequency stand in the way, or when a period of the
    old or of the new frequency does not begin on that day.
    """
    moment = at or next_instant()
    current = list(indicator.obligations.current())
    rows = [row for row in current if row.period_start >= valid_from]
    other = [row for row in rows if row.resolution != indicator.frequency]
    changes_frequency = any(not row.not_applicable_reason for row in other)
    if any(
        row.period_start < valid_from <= row.period_end and row.resolution != indicator.frequency
        for row in current
    ):
        raise _frequency_mid_period()
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
    if other and min(row.period_start for row in rows) not in {
        period.start for period in wanted.values()
    }:
        raise _frequency_mid_period()
    kept = [row for row in rows if _stays(row, indicator, wanted, measured)]
    ended = [row for row in rows if row not in kept]
    Obligation.objects.filter(pk__in=[row.pk for row in ended]).update(known_until=moment)
    new = [
        _again(_new(indicator, period, moment), _exempted_by(period, ended))
        for period in wanted.values()
        if any(_overlap(period, row.period) for row in ended)
        and not any(_overlap(period, row.period) for row in kept)
    ]
    return len(Obligation.objects.bulk_create(new))


def _stays(
    row: Obligation,
    indicator: Indicator,
    wanted: Mapping[tuple[date, str], Period],
    measured: Collection[tuple[date, str]],
) -> bool:
    """Tell whether a period goes on as it was asked for."""
    slot = (row.period_start, row.resolution)
    if slot in measured:
        return True
    if row.not_applicable_reason:
        return row.resolution == indicator.frequency
    return slot in wanted and row.due_on == row.period.due_on(indicator.days_until_due)


def _exempted_by(period: Period, ended: Iterable[Obligation]) -> Obligation | None:
    """Return why a new period does not apply: none of those that it replaces did."""
    replaced = [row for row in ended if _overlap(period, row.period)]
    return replaced[0] if all(row.not_applicable_reason for row in replaced) else None


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


def _frequency_mid_period() -> DomainError:
    return DomainError(
        "frequency_mid_period",
        _("A new frequency begins where a period of the old one and of the new one begin."),
        "valid_from",
    )


@transaction.atomic
def obligations_lapse(
    *, actor: User, indicator: Indicator, since: date, last: date, reason: str, at: datetime
) -> int:
    """Let the periods that end within [since, last] no longer apply; return how many did.

    What was measured, or did not apply already, stays as it was. The caller has checked rights.
    """
    measured = set(
        Measurement.objects.filter(indicator=indicator, breakdown_key="").values_list(
            "period_start", "resolution"
        )
    )
    current = indicator.obligations.current().filter(
        period_end__gte=since, period_end__lte=last, not_applicable_reason=""
    )
    rows = [row for row in current if (row.period_start, row.resolution) not in measured]
    Obligation.objects.filter(pk__in=[row.pk for row in rows]).update(known_until=at)
    for row in rows:
        new = _new(indicator, row.period, at)
        new.due_on, new.not_applicable_reason, new.recorded_by = row.due_on, reason, actor
        new.save()
    if rows:
        history_record(
            actor=actor,
            target=indicator,
            action="not_applicable",
            changes={str(row.period): ("", reason) for row in rows},
            reason=reason,
            at=at,
        )
    return len(rows)


@transaction.atomic
def period_set_not_applicable(
    *, actor: User, indicator: Indicator, period: Period, reason: str
) -> Obligation:
    """Say that a period is not measured, and why; an empty reason makes it due again.

    Raises NotAllowed, or DomainError for a period that has a figure, does not exist, or overlaps
    another one that is asked for by now.
    """
    if not access_of(actor).plans_for(indicator.owner_id):
        raise NotAllowed("not_your_unit", _("Only planners of the unit say which periods apply."))
    moment = next_instant()
    current: dict[Period, Obligation] = {row.period: row for row in indicator.obligations.current()}
    row = current.get(period)
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
    if not text:
        _check_alone(period, current)
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


def _check_alone(period: Period, current: Iterable[Period]) -> None:
    """Refuse to ask for a period of which a part is asked for already."""
    beside = [other for other in current if other != period and _overlap(period, other)]
    if beside:
        raise DomainError(
            "period_overlaps",
            _("%(period)s stays not applicable: %(other)s is measured instead.")
            % {"period": period_text(period), "other": period_text(min(beside, key=_first_day))},
            "period",
        )


def _first_day(period: Period) -> date:
    return period.start
