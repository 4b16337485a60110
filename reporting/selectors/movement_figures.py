"""Why an objective moved: what its figures say now beside what they said then."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from objectives.indicators.formatting import actual_span, figure_text, period_text, value_text
from objectives.indicators.periods import Period
from objectives.indicators.selectors import IndicatorReading
from reporting.selectors.movement_pairs import IndicatorPair, day_text, quoted
from reporting.selectors.restated import restated_between


def figure_sentence(row: IndicatorPair) -> str:
    """Return what the indicator says now beside what it said then; a milestone says it itself."""
    new, old = row.after, row.before
    if new.latest is None:
        return _without_figure(row)
    if _is_stale_since(row) and new.latest.period == (old.latest.period if old.latest else None):
        return missing(row)
    values = {
        "indicator": row.name,
        "now": _actual_text(new),
        "period": _span_text(new),
        "expected": _expected_text(new),
    }
    has_expected = new.status.expected is not None
    if old.latest is None:
        if has_expected:
            return (
                _("%(indicator)s %(now)s (%(period)s), the first figure; expected %(expected)s")
                % values
            )
        return _("%(indicator)s %(now)s (%(period)s), the first figure") % values
    values |= {"then": _actual_text(old), "then_period": _span_text(old)}
    if (values["now"], values["period"]) == (values["then"], values["then_period"]):
        if has_expected:
            return _("%(indicator)s still %(now)s (%(period)s), expected %(expected)s") % values
        return _("%(indicator)s still %(now)s (%(period)s)") % values
    if has_expected:
        return (
            _(
                "%(indicator)s %(now)s (%(period)s); was %(then)s (%(then_period)s), "
                "expected %(expected)s"
            )
            % values
        )
    return _("%(indicator)s %(now)s (%(period)s); was %(then)s (%(then_period)s)") % values


def _without_figure(row: IndicatorPair) -> str:
    """Return what is said of an indicator that has no figure after."""
    late = missing(row, always=True)
    if late:
        return late
    if row.before.latest is not None:
        return _("%(indicator)s: no figure any more; was %(then)s (%(then_period)s)") % {
            "indicator": row.name,
            "then": _actual_text(row.before),
            "then_period": _span_text(row.before),
        }
    return _("%(indicator)s: no figure yet") % {"indicator": row.name}


def missing(row: IndicatorPair, *, always: bool = False) -> str:
    """Return that the latest figure is missing, when it was not then; '' otherwise."""
    if not always and not _is_stale_since(row):
        return ""
    late = [slot for slot in row.after.slots if slot.is_late]
    if not late:
        return ""
    return _("%(indicator)s: the figure of %(period)s is missing, due on %(day)s") % {
        "indicator": row.name,
        "period": short_period(late[-1].period, row.after.year),
        "day": day_text(late[-1].due_on),
    }


def _is_stale_since(row: IndicatorPair) -> bool:
    return row.after.status.stale and not row.before.status.stale


def _actual_text(reading: IndicatorReading) -> str:
    if reading.status.actual is not None:
        return value_text(reading.indicator, reading.status.actual)
    latest = reading.latest
    return figure_text(reading.indicator, latest.measurement if latest else None)


def _expected_text(reading: IndicatorReading) -> str:
    return value_text(reading.indicator, reading.status.expected)


def _span_text(reading: IndicatorReading) -> str:
    """Return 'T3' for a period of the plan year, 'T3 2025' for another, 'T1–T3' for a flow."""
    span = actual_span(reading)
    if span is None:
        return "\N{EN DASH}"
    first, last = (short_period(period, reading.year) for period in span)
    return last if first == last else f"{first}\N{EN DASH}{last}"


def short_period(period: Period, year: int) -> str:
    """Return 'T3' for a part of the plan year, 'T3 2025' for that of another, '2026' for it."""
    is_part = period.start.year == year and period.resolution != "Y"
    return period.short if is_part else period_text(period)


def corrections(row: IndicatorPair) -> Iterator[str]:
    """Say which figures of a period are other ones than they were, and why."""
    for one in restated_between(row.before, row.after):
        values = {
            "indicator": row.name,
            "period": short_period(one.period, row.after.year),
            "was": one.was,
            "now": one.now,
        }
        if one.reason:
            values["reason"] = quoted(one.reason)
            yield (
                _("%(indicator)s, %(period)s corrected from %(was)s to %(now)s: “%(reason)s”")
                % values
            )
        else:
            yield _("%(indicator)s, %(period)s corrected from %(was)s to %(now)s") % values
