"""The course of a year: activities as bars, milestones on them, the day that one looks from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ibzplan.core.marks.lettering import fitting, lettering, width_of
from ibzplan.core.marks.palette import ACCENT, BAND_MIDDLE, LINE, MUTED, QUIET_LINE, SURFACE
from ibzplan.core.marks.status import status_shape
from ibzplan.core.marks.svg import (
    Attributes,
    Number,
    Scale,
    clean,
    element,
    exact,
    picture,
    polyline,
)
from ibzplan.core.marks.trajectory import Tick

_TOP: Final = 20
_BOTTOM: Final = 22
_SIDE: Final = 10
_ROW: Final = 40
_BAR: Final = 10
_MARK: Final = 14
_HALF: Final = Fraction(_MARK, 2)


@dataclass(frozen=True, slots=True)
class Stop:
    """A milestone: ``status`` gives shape and colour, ``at`` is where it stands.

    ``due`` is the day agreed, when that is another one; ``forecast`` where it is expected instead.
    ``label`` says all of it in words.
    """

    at: Number
    status: str
    label: str
    due: Number | None = None
    forecast: Number | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """An activity from its first to its last day, with its milestones.

    An end that is None lies outside the picture. ``detail`` says the days in words.
    """

    start: Number | None
    end: Number | None
    label: str
    detail: str = ""
    stops: tuple[Stop, ...] = ()


def _clipped(value: Number | None, low: Fraction, high: Fraction, absent: Fraction) -> Fraction:
    known = exact(value)
    return absent if known is None else max(low, min(high, known))


def _title(text: str) -> str:
    return element("title", clean(text)) if text.strip() else ""


def _months(across: Scale, ticks: Sequence[Tick], height: Fraction) -> Iterator[str]:
    """Upright lines at the ticks; a label that would run into the one before it is left out."""
    free_from = Fraction(-1)
    for tick in ticks:
        at = exact(tick.at)
        if at is None or not across.low <= at <= across.high:
            continue
        x = across(at)
        ends: Attributes = {"x1": x, "x2": x, "y1": _TOP - 4, "y2": height - _BOTTOM}
        yield element("line", class_="axis", stroke=LINE, **ends)
        if tick.label and x >= free_from and x + width_of(tick.label) <= across.end + _SIDE:
            yield lettering("tick-label", tick.label, x + 2, height - 6, "start")
            free_from = x + width_of(tick.label) + 8


def _today(across: Scale, reference: Tick | None, height: Fraction) -> Iterator[str]:
    """The line of the reference date, with its label above the rows."""
    at = exact(reference.at) if reference else None
    if reference is None or at is None or not across.low <= at <= across.high:
        return
    x = across(at)
    ends: Attributes = {"x1": x, "x2": x, "y1": _TOP - 5, "y2": height - _BOTTOM}
    yield element("line", class_="reference-line", stroke=ACCENT, stroke_width="1.75", **ends)
    half = width_of(reference.label) / 2
    middle = max(half, min(across.end + _SIDE - half, x))
    yield lettering("reference-label", reference.label, middle, Fraction(_TOP - 8))


def _mark(status: str, x: Fraction, y: Fraction, label: str) -> str:
    """The shape of a status around a place."""
    place = f"translate({float(x - _HALF):.2f} {float(y - _HALF):.2f}) scale({_MARK / 16:g})"
    halo = element("circle", class_="stop-halo", cx=8, cy=8, r=9, fill=SURFACE)
    return element("g", _title(label), halo, *status_shape(status), class_="stop", transform=place)


def _diamond(x: Fraction, y: Fraction) -> str:
    """Hollow, as the forecast of a trajectory: expected, not done."""
    outline = polyline([(x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)])
    attributes = {"fill": SURFACE, "stroke": MUTED, "stroke_width": "1.75"}
    return element("path", class_="dot-forecast", d=f"{outline}Z", **attributes)


def _stop(stop: Stop, across: Scale, y: Fraction) -> Iterator[str]:
    """The mark with, dotted, the way to it from the day agreed or from it to the forecast."""
    low, high = across.low, across.high
    at = exact(stop.at)
    if at is None:
        return
    x = across(_clipped(at, low, high, low))
    other = exact(stop.forecast if stop.forecast is not None else stop.due)
    if other is not None and other != at:
        there = across(_clipped(other, low, high, low))
        ends = {"x1": x, "x2": there, "y1": y, "y2": y}
        dotted = {"stroke": MUTED, "stroke_width": "1.75", "stroke_dasharray": "0.1 4"}
        yield element("line", class_="line-forecast", stroke_linecap="round", **dotted, **ends)
        if stop.forecast is not None:
            yield _diamond(there, y)
        else:
            edge = {"x1": there, "x2": there, "y1": y - 6, "y2": y + 6}
            yield element("line", class_="due-edge", stroke=QUIET_LINE, stroke_width="2", **edge)
    yield _mark(stop.status, x, y, stop.label)


def _row(row: Stretch, across: Scale, top: Fraction) -> Iterator[str]:
    low, high = across.low, across.high
    start, end = _clipped(row.start, low, high, low), _clipped(row.end, low, high, high)
    left, right = across(min(start, end)), across(max(start, end))
    middle = top + 26
    room = int(across.end - across.start)
    name = fitting(row.label, room)
    at = min(left, max(across.start, across.end - width_of(name)))
    yield lettering("stretch-label", name, at, top + 14, "start")
    bar = element(
        "rect",
        _title(f"{row.label} {row.detail}".strip()),
        class_="stretch",
        x=left,
        y=middle - Fraction(_BAR, 2),
        width=max(right - left, Fraction(3)),
        height=_BAR,
        rx=3,
        fill=BAND_MIDDLE,
        stroke=QUIET_LINE,
        stroke_width="1",
    )
    yield bar
    for stop in row.stops:
        yield from _stop(stop, across, middle)


def timeline(
    rows: Sequence[Stretch],
    label: str,
    *,
    first: Number,
    last: Number,
    reference: Tick | None = None,
    ticks: Sequence[Tick] = (),
    width: int = 720,
) -> str:
    """Activities below each other between two moments, their milestones as marks on the bars.

    ``first`` and ``last`` are the ends of the scale, in any number that grows with time, such as a
    date's ordinal; what lies outside is drawn at the edge. A milestone done on another day than
    agreed is joined by dots to an upright line on the day agreed; one expected on another day, to a
    hollow diamond on that day. The page beside it must list the same in words.
    """
    height = Fraction(_TOP + _ROW * len(rows) + _BOTTOM)
    ends = [value for value in (exact(first), exact(last)) if value is not None]
    across = Scale.over(ends, _SIDE, width - _SIDE)
    parts = [
        *_months(across, ticks, height),
        *_today(across, reference, height),
        *(
            part
            for number, row in enumerate(rows)
            for part in _row(row, across, Fraction(_TOP + _ROW * number))
        ),
    ]
    return picture("timeline", label, parts, width=width, height=height)
