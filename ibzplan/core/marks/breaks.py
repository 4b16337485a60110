"""Series breaks: where figures on either side do not compare, because the series was redefined."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ibzplan.core.marks.lettering import fitting, lettering, width_of
from ibzplan.core.marks.palette import QUIET_LINE, SURFACE
from ibzplan.core.marks.svg import Attributes, Number, element, exact, polyline

ROW_HEIGHT: Final = 13
_MOST_ROWS: Final = 3
# A row of labels may take no more than about a quarter of the picture's height.
_HEIGHT_PER_ROW: Final = 48
# More labels than this are not read; all breaks keep their line.
_MOST_LABELS: Final = 4
# Between a line and the label beside it.
_GAP: Final = 4
_SIGN_WIDTH: Final = 12


def cuts_of(breaks: Iterable[Number]) -> list[Fraction]:
    """The moments of the breaks, each once, in order; what is no finite number is left out."""
    return sorted({cut for cut in map(exact, breaks) if cut is not None})


def parted(cuts: Iterable[Fraction], earlier: Fraction, later: Fraction) -> bool:
    """Whether a break lies between two points, so that no line may join them.

    A point belongs to the part after a break when its moment is later than the break; a point
    exactly on the break belongs to the part before it.
    """
    first, last = min(earlier, later), max(earlier, later)
    return any(first <= cut < last for cut in cuts)


@dataclass(frozen=True, slots=True)
class Flag:
    """The label of a break: the line at ``x`` carries it in ``row``, 0 being the lowest."""

    x: Fraction
    label: str
    left: Fraction
    right: Fraction
    row: int

    def baseline(self, top: Fraction) -> Fraction:
        """Where the label stands above a plot that begins at ``top``."""
        return top - 6 - (self.row + 1) * ROW_HEIGHT

    def line_top(self, top: Fraction) -> Fraction:
        """Where the line ends: beside its label, or below it where the label had to be shifted."""
        return self.baseline(top) + (3 if self.spans(self.x, margin=2) else -9)

    def spans(self, x: Fraction, *, margin: int = 3) -> bool:
        """Whether a vertical line at ``x`` would run through the label or touch it."""
        return self.left - margin <= x <= self.right + margin

    def meets(self, other: "Flag") -> bool:
        """Whether the labels touch, or the line of one runs through the label of the other."""
        crossed = any(
            low.row <= high.row and low.spans(high.x)
            for low, high in ((self, other), (other, self))
        )
        apart = self.right + _GAP < other.left or other.right + _GAP < self.left
        return crossed or (self.row == other.row and not apart)


def _places(x: Fraction, label: str, rows: int, width: int) -> Iterator[Flag]:
    """Where a label can stand: right or left of its line, inside the picture, the lowest first."""
    label = fitting(label, width)
    room = width_of(label)
    rightmost = max(width - room, Fraction(0))
    for row in range(rows):
        for wished in (x + _GAP, x - _GAP - room):
            left = min(max(wished, Fraction(0)), rightmost)
            yield Flag(x, label, left, left + room, row)


def _arranged(
    labels: Sequence[tuple[Fraction, str]], rows: int, width: int, placed: tuple[Flag, ...] = ()
) -> tuple[Flag, ...] | None:
    """The labels, none of which meets another; None when that takes more rows."""
    if not labels:
        return placed
    (x, label), *others = labels
    for flag in _places(x, label, rows, width):
        if not any(flag.meets(other) for other in placed):
            found = _arranged(others, rows, width, (*placed, flag))
            if found is not None:
                return found
    return None


def flags_of(labels: Mapping[Fraction, str], *, width: int, height: int) -> tuple[Flag, ...]:
    """The labels by their x, arranged in as few rows as it takes above the plot.

    Where there is no room for all of them the oldest stay away.
    """
    most_rows = min(_MOST_ROWS, height // _HEIGHT_PER_ROW)
    wanted = sorted((x, label) for x, label in labels.items() if label.strip())[-_MOST_LABELS:]
    while wanted:
        for rows in range(1, most_rows + 1):
            found = _arranged(wanted, rows, width)
            if found is not None:
                return found
        wanted = wanted[1:]
    return ()


def _double_slash(x: Fraction, y: Fraction) -> Iterator[str]:
    """The sign of an interrupted axis: two strokes, and no axis between them."""
    strokes = [[(x + shift, y + 4), (x + shift + 4, y - 4)] for shift in (-4, 0)]
    (low, high), (next_low, next_high) = strokes
    gap = polyline([low, high, next_high, next_low])
    yield element("path", class_="break-gap", d=f"{gap}Z", fill=SURFACE)
    pen: Attributes = {"fill": "none", "stroke": QUIET_LINE, "stroke_width": "1.25"}
    yield element("path", class_="break-mark", d="".join(map(polyline, strokes)), **pen)


def break_lines(
    places: Iterable[Fraction], flags: Iterable[Flag], *, top: Fraction, bottom: Fraction
) -> Iterator[str]:
    """A hairline over the whole plot at every place, up to its label, and the sign at the axis."""
    labelled = {flag.x: flag for flag in flags}
    sign_from: Fraction | None = None
    for x in places:
        flag = labelled.get(x)
        y = flag.line_top(top) if flag else top - 4
        ends: Attributes = {"x1": x, "x2": x, "y1": y, "y2": bottom}
        yield element("line", class_="break", stroke=QUIET_LINE, **ends)
        # Of two breaks close together one sign says it for both.
        if sign_from is None or x >= sign_from:
            yield from _double_slash(x, bottom)
            sign_from = x + _SIGN_WIDTH
        if flag:
            yield lettering("break-label", flag.label, flag.left, flag.baseline(top), "start")
