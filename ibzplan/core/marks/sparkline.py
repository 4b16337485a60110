"""A line of a few past values, the size of a word."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from ibzplan.core.marks.breaks import cuts_of, parted
from ibzplan.core.marks.palette import BAR, MUTED, QUIET_LINE, SURFACE, colours_of
from ibzplan.core.marks.svg import (
    Attributes,
    Number,
    Scale,
    coordinate,
    element,
    exact,
    picture,
    polyline,
)

_MARGIN: Final = 4

Position = tuple[Fraction, Fraction]


def _runs(
    positions: Sequence[Position | None], cuts: Sequence[Fraction]
) -> Iterator[list[Position]]:
    """Stretches without a missing value: a line must not pretend to know what was not measured.

    Nor may it join figures on either side of a break in the series.
    """
    run: list[Position] = []
    for index, position in enumerate(positions):
        if run and (position is None or parted(cuts, Fraction(index - 1), Fraction(index))):
            yield run
            run = []
        if position is not None:
            run.append(position)
    if run:
        yield run


def _break_lines(cuts: Sequence[Fraction], count: int, width: int, height: int) -> Iterator[str]:
    """A hairline at every break; one that lies beyond the points stands at the edge."""
    across = Scale(Fraction(0), Fraction(count - 1), Fraction(_MARGIN), Fraction(width - _MARGIN))
    for cut in cuts:
        x = Fraction(1) if cut < 0 else Fraction(width - 1)
        if 0 <= cut < count - 1:
            x = across(cut)
        ends: Attributes = {"x1": x, "x2": x, "y1": 1, "y2": height - 1}
        yield element("line", class_="spark-break", stroke=QUIET_LINE, **ends)


def sparkline(
    points: Sequence[Number | None],
    label: str,
    *,
    reference: Number | None = None,
    end_status: str | None = None,
    breaks: Sequence[Number] = (),
    span: tuple[Number, Number] | None = None,
    width: int = 64,
    height: int = 24,
) -> str:
    """The course of ``points`` at equal distances, oldest first; None is a missing value.

    ``span`` is a least and greatest value that the picture must hold: give lines below each other
    the same one, so that a small change does not look as large as a great one. ``reference``
    draws a level line (0 for deviations), ``end_status`` colours the last point. One point gives a
    dot, none gives the reference line alone. ``breaks`` are the places where the series was
    redefined, counted as the points are from 0 (1.5: between the second and the third); the line
    stops there, and a point exactly on a break belongs to the part before it.
    """
    values = [exact(point) for point in points]
    level = exact(reference)
    ends = [exact(end) for end in span or ()]
    known = [value for value in [*values, level, *ends] if value is not None]
    across = Scale(
        Fraction(0), Fraction(max(len(values) - 1, 0)), Fraction(_MARGIN), Fraction(width - _MARGIN)
    )
    upward = Scale.over(known, height - _MARGIN, _MARGIN)
    positions = [
        None if value is None else (across(Fraction(index)), upward(value))
        for index, value in enumerate(values)
    ]
    parts: list[str] = []
    if level is not None:
        y = upward(level)
        line: Attributes = {"x1": 0, "x2": width, "y1": y, "y2": y}
        parts.append(element("line", class_="spark-reference", stroke=QUIET_LINE, **line))
    cuts = cuts_of(breaks)
    if values:
        parts += _break_lines(cuts, len(values), width, height)
    for run in _runs(positions, cuts):
        if len(run) == 1:
            x, y = run[0]
            parts.append(element("circle", class_="spark-dot", cx=x, cy=y, r="1.5", fill=MUTED))
        else:
            stroke: Attributes = {"fill": "none", "stroke": MUTED, "stroke_width": "1.5"}
            parts.append(element("path", class_="spark-line", d=polyline(run), **stroke))
    last = next((position for position in reversed(positions) if position is not None), None)
    if last is not None:
        fill = colours_of(end_status).fill if end_status else BAR
        class_ = f"spark-end fill-{end_status}" if end_status else "spark-end"
        dot: Attributes = {"r": "3.4", "fill": fill, "stroke": SURFACE, "stroke_width": "1.5"}
        parts.append(
            element("circle", class_=class_, cx=coordinate(last[0]), cy=coordinate(last[1]), **dot)
        )
    return picture("spark", label, parts, width=width, height=height)
