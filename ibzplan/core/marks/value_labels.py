"""The values written beside the points of a chart, clear of each other and of the lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ibzplan.core.marks.lettering import Box, Segment, lettering, width_of
from ibzplan.core.marks.svg import Number

# Places of a value around its point, the best first.
ABOVE_FIRST: Final = ("above", "below", "right", "right below", "right above")
BELOW_FIRST: Final = ("below", "above", "right", "right above", "right below")


@dataclass(frozen=True, slots=True)
class Plot:
    """The plot between its axes; labels may stand right of it, as far as the picture reaches."""

    left: Number
    right: Number
    top: Number
    bottom: Number

    def holds(self, box: Box) -> bool:
        # Above the plot stand the labels of breaks, below it those of the moments.
        return box.right <= self.right and self.top - 6 <= box.baseline <= self.bottom


@dataclass(frozen=True, slots=True)
class ValueLabel:
    """The value of a point, to be written at the best of its places."""

    x: Number
    y: Number
    text: str
    class_: str
    places: Sequence[str]

    def boxes(self, plot: Plot) -> Iterator[tuple[Box, str]]:
        """The places inside the plot, the best first, with the anchor of the text."""
        width = float(width_of(self.text))
        # To the left of the point, because the line rises or falls towards it; to the right of it
        # when it sits too close to the axis.
        has_left = self.x - 6 - width >= plot.left
        for place in self.places:
            to_left = has_left and "right" not in place
            gap = 9 if place == "right" else 6
            left = self.x - gap - width if to_left else self.x + gap
            # Straight right of a point on the axis the text stands on it.
            baseline = min(self.y + 4, plot.bottom) if place == "right" else self.y + _shift(place)
            box = Box(left, left + width, baseline)
            if plot.holds(box):
                yield box, "end" if to_left else "start"

    def is_parted_from(self, box: Box, upright: Number) -> bool:
        """Whether an upright line runs through the label or between it and its point."""
        return min(box.left, self.x) < upright < max(box.right, self.x)


def _shift(place: str) -> int:
    """How far the baseline of a text lies below its point."""
    return -6 if "above" in place else 14


def value_labels(
    labels: Sequence[ValueLabel],
    plot: Plot,
    lines: Sequence[Segment],
    uprights: Sequence[Number],
) -> Iterator[str]:
    """Values beside their points; one that would cover another moves away, or is left out.

    The order of ``labels`` is the order of importance. A place that fewer of the ``lines`` and of
    the ``uprights``, which are the breaks, run through comes first.
    """
    taken: list[Box] = []
    for label in labels:
        if not label.text:
            continue
        best: tuple[Box, str] | None = None
        fewest = -1
        for box, anchor in label.boxes(plot):
            if any(box.overlaps(other) for other in taken):
                continue
            crossings = sum(box.is_crossed_by(line) for line in lines)
            crossings += sum(label.is_parted_from(box, upright) for upright in uprights)
            if best is None or crossings < fewest:
                best, fewest = (box, anchor), crossings
            if not fewest:
                break
        if best:
            box, anchor = best
            taken.append(box)
            x = box.right if anchor == "end" else box.left
            yield lettering(label.class_, label.text, x, box.baseline, anchor)
