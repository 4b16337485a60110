"""How staffing is said and drawn."""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core import marks
from ibzplan.core.numbers import format_quantity
from personnel.choices import FlowPeriod, StaffKind, StaffMeasure
from personnel.models import StaffingFlow, StaffingLine
from personnel.staffing import SeriesDay
from personnel.staffing.amounts import people, people_text
from personnel.staffing.flows import MONTHS_OF
from personnel.staffing.history import StaffingChange


def period_label(flow: StaffingFlow) -> str:
    """Return '2025', 'S1 2025', 'T3 2025' or 'September 2025'."""
    first = flow.starts_on
    if flow.resolution == FlowPeriod.YEAR:
        return str(first.year)
    if flow.resolution == FlowPeriod.MONTH:
        return f"{MONTHS[first.month]} {first.year}"
    number = (first.month - 1) // MONTHS_OF[flow.resolution] + 1
    return f"{flow.resolution}{number} {first.year}"


def change_words(change: StaffingChange) -> str:
    """Return what one entry of the history did: which number, from what to what."""
    of = change.figure or change.flow
    if of is None:
        return ""
    when = (
        date_format(change.figure.on, "SHORT_DATE_FORMAT") if change.figure else period_label(of)  # type: ignore[arg-type]
    )
    which = (
        f"{of.get_statute_display()}, {of.get_measure_display()}, {of.get_kind_display()}, {when}"
    )
    if change.entry.action == "withdrawn":
        return _("%(which)s: withdrawn") % {"which": which}
    labels = {
        "amount": "%(number)s",
        "inflow": _("inflow %(number)s"),
        "outflow": _("outflow %(number)s"),
    }
    moves = [
        label % {"number": _moved(of.measure, *change.entry.changes[name])}
        for name, label in labels.items()
        if name in change.entry.changes
    ]
    return _("%(which)s: %(numbers)s") % {"which": which, "numbers": ", ".join(moves)}


def _moved(measure: str, old: int | None, new: int) -> str:
    """Return '1 951,7 → 1 950,0', or the new number alone."""
    after = people_text(measure, new)
    return after if old is None else f"{people_text(measure, old)} → {after}"


def series_sentence(line: StaffingLine, measure: str, days: Sequence[SeriesDay]) -> str:
    """Return in words what the chart shows, for whoever cannot see it."""
    said = [
        (_("%(day)s: %(number)s planned") if day.kind == StaffKind.PLAN else "%(day)s: %(number)s")
        % {"day": date_format(day.on, "SHORT_DATE_FORMAT"), "number": _number(measure, day)}
        for day in _drawn(days)
    ]
    return _("%(title)s, %(measure)s. %(figures)s.") % {
        "title": line.title,
        "measure": StaffMeasure(measure).label,
        "figures": "; ".join(said),
    }


def series_chart(
    line: StaffingLine,
    measure: str,
    days: Sequence[SeriesDay],
    *,
    width: int = 880,
    height: int = 220,
) -> str:
    """Return the SVG of who was there (line) and who is planned (dashed); '' without figures."""
    drawn = _drawn(days)
    if not drawn:
        return ""
    present = [_point(measure, day) for day in drawn if day.kind == StaffKind.ACTUAL]
    planned = [_point(measure, day) for day in drawn if day.kind == StaffKind.PLAN]
    steps = marks.axis_steps(point.value for point in (*present, *planned))
    return marks.trajectory(
        present,
        series_sentence(line, measure, days),
        expected=planned,
        target=planned[-1] if planned else None,
        x_ticks=[
            marks.Tick(on.toordinal(), date_format(on, "SHORT_DATE_FORMAT"))
            for on in sorted({day.on for day in drawn})
        ],
        y_ticks=[marks.Tick(step, format_quantity(step)) for step in steps],
        width=width,
        height=height,
    )


def _drawn(days: Sequence[SeriesDay]) -> list[SeriesDay]:
    return [day for day in days if day.total.amount is not None and not day.is_partial]


def _point(measure: str, day: SeriesDay) -> marks.Point:
    value = Fraction(people(measure, day.total.amount or 0))
    return marks.Point(day.on.toordinal(), value, _number(measure, day))


def _number(measure: str, day: SeriesDay) -> str:
    return people_text(measure, day.total.amount or 0)
