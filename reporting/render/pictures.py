"""The pictures of a report: the same marks as on the pages, drawn from the snapshot."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core import marks
from ibzplan.core.numbers import format_quantity
from objectives.indicators.choices import Status, TargetKind
from reporting.render.blocks import Name, Picture, Run, Words, plain_text
from reporting.render.sentences import joined, sentence
from reporting.render.wording import (
    FactReader,
    dated,
    labelled_run,
    period,
    plan_text,
    status_word,
)

# Widths as shown; those without a unit are pixels of the drawing.
FULL_WIDTH_MM: Final = 174
CHART_MM: Final = 85

BAR_WIDTH: Final = 480
SMALL_BAR_WIDTH: Final = 130
SMALL_BAR_HEIGHT: Final = 18
CHART_WIDTH: Final = 330
CHART_HEIGHT: Final = 165
# More tick labels than this do not fit below a small chart.
MAX_AXIS_DECIMALS: Final = 4


def status_marks() -> dict[str, str]:
    """Return the mark of each status; the word always stands beside it."""
    return {status: marks.status_mark(status, "") for status in Status.values}


def distribution(
    part: Mapping[str, Any],
    facts: FactReader,
    *,
    width_mm: float,
    width: int = BAR_WIDTH,
    height: int = 24,
) -> Picture:
    """Return the stacked bar of the distribution of a part of the snapshot."""
    counts, said = facts.counts(part["counts"]), _counts_run(part, facts)
    svg = marks.stacked_bar(counts, plain_text(said), width=width, height=height, fluid=False)
    return Picture(svg, said, width_mm)


def small_bar(part: Mapping[str, Any], facts: FactReader, *, width_mm: float) -> Picture:
    """Return the same, for a cell of a table."""
    return distribution(
        part, facts, width_mm=width_mm, width=SMALL_BAR_WIDTH, height=SMALL_BAR_HEIGHT
    )


def _counts_run(part: Mapping[str, Any], facts: FactReader) -> Run:
    """Return '17 objectives: 1 achieved, 10 on track, ...', as the pages do."""
    total = facts.number(part["total"])
    head = sentence(
        ngettext("%(total)s objective", "%(total)s objectives", total),
        total=facts.figure(part["total"]),
    )
    parts = joined(
        *(
            joined(facts.figure(part["counts"][status]), Words(status_word(status).lower()))
            for status, number in facts.counts(part["counts"]).items()
            if number
        ),
        separator=", ",
    )
    return labelled_run(head, parts) if parts else head


def _chart_sentence(indicator: Mapping[str, Any], facts: FactReader, breaks: list[date]) -> Run:
    """Return in words what the chart shows, as the page of the indicator does."""
    course = sentence(
        _("%(title)s: %(value)s in %(period)s; target %(target)s."),
        title=plan_text(indicator["title"]),
        value=facts.figure(indicator["actual"]),
        period=Name(period(indicator["latest"])),
        target=target_run(indicator, facts),
    )
    forecast = indicator["forecast"]
    ahead = (
        sentence(
            _("Forecast for %(day)s: %(value)s."),
            day=dated(forecast["on"]),
            value=facts.figure(forecast["fact"]),
        )
        if forecast
        else ()
    )
    parted = (
        sentence(
            _("The series breaks on %(day)s: figures before and after do not compare."),
            day=dated(on.isoformat()),
        )
        for on in breaks
    )
    return joined(course, ahead, *parted)


def _breaks(indicator: Mapping[str, Any]) -> list[date]:
    """Return the breaks within what the chart shows: nothing lies before the first figure."""
    chart, start = indicator["chart"], indicator["baseline"]
    days = [date.fromisoformat(point["on"]) for point in chart["points"]]
    if start and start["on"]:
        days.append(date.fromisoformat(start["on"]))
    last = max([*days, *(date.fromisoformat(p["periodEnd"]) for p in chart["periods"])])
    breaks = [date.fromisoformat(one["on"]) for one in indicator["seriesBreaks"]]
    return [on for on in breaks if min(days) < on <= last]


def _forecast(indicator: Mapping[str, Any], facts: FactReader) -> marks.Point | None:
    forecast = indicator["forecast"]
    if forecast is None:
        return None
    return marks.Point(
        _at(forecast["on"]),
        facts.value(forecast["fact"]),
        facts.text(forecast["fact"], with_unit=False),
    )


def target_run(indicator: Mapping[str, Any], facts: FactReader, *, may_wrap: bool = False) -> Run:
    """Return what is to be reached, whatever the kind of indicator."""
    target = indicator["target"]
    if target is None:
        return (facts.figure(None),)
    if indicator["kind"] == TargetKind.RANGE:
        low = facts.figure(target["low"], with_unit=False)
        high = facts.figure(target["high"], may_wrap=may_wrap)
        return sentence(_("%(low)s to %(high)s"), low=low, high=high)
    return (facts.figure(target["fact"], may_wrap=may_wrap),)


def _at(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def _axis(values: list[Fraction]) -> list[marks.Tick]:
    steps = marks.axis_steps(values, steps=4)
    decimals = next(
        (n for n in range(MAX_AXIS_DECIMALS) if all((s * 10**n).denominator == 1 for s in steps)),
        MAX_AXIS_DECIMALS,
    )
    return [marks.Tick(step, format_quantity(step, decimals)) for step in steps]


def trajectory(
    indicator: Mapping[str, Any], facts: FactReader, *, title: Run, width_mm: float
) -> Picture | None:
    """Return the figures of an indicator against its trajectory; None without any to draw."""
    chart = indicator["chart"]
    if chart is None or indicator["actual"] is None or indicator["latest"] is None:
        return None
    points = [
        marks.Point(
            _at(point["on"]),
            facts.value(point["fact"]),
            facts.text(point["fact"], with_unit=False),
        )
        for point in chart["points"]
    ]
    expected = [marks.Point(_at(p["on"]), Fraction(p["value"])) for p in chart["expected"]]
    target, baseline, band = _references(indicator, facts)
    forecast, breaks = _forecast(indicator, facts), _breaks(indicator)
    drawn = [*points, *expected, *(point for point in (target, baseline, forecast) if point)]
    values = [Fraction(point.value) for point in drawn if point.value is not None]
    said = _chart_sentence(indicator, facts, breaks)
    svg = marks.trajectory(
        points,
        plain_text(said),
        expected=expected,
        target=target,
        baseline=baseline,
        # A figure of the last day before the break belongs to what came before.
        breaks=[marks.Tick(on.toordinal() - 1, _("Series break")) for on in breaks],
        forecast=forecast,
        band=band,
        x_ticks=[marks.Tick(_at(p["periodEnd"]), period(p)) for p in chart["periods"]],
        y_ticks=_axis([*values, *(band or ())]),
        width=CHART_WIDTH,
        height=CHART_HEIGHT,
    )
    return Picture(svg, said, width_mm, title)


def _references(
    indicator: Mapping[str, Any], facts: FactReader
) -> tuple[marks.Point | None, marks.Point | None, tuple[Fraction, Fraction] | None]:
    """Return target, baseline and band of a chart, each None when there is none."""
    goal, start = indicator["target"], indicator["baseline"]
    band = None
    target = None
    if goal and indicator["kind"] == TargetKind.RANGE:
        if goal["low"] and goal["high"]:
            band = (facts.value(goal["low"]), facts.value(goal["high"]))
    elif goal and goal["fact"]:
        shown = facts.text(goal["fact"], with_unit=False)
        target = marks.Point(_at(goal["dueOn"]), facts.value(goal["fact"]), shown)
    # A flow is counted from zero: its baseline is last year's amount and not on this line.
    is_on_line = indicator["accumulation"] != "flow"
    baseline = (
        marks.Point(_at(start["on"]), facts.value(start["fact"]))
        if start and start["on"] and is_on_line
        else None
    )
    return target, baseline, band
