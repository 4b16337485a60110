"""The trajectory chart of an indicator, for pages and PDF alike."""

from datetime import date, timedelta
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core import marks
from objectives.indicators import engine
from objectives.indicators.choices import TargetKind
from objectives.indicators.formatting import (
    actual_period_text,
    figure_text,
    level_name,
    number,
    period_text,
    starts_at_zero,
    target_text,
    value_text,
    with_unit,
)
from objectives.indicators.models import Indicator
from objectives.indicators.selectors import IndicatorReading, SeriesBreak


def _expected(reading: IndicatorReading, days: list[date]) -> list[marks.Point]:
    if reading.data is None:
        return []
    points = []
    for day in days:
        value = engine.expected_at(reading.data, day, rule_version=reading.status.rule_version)
        if value is not None:
            points.append(marks.Point(day.toordinal(), value))
    return points


def chart_sentence(reading: IndicatorReading) -> str:
    """Return in words what the chart shows, for whoever cannot see it."""
    return " ".join([_course_sentence(reading), *_forecast_sentence(reading), *_breaks(reading)])


def _course_sentence(reading: IndicatorReading) -> str:
    indicator = reading.indicator
    latest, actual = reading.latest, reading.status.actual
    if latest is None:
        return _("%(title)s: no figure yet; target %(target)s.") % {
            "title": indicator.title,
            "target": target_text(indicator, reading.final_target),
        }
    return _("%(title)s: %(value)s in %(period)s; target %(target)s.") % {
        "title": indicator.title,
        "value": (
            figure_text(indicator, latest.measurement)
            if actual is None
            else value_text(indicator, actual)
        ),
        "period": actual_period_text(reading),
        "target": target_text(indicator, reading.final_target),
    }


def _forecast_sentence(reading: IndicatorReading) -> list[str]:
    forecast = reading.year_end_forecast
    if forecast is None:
        return []
    values = {
        "day": date_format(reading.year_end, "SHORT_DATE_FORMAT"),
        "value": value_text(reading.indicator, forecast),
    }
    return [_("Forecast for %(day)s: %(value)s.") % values]


def _breaks(reading: IndicatorReading) -> list[str]:
    return [
        _("The series breaks on %(day)s: figures before and after do not compare.")
        % {"day": date_format(one.on, "SHORT_DATE_FORMAT")}
        for one in shown_breaks(reading)
    ]


def shown_breaks(reading: IndicatorReading) -> list[SeriesBreak]:
    """Return the breaks within what the chart shows: nothing lies before the first figure."""
    days = [point.on for point in _series(reading)]
    if reading.data is not None and reading.data.baseline is not None:
        days.append(reading.data.baseline.on)
    if not days:
        return []
    last = max([*days, *(slot.period.end for slot in reading.slots)])
    return [one for one in reading.breaks if min(days) < one.on <= last]


def _series(reading: IndicatorReading) -> tuple[engine.Point, ...]:
    if reading.data is None:
        return ()
    return engine.figure_series(reading.data, rule_version=reading.status.rule_version)


def chart_caption(reading: IndicatorReading) -> list[str]:
    """Return what each mark of the chart means, for the marks that it has."""
    if reading.data is None or reading.indicator.target_kind == TargetKind.MILESTONE:
        return []
    figures, expected = len(_series(reading)), len(_expected(reading, _days(reading)))
    said = [
        (figures == 1, _("Dot: the figure.")),
        (figures > 1, _("Line: figures.")),
        (expected > 1, _("Dashed: the path to the target.")),
        (_target(reading) is not None, _("Ring: the target.")),
        (_baseline(reading) is not None, _("Square: the baseline.")),
        (_forecast(reading) is not None, _("Diamond: the forecast.")),
    ]
    breaks = _("Upright: a series break, figures on either side do not compare.")
    return [
        *(sentence for is_drawn, sentence in said if is_drawn),
        *_band_sentence(reading.indicator),
        *([breaks] if shown_breaks(reading) else []),
    ]


def _band_sentence(indicator: Indicator) -> list[str]:
    if _band(indicator) is None:
        return []
    values = {"range": target_text(indicator, None)}
    if not indicator.tolerance or indicator.target_kind != TargetKind.RANGE:
        return [_("Shaded: %(range)s.") % values]
    values["tolerance"] = with_unit(indicator, Fraction(indicator.tolerance))
    return [_("Shaded: %(range)s; outside it by %(tolerance)s at most is at risk.") % values]


def _days(reading: IndicatorReading) -> list[date]:
    """Return the days on which the expected line has a point."""
    data, baseline = reading.data, _baseline(reading)
    days = {slot.period.end for slot in reading.slots}
    if data is not None and data.due_on is not None:
        days.add(data.due_on)
    if data is not None and data.baseline is not None and baseline is not None:
        days.add(data.baseline.on)
    if data is not None and data.starts_on is not None and starts_at_zero(reading.indicator):
        start = data.starts_on - timedelta(days=1)  # at its end an amount stands at zero
        days = {start} | {day for day in days if day > start}
    return sorted(days)


def _target(reading: IndicatorReading) -> marks.Point | None:
    final, data = reading.final_target, reading.data
    if final is None or data is None or data.target is None:
        return None
    text = target_text(reading.indicator, final)
    return marks.Point(final.due_on.toordinal(), data.target, text)


def _baseline(reading: IndicatorReading) -> marks.Point | None:
    """Return the start of the line; an amount begins at zero, its baseline is not on the line."""
    baseline = reading.data.baseline if reading.data else None
    if baseline is None or starts_at_zero(reading.indicator):
        return None
    return marks.Point(baseline.on.toordinal(), baseline.value)


def _band(indicator: Indicator) -> tuple[Fraction, Fraction] | None:
    if indicator.range_low is None or indicator.range_high is None:
        return None
    return Fraction(indicator.range_low), Fraction(indicator.range_high)


def trajectory_chart(reading: IndicatorReading, *, width: int = 880, height: int = 260) -> str:
    """Return the SVG; '' for a milestone, which has no values to draw."""
    indicator, data = reading.indicator, reading.data
    if indicator.target_kind == TargetKind.MILESTONE or data is None:
        return ""
    series = _series(reading)
    target, baseline, forecast = _target(reading), _baseline(reading), _forecast(reading)
    singles = [point.value for point in (target, baseline, forecast) if point]
    values = [point.value for point in series]
    values += [Fraction(value) for value in singles if value is not None]
    band = _band(indicator)
    return marks.trajectory(
        [
            marks.Point(point.on.toordinal(), point.value, _label(indicator, point.value))
            for point in series
        ],
        chart_sentence(reading),
        expected=_expected(reading, _days(reading)),
        target=target,
        baseline=baseline,
        # A figure of the last day before the break belongs to what came before.
        breaks=[
            marks.Tick(one.last_day_before.toordinal(), _("Series break"))
            for one in shown_breaks(reading)
        ],
        forecast=forecast,
        band=band,
        x_ticks=[
            marks.Tick(slot.period.end.toordinal(), period_text(slot.period))
            for slot in reading.slots
        ],
        y_ticks=_y_ticks(indicator, [*values, *(band or ())]),
        width=width,
        height=height,
    )


def _forecast(reading: IndicatorReading) -> marks.Point | None:
    """Return the forecast of the year-end value: shown, never part of a status."""
    value = reading.year_end_forecast
    if value is None:
        return None
    return marks.Point(reading.year_end.toordinal(), value, _label(reading.indicator, value))


def _label(indicator: Indicator, value: Fraction) -> str:
    """Return a figure beside its point: a level's name, a number without its unit."""
    if indicator.target_kind == TargetKind.ORDINAL:
        return value_text(indicator, value)
    return number(value, indicator.decimals)


def _y_ticks(indicator: Indicator, values: list[Fraction]) -> list[marks.Tick]:
    """Return the axis: every level by its name, or round numbers."""
    if indicator.target_kind == TargetKind.ORDINAL:
        levels = range(len(indicator.levels))
        return [marks.Tick(level, level_name(indicator, level)) for level in levels]
    steps = marks.axis_steps(values)
    return [marks.Tick(step, number(step, _axis_decimals(steps))) for step in steps]


def _axis_decimals(steps: tuple[Fraction, ...]) -> int:
    """Return the fewest decimals that tell the steps of the axis apart."""
    for decimals in range(4):
        if all((step * 10**decimals).denominator == 1 for step in steps):
            return decimals
    return 4
