"""The pictures of a report: the same marks as on the pages, drawn from the snapshot."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _

from ibzplan.core import marks
from ibzplan.core.numbers import format_quantity
from objectives.indicators.choices import Status, TargetKind
from objectives.indicators.templatetags.status import counts_sentence
from reporting.render.wording import FactReader, period, plain

BAR_WIDTH: Final = 480
CHART_WIDTH: Final = 330
CHART_HEIGHT: Final = 165
# More tick labels than this do not fit below a small chart.
MAX_AXIS_DECIMALS: Final = 4

Picture = dict[str, str]


def status_marks() -> dict[str, str]:
    """Return the mark of each status; the word always stands beside it."""
    return {status: marks.status_mark(status, "") for status in Status.values}


def distribution(counts: Mapping[str, int], *, width: int = BAR_WIDTH, height: int = 24) -> Picture:
    """Return the stacked bar of a distribution."""
    label = counts_sentence(counts)
    svg = marks.stacked_bar(counts, label, width=width, height=height, fluid=False)
    return {"svg": svg, "alt": label}


def _chart_sentence(indicator: Mapping[str, Any], facts: FactReader) -> str:
    return _("%(title)s: %(value)s in %(period)s; target %(target)s.") % {
        "title": plain(indicator["title"]),
        "value": facts.text(indicator["actual"]),
        "period": period(indicator["latest"]),
        "target": target_text(indicator, facts),
    }


def target_text(indicator: Mapping[str, Any], facts: FactReader) -> str:
    """Return what is to be reached, whatever the kind of indicator."""
    target = indicator["target"]
    if target is None:
        return facts.text(None)
    if indicator["kind"] == TargetKind.RANGE:
        low, high = facts.text(target["low"], with_unit=False), facts.text(target["high"])
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    return facts.text(target["fact"])


def _at(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def _axis(values: list[Fraction]) -> list[marks.Tick]:
    steps = marks.axis_steps(values, steps=4)
    decimals = next(
        (n for n in range(MAX_AXIS_DECIMALS) if all((s * 10**n).denominator == 1 for s in steps)),
        MAX_AXIS_DECIMALS,
    )
    return [marks.Tick(step, format_quantity(step, decimals)) for step in steps]


def trajectory(indicator: Mapping[str, Any], facts: FactReader) -> Picture | None:
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
    drawn = [*points, *expected, *(point for point in (target, baseline) if point)]
    values = [Fraction(point.value) for point in drawn if point.value is not None]
    label = _chart_sentence(indicator, facts)
    svg = marks.trajectory(
        points,
        label,
        expected=expected,
        target=target,
        baseline=baseline,
        band=band,
        x_ticks=[marks.Tick(_at(p["periodEnd"]), period(p)) for p in chart["periods"]],
        y_ticks=_axis([*values, *(band or ())]),
        width=CHART_WIDTH,
        height=CHART_HEIGHT,
    )
    return {"svg": svg, "alt": label}


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
