"""Words in a picture and the room that they take."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ibzplan.core.marks.palette import FONT, INK, MUTED, STRONG_WEIGHT
from ibzplan.core.marks.svg import Number, clean, element

_FONT_SIZE: Final = "11.5"
# Average width of a character at that size; used to reserve room, never to place a figure.
_CHARACTER_WIDTH: Final = Fraction(6)
_LINE_HEIGHT: Final = 12


Place = tuple[Number, Number]
Segment = tuple[Place, Place]


@dataclass(frozen=True, slots=True)
class Box:
    """The room that a text takes."""

    left: Number
    right: Number
    baseline: Number

    def overlaps(self, other: "Box") -> bool:
        apart = self.right < other.left or other.right < self.left
        return not apart and -_LINE_HEIGHT < self.baseline - other.baseline < _LINE_HEIGHT

    def is_crossed_by(self, segment: Segment) -> bool:
        """Whether a straight line runs through the text."""
        (x1, y1), (x2, y2) = segment
        if x2 < x1:
            x1, y1, x2, y2 = x2, y2, x1, y1
        if x2 < self.left or self.right < x1:
            return False
        heights = [y1, y2]
        if x1 < x2:
            slope = (y2 - y1) / (x2 - x1)
            ends = (max(x1, self.left), min(x2, self.right))
            heights = [y1 + (x - x1) * slope for x in ends]
        return min(heights) <= self.baseline + 2 and max(heights) >= self.baseline - 9


def width_of(text: str) -> Fraction:
    return len(text) * _CHARACTER_WIDTH


def fitting(text: str, room: int) -> str:
    """The text, shortened with an ellipsis when it is wider than ``room``."""
    longest = max(int(room / _CHARACTER_WIDTH), 1)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def lettering(class_: str, content: str, x: Number, y: Number, anchor: str = "middle") -> str:
    """A text element; the value of a point is set stronger than the words around it."""
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
        font_weight=STRONG_WEIGHT if strong else None,
        text_anchor=anchor,
    )
