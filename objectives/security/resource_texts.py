"""How the figures of chapter 3 are said and drawn."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core import marks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.numbers import format_quantity
from objectives.security.selectors.resources import TrackedFigure


def bare_text(figure: TrackedFigure, value: Decimal) -> str:
    """Return a value without its unit: '13 879', '47,97', of a ratio both parts: '85/15'."""
    shown = format_quantity(_short(value))
    most = figure.printed.most
    if figure.printed.of is None or most is None:
        return shown
    return f"{shown}/{format_quantity(_short(most - value))}"


def value_text(figure: TrackedFigure, value: Decimal) -> str:
    """Return a value with its unit in the language of the page."""
    unit = figure.element.attributes.get("unit")
    named = str(LocalisedText.from_json(unit if isinstance(unit, Mapping) else None))
    return f"{bare_text(figure, value)} {named}".strip()


def course_sentence(figure: TrackedFigure) -> str:
    """Return in words what the drawing shows, for whoever cannot see it."""
    said = [_printed_sentence(figure)]
    if figure.latest is not None and figure.latest.value is not None:
        said.append(
            _("Latest value, %(day)s: %(value)s.")
            % {
                "day": date_format(figure.latest.on, "SHORT_DATE_FORMAT"),
                "value": value_text(figure, figure.latest.value),
            }
        )
    else:
        said.append(_("No later value was recorded yet."))
    target = figure.target
    if target is not None and target.due_on is not None:
        said.append(
            _("Target by %(day)s: %(value)s.")
            % {
                "day": date_format(target.due_on, "SHORT_DATE_FORMAT"),
                "value": value_text(figure, target.value),
            }
        )
    elif target is not None and target.row is not None:
        said.append(
            _("Target: %(value)s, without a day.") % {"value": value_text(figure, target.value)}
        )
    return " ".join(said)


def figure_chart(figure: TrackedFigure, *, width: int = 880, height: int = 220) -> str:
    """Return the SVG: the printed figure where it has a day or year, what came later, the target.

    A target without a day is a level line over the time that is drawn. '' where there is one point
    alone.
    """
    points = _points(figure)
    target = figure.target
    dated = None
    if target is not None and target.due_on is not None:
        shown = bare_text(figure, target.value)
        dated = marks.Point(target.due_on.toordinal(), Fraction(target.value), shown)
    if not points or (len(points) == 1 and target is None):
        return ""
    goal = Fraction(target.value) if target is not None else None
    level = (
        [marks.Point(point.at, goal) for point in (points[0], points[-1])]
        if goal is not None and dated is None
        else []
    )
    steps = marks.axis_steps([*(point.value for point in points), goal])
    return marks.trajectory(
        points,
        course_sentence(figure),
        target=dated,
        expected=level,
        x_ticks=_ticks(figure),
        y_ticks=[marks.Tick(step, format_quantity(_tick(step))) for step in steps],
        width=width,
        height=height,
    )


def _printed_sentence(figure: TrackedFigure) -> str:
    printed = figure.printed
    values = {"title": figure.element.title, "value": value_text(figure, printed.value)}
    if printed.on is not None:
        day = date_format(printed.on, "SHORT_DATE_FORMAT")
        return _("%(title)s: %(value)s on %(day)s, as printed.") % {**values, "day": day}
    if printed.year is not None:
        return _("%(title)s: %(value)s in %(year)s, as printed.") % {
            **values,
            "year": printed.year,
        }
    if printed.is_target:
        return _("%(title)s: %(value)s, printed as a target without a day.") % values
    return _("%(title)s: %(value)s, printed without a day.") % values


def _points(figure: TrackedFigure) -> list[marks.Point]:
    """Return the printed figure where it has a place in time, then what was recorded."""
    found = {row.on: row.value for row in figure.values if row.value is not None}
    begins_on = figure.printed.begins_on
    if begins_on is not None and not figure.printed.is_target:
        found.setdefault(begins_on, figure.printed.value)
    return [
        marks.Point(day.toordinal(), Fraction(value), bare_text(figure, value))
        for day, value in sorted(found.items())
    ]


def _ticks(figure: TrackedFigure) -> list[marks.Tick]:
    days = {row.on: date_format(row.on, "SHORT_DATE_FORMAT") for row in figure.values}
    printed = figure.printed
    if printed.begins_on is not None and not printed.is_target:
        named = date_format(printed.on, "SHORT_DATE_FORMAT") if printed.on else str(printed.year)
        days.setdefault(printed.begins_on, named)
    target = figure.target
    if target is not None and target.due_on is not None:
        days.setdefault(target.due_on, date_format(target.due_on, "SHORT_DATE_FORMAT"))
    return [marks.Tick(day.toordinal(), label) for day, label in sorted(days.items())]


def _short(value: Decimal) -> Decimal:
    """Return the number without zeros behind its decimals."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def _tick(step: Fraction) -> Decimal:
    return _short(Decimal(step.numerator) / Decimal(step.denominator))
