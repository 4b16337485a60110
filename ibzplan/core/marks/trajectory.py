"""The course of an indicator: measured, expected, target, forecast."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from ibzplan.core.marks.breaks import ROW_HEIGHT, Flag, break_lines, flags_of, parted
from ibzplan.core.marks.lettering import Segment, lettering, width_of
from ibzplan.core.marks.palette import ACCENT, BAND_HIGH, BAR, LINE, MUTED, SURFACE
from ibzplan.core.marks.svg import Number, Scale, element, exact, picture, polyline
from ibzplan.core.marks.value_labels import (
    ABOVE_FIRST,
    BELOW_FIRST,
    Plot,
    ValueLabel,
    value_labels,
)

_TOP: Final = 16
_BOTTOM: Final = 22
_RIGHT: Final = 14
_DOTTED: Final = "0.1 4"


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
    """A point that has a place in the picture: exact up to here, a coordinate from here on."""

    at: Fraction
    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """The plot area and its two scales."""

    across: Scale
    upward: Scale
    width: int
    height: int
    flags: Sequence[Flag]

    def spots(self, points: Iterable[Point]) -> list[_Spot | None]:
        """The places of the points in order; None where the figure or the moment is missing."""
        return [self._spot(point) for point in points]

    def known_spots(self, points: Iterable[Point]) -> list[_Spot]:
        return [spot for spot in self.spots(points) if spot is not None]

    def _spot(self, point: Point) -> _Spot | None:
        at, value = exact(point.at), exact(point.value)
        if at is None or value is None:
            return None
        return _Spot(at, float(self.across(at)), float(self.upward(value)), point.label)


def _margins(
    x_ticks: Sequence[Tick], y_ticks: Sequence[Tick], end_label: str, width: int
) -> tuple[Fraction, Fraction]:
    """The room left and right of the plot for the labels of the ticks and of the last point."""
    first_half = width_of(x_ticks[0].label) / 2 if x_ticks else Fraction(0)
    last_half = width_of(x_ticks[-1].label) / 2 if x_ticks else Fraction(0)
    widest = max((width_of(tick.label) for tick in y_ticks), default=Fraction(0))
    # Very long labels may not squeeze the plot to nothing.
    most_left, most_right = Fraction(width, 3), Fraction(width, 4)
    left = min(max(widest + 8, first_half, Fraction(8)), most_left)
    right = min(max(Fraction(_RIGHT), last_half), most_right)
    beside = width_of(end_label) + 10 if end_label else Fraction(0)
    return left, max(right, beside) if beside <= Fraction(3 * width, 10) else right


def _frame(
    points: Iterable[Point],
    breaks: Mapping[Fraction, str],
    x_ticks: Sequence[Tick],
    y_ticks: Sequence[Tick],
    levels: Iterable[Number],
    end_label: str,
    size: tuple[int, int],
) -> _Frame:
    """Scales that hold every point, break, tick and level, with room left for the labels.

    ``end_label`` is to stand right of the last point.
    """
    width, height = size
    drawn = [(exact(point.at), exact(point.value)) for point in points]
    known = [(at, value) for at, value in drawn if at is not None and value is not None]
    ticks = [at for tick in x_ticks if (at := exact(tick.at)) is not None]
    extra = [exact(level) for level in [*levels, *(tick.at for tick in y_ticks)]]
    left, right = _margins(x_ticks, y_ticks, end_label, width)
    across = Scale.over([*(at for at, _ in known), *breaks, *ticks], left, width - right)
    flags = flags_of(
        {across(at): label for at, label in breaks.items()}, width=width, height=height
    )
    rows = max((flag.row + 1 for flag in flags), default=0)
    upward = Scale.over(
        [*(value for _, value in known), *(level for level in extra if level is not None)],
        height - _BOTTOM,
        _TOP + rows * ROW_HEIGHT,
    )
    return _Frame(across, upward, width, height, flags)


def _grid(frame: _Frame, y_ticks: Sequence[Tick]) -> Iterator[str]:
    left = frame.across.start
    for tick in y_ticks:
        at = exact(tick.at)
        if at is None:
            continue
        y = frame.upward(at)
        yield element("line", class_="axis", x1=left, x2=frame.width, y1=y, y2=y, stroke=LINE)
        yield lettering("tick-label", tick.label, left - 6, y + 4, "end")


def _moments(frame: _Frame, x_ticks: Sequence[Tick]) -> Iterator[str]:
    """Labels below the plot; one that would run into the label before it is left out."""
    free_from = Fraction(-frame.width)
    for tick in x_ticks:
        at = exact(tick.at)
        if at is None:
            continue
        x, half = frame.across(at), width_of(tick.label) / 2
        if x - half >= free_from:
            yield lettering("tick-label", tick.label, x, Fraction(frame.height - 5))
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


def _runs(spots: Sequence[_Spot | None], cuts: Sequence[Fraction] = ()) -> Iterator[list[_Spot]]:
    """Stretches to connect: a line is broken at a missing figure and at a break in the series."""
    run: list[_Spot] = []
    for spot in spots:
        if run and (spot is None or parted(cuts, run[-1].at, spot.at)):
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
        # A dash of almost no length with a round end is a dot.
        stroke_linecap="round" if dash == _DOTTED else None,
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


def _forecast_mark(spot: _Spot) -> str:
    """A hollow diamond: what is forecast was not measured (a dot) and is no target (a ring)."""
    x, y = spot.x, spot.y
    outline = polyline([(x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)])
    return element(
        "path",
        class_="dot-forecast",
        d=f"{outline}Z",
        fill=SURFACE,
        stroke=MUTED,
        stroke_width="1.75",
        stroke_linejoin="round",
    )


def _outlook(
    known: Sequence[_Spot], forecast: Sequence[_Spot], cuts: Sequence[Fraction]
) -> Sequence[_Spot]:
    """From the last measurement to the forecast, unless a break parts the two."""
    ahead = [
        spot
        for spot in forecast
        if known and known[-1].at < spot.at and not parted(cuts, known[-1].at, spot.at)
    ]
    return [*known[-1:], *ahead]


def _segments(runs: Iterable[Sequence[_Spot]]) -> Iterator[Segment]:
    """The straight pieces of the lines through the points."""
    for run in runs:
        for earlier, later in pairwise(run):
            yield (earlier.x, earlier.y), (later.x, later.y)


def _break_labels(breaks: Sequence[Tick]) -> dict[Fraction, str]:
    """The label of each moment at which the series breaks, in order of time."""
    labels: dict[Fraction, str] = {}
    for tick in breaks:
        at = exact(tick.at)
        if at is not None:
            labels[at] = labels.get(at) or tick.label
    return dict(sorted(labels.items()))


def _value_label(course: Sequence[_Spot], class_: str, *first: str) -> ValueLabel:
    """The label of a course's last point: below it where the line comes from above."""
    last = course[-1]
    is_falling = len(course) > 1 and course[-2].y < last.y
    places = (*first, *(BELOW_FIRST if is_falling else ABOVE_FIRST))
    return ValueLabel(last.x, last.y, last.label, class_, places)


def _written(
    past: Sequence[Sequence[_Spot]],
    outlook: Sequence[_Spot],
    *,
    goal: Iterable[_Spot],
    ahead: Iterable[_Spot],
    start: Iterable[_Spot],
) -> list[ValueLabel]:
    """The labels to write, the most important first: the later ones give way."""
    return [
        *(_value_label(run, "value-label") for run in past[-1:]),
        *(_value_label([spot], "value-label") for spot in goal),
        # Left of a forecast run the lines towards it and towards the target.
        *(_value_label([*outlook[:-1], spot], "forecast-label", "right") for spot in ahead),
        *(_value_label([spot], "value-label") for spot in start),
    ]


def _lines(
    plan: Iterable[Sequence[_Spot]], outlook: Sequence[_Spot], past: Iterable[Sequence[_Spot]]
) -> Iterator[str]:
    """The lines, what was measured above the rest."""
    for run in plan:
        yield _line("line-expected", run, ACCENT, "1.5", "5 4")
    yield _line("line-forecast", outlook, MUTED, "1.75", _DOTTED)
    for run in past:
        yield _line("line-measured", run, BAR, "2.25", None)


def _marks(
    known: Iterable[_Spot], ahead: Iterable[_Spot], start: Iterable[_Spot], goal: Iterable[_Spot]
) -> Iterator[str]:
    """The marks on the lines: measured, forecast, baseline, target."""
    for spot in known:
        yield _dot("dot-measured", spot, BAR, SURFACE)
    yield from map(_forecast_mark, ahead)
    yield from map(_baseline_mark, start)
    for spot in goal:
        yield _dot("dot-target", spot, "none", ACCENT, "4.5")


def trajectory(
    measured: Sequence[Point],
    label: str,
    *,
    expected: Sequence[Point] = (),
    target: Point | None = None,
    baseline: Point | None = None,
    breaks: Sequence[Tick] = (),
    forecast: Point | None = None,
    band: tuple[Number, Number] | None = None,
    x_ticks: Sequence[Tick] = (),
    y_ticks: Sequence[Tick] = (),
    width: int = 300,
    height: int = 172,
) -> str:
    """Measured values as a line with dots, against the expected line and the target.

    ``measured`` and ``expected`` are in order of time; a value None interrupts the line.
    ``breaks`` are the moments at which the series was redefined: an upright line with its label
    above the plot, and neither the measured line nor the one to the forecast crosses it. A point
    exactly on a break belongs to the part before it. The expected line is a plan, not a
    measurement, and runs on. ``forecast`` is joined to the last measurement by dots. ``band`` is
    the range of a range target. The labels of the last measurement, the target, the forecast and
    the baseline are written in the plot where they fit. The page beside it must offer the same
    figures as a table.
    """
    single = [point for point in (target, baseline, forecast) if point is not None]
    labels = _break_labels(breaks)
    cuts = list(labels)
    frame = _frame(
        [*measured, *expected, *single],
        labels,
        x_ticks,
        y_ticks,
        band or (),
        forecast.label if forecast and forecast.value is not None else "",
        (width, height),
    )
    uprights = [frame.across(cut) for cut in cuts]
    course = frame.spots(measured)
    known = [spot for spot in course if spot is not None]
    ahead = frame.known_spots([forecast] if forecast else [])
    goal = frame.known_spots([target] if target else [])
    start = frame.known_spots([baseline] if baseline else [])
    past, plan = list(_runs(course, cuts)), list(_runs(frame.spots(expected)))
    outlook = _outlook(known, ahead, cuts)
    written = _written(past, outlook, goal=goal, ahead=ahead, start=start)
    lines = list(_segments([*past, *plan, outlook]))
    plot = Plot(
        float(frame.across.start), width, float(frame.upward.end), float(frame.upward.start)
    )

    parts = [
        *_band(frame, band),
        *_grid(frame, y_ticks),
        *_moments(frame, x_ticks),
        *break_lines(uprights, frame.flags, top=frame.upward.end, bottom=frame.upward.start),
        *_lines(plan, outlook, past),
        *_marks(known, ahead, start, goal),
        *value_labels(written, plot, lines, uprights),
    ]
    return picture("trajectory", label, parts, width=width, height=height)
