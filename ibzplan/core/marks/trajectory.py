"""The course of an indicator: measured, expected, target, forecast."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ibzplan.core.marks.palette import (
    ACCENT,
    BAND_HIGH,
    BAR,
    FONT,
    INK,
    LINE,
    MUTED,
    QUIET_LINE,
    SURFACE,
)
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

_FONT_SIZE: Final = "11.5"
# Average width of a character at that size; used to reserve room, never to place a figure.
_CHARACTER_WIDTH: Final = Fraction(6)
_LINE_HEIGHT: Final = 12
_TOP: Final = 16
_BOTTOM: Final = 22
_RIGHT: Final = 14


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a moment. ``at`` is any number that grows with time, such as a date's ordinal.

    ``value`` None is a missing figure. ``label`` is the formatted value, shown where there is room.
    """

    at: Number
    value: Number | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis with its formatted label."""

    at: Number
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A point that has a place in the picture."""

    at: Fraction
    x: Fraction
    y: Fraction
    label: str


@dataclass(frozen=True, slots=True)
class _Box:
    """The room that a text takes."""

    left: Fraction
    right: Fraction
    baseline: Fraction

    def overlaps(self, other: "_Box") -> bool:
        apart = self.right < other.left or other.right < self.left
        return not apart and abs(self.baseline - other.baseline) < _LINE_HEIGHT


@dataclass(frozen=True, slots=True)
class _Frame:
    """The plot area and its two scales."""

    across: Scale
    upward: Scale
    width: int
    height: int

    def spots(self, points: Iterable[Point]) -> list[_Spot | None]:
        """The places of the points in order; None where the figure or the moment is missing."""
        return [self._spot(point) for point in points]

    def known_spots(self, points: Iterable[Point]) -> list[_Spot]:
        return [spot for spot in self.spots(points) if spot is not None]

    def _spot(self, point: Point) -> _Spot | None:
        at, value = exact(point.at), exact(point.value)
        if at is None or value is None:
            return None
        return _Spot(at, self.across(at), self.upward(value), point.label)


def _width_of(text: str) -> Fraction:
    return len(text) * _CHARACTER_WIDTH


def _text(class_: str, content: str, x: Fraction, y: Fraction, anchor: str = "middle") -> str:
    strong = class_ == "value-label"
    return element(
        "text",
        clean(content),
        class_=class_,
        x=x,
        y=y,
        fill=INK if strong else MUTED,
        font_family=FONT,
        font_size=_FONT_SIZE,
        font_weight="650" if strong else None,
        text_anchor=anchor,
    )


def _frame(
    points: Sequence[Point],
    levels: Iterable[Number],
    x_ticks: Sequence[Tick],
    y_ticks: Sequence[Tick],
    moments: Iterable[Number],
    size: tuple[int, int],
) -> _Frame:
    """Scales that hold every point, tick, level and moment, with room left for the labels."""
    width, height = size
    values = [exact(point.value) for point in points if exact(point.at) is not None]
    values += [exact(level) for level in [*levels, *(tick.at for tick in y_ticks)]]
    known_values = [value for value in values if value is not None]
    times = [exact(point.at) for point in points if exact(point.value) is not None]
    times += [exact(moment) for moment in [*moments, *(tick.at for tick in x_ticks)]]
    known_times = [time for time in times if time is not None]
    first_half = _width_of(x_ticks[0].label) / 2 if x_ticks else Fraction(0)
    last_half = _width_of(x_ticks[-1].label) / 2 if x_ticks else Fraction(0)
    widest = max((_width_of(tick.label) for tick in y_ticks), default=Fraction(0))
    # Very long labels may not squeeze the plot to nothing.
    left = min(max(widest + 8, first_half, Fraction(8)), Fraction(width, 3))
    right = min(max(Fraction(_RIGHT), last_half), Fraction(width, 4))
    return _Frame(
        across=Scale.over(known_times, left, width - right),
        upward=Scale.over(known_values, height - _BOTTOM, _TOP),
        width=width,
        height=height,
    )


def _grid(frame: _Frame, y_ticks: Sequence[Tick]) -> Iterator[str]:
    left = frame.across.start
    for tick in y_ticks:
        at = exact(tick.at)
        if at is None:
            continue
        y = frame.upward(at)
        yield element("line", class_="axis", x1=left, x2=frame.width, y1=y, y2=y, stroke=LINE)
        yield _text("tick-label", tick.label, left - 6, y + 4, "end")


def _moments(frame: _Frame, x_ticks: Sequence[Tick]) -> Iterator[str]:
    """Labels below the plot; one that would run into the label before it is left out."""
    free_from = Fraction(-frame.width)
    for tick in x_ticks:
        at = exact(tick.at)
        if at is None:
            continue
        x, half = frame.across(at), _width_of(tick.label) / 2
        if x - half >= free_from:
            yield _text("tick-label", tick.label, x, Fraction(frame.height - 5))
            free_from = x + half + 4


def _band(frame: _Frame, band: tuple[Number, Number] | None) -> Iterator[str]:
    """The area between the two ends of a range target."""
    ends = [exact(end) for end in band or ()]
    known = sorted(end for end in ends if end is not None)
    if len(known) == 2:
        top, bottom = frame.upward(known[1]), frame.upward(known[0])
        left = frame.across.start
        yield element(
            "rect",
            class_="band",
            x=left,
            y=top,
            width=frame.width - left,
            height=max(bottom - top, Fraction(1)),
            fill=BAND_HIGH,
        )


def _break_lines(frame: _Frame, breaks: Sequence[Tick]) -> Iterator[str]:
    """Where the series was redefined: figures on either side do not compare."""
    for tick in breaks:
        at = exact(tick.at)
        if at is None:
            continue
        x, bottom = frame.across(at), frame.upward.start
        ends: Attributes = {"x1": x, "x2": x, "y1": _TOP - 4, "y2": bottom}
        yield element("line", class_="break", stroke=QUIET_LINE, stroke_dasharray="2 2", **ends)
        if tick.label:
            near_end = x > Fraction(frame.width, 2)
            text_x = x - 3 if near_end else x + 3
            yield _text(
                "tick-label", tick.label, text_x, bottom - 4, "end" if near_end else "start"
            )


def _runs(spots: Sequence[_Spot | None], breaks: Sequence[Tick]) -> Iterator[list[_Spot]]:
    """Stretches to connect: a line is broken at a missing figure and at a break in the series."""
    cuts = [at for at in (exact(tick.at) for tick in breaks) if at is not None]
    run: list[_Spot] = []
    for spot in spots:
        crosses = bool(run and spot and any(run[-1].at < cut <= spot.at for cut in cuts))
        if run and (spot is None or crosses):
            yield run
            run = []
        if spot is not None:
            run.append(spot)
    if run:
        yield run


def _line(class_: str, spots: Sequence[_Spot], colour: str, width: str, dash: str | None) -> str:
    if len(spots) < 2:
        return ""
    return element(
        "path",
        class_=class_,
        d=polyline((spot.x, spot.y) for spot in spots),
        fill="none",
        stroke=colour,
        stroke_width=width,
        stroke_dasharray=dash,
        stroke_linejoin="round",
    )


def _dot(class_: str, spot: _Spot, fill: str, stroke: str, radius: str = "3.5") -> str:
    return element(
        "circle",
        class_=class_,
        cx=spot.x,
        cy=spot.y,
        r=radius,
        fill=fill,
        stroke=stroke,
        stroke_width="1.5" if stroke == SURFACE else "2",
    )


def _baseline_mark(spot: _Spot) -> str:
    """A small square: the start, which is not a measurement of the series."""
    return element(
        "rect",
        class_="dot-baseline",
        x=spot.x - 4,
        y=spot.y - 4,
        width=8,
        height=8,
        fill=SURFACE,
        stroke=BAR,
        stroke_width="1.75",
    )


def _value_labels(
    frame: _Frame, labelled: Sequence[_Spot], falling: Sequence[_Spot]
) -> Iterator[str]:
    """Values beside their points; one that would cover another moves below, or is left out.

    The order of ``labelled`` is the order of importance. At a ``falling`` point the line comes from
    above, so its label goes below if it can.
    """
    taken: list[_Box] = []
    for spot in labelled:
        if not spot.label:
            continue
        width = _width_of(spot.label)
        # To the left of the point, because the line rises or falls towards it; to the right of it
        # when it sits too close to the axis.
        to_left = spot.x - 6 - width >= frame.across.start
        left = spot.x - 6 - width if to_left else spot.x + 6
        above, below = spot.y - 6, spot.y + 14
        for baseline in (below, above) if spot in falling else (above, below):
            box = _Box(left, left + width, baseline)
            inside = _LINE_HEIGHT - 2 <= baseline <= frame.upward.start
            if inside and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                x = spot.x - 6 if to_left else spot.x + 6
                yield _text("value-label", spot.label, x, baseline, "end" if to_left else "start")
                break


def trajectory(
    measured: Sequence[Point],
    label: str,
    *,
    expected: Sequence[Point] = (),
    target: Point | None = None,
    baseline: Point | None = None,
    breaks: Sequence[Tick] = (),
    forecast: Sequence[Point] = (),
    band: tuple[Number, Number] | None = None,
    x_ticks: Sequence[Tick] = (),
    y_ticks: Sequence[Tick] = (),
    width: int = 300,
    height: int = 172,
) -> str:
    """Measured values as a line with dots, against the expected line and the target.

    ``measured``, ``expected`` and ``forecast`` are in order of time; a value None interrupts the
    line, and so does a break in the series. ``band`` is the range of a range target. The labels of
    the target, the last measurement, the last forecast and the baseline are written in the plot
    where they fit. The page beside it must offer the same figures as a table.
    """
    single = [point for point in (target, baseline) if point is not None]
    frame = _frame(
        [*measured, *expected, *forecast, *single],
        band or (),
        x_ticks,
        y_ticks,
        [tick.at for tick in breaks],
        (width, height),
    )
    course = frame.spots(measured)
    known = [spot for spot in course if spot is not None]
    falling = known[-1:] if len(known) > 1 and known[-2].y < known[-1].y else []
    outlook = frame.known_spots(forecast)
    goal = frame.known_spots([target] if target else [])
    start = frame.known_spots([baseline] if baseline else [])

    parts = [
        *_band(frame, band),
        *_grid(frame, y_ticks),
        *_moments(frame, x_ticks),
        *_break_lines(frame, breaks),
        *(
            _line("line-expected", run, ACCENT, "1.5", "5 4")
            for run in _runs(frame.spots(expected), ())
        ),
        _line("line-forecast", [*known[-1:], *outlook], MUTED, "1.5", "1 3"),
        *(_line("line-measured", run, BAR, "2.25", None) for run in _runs(course, breaks)),
        *(_dot("dot-measured", spot, BAR, SURFACE) for spot in known),
        *(_dot("dot-forecast", spot, SURFACE, MUTED, "3") for spot in outlook),
        *map(_baseline_mark, start),
        *(_dot("dot-target", spot, "none", ACCENT, "4.5") for spot in goal),
        *_value_labels(frame, [*known[-1:], *goal, *outlook[-1:], *start], falling),
    ]
    return picture("trajectory", label, parts, width=width, height=height)
