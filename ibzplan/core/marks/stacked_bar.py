"""The distribution of objectives over statuses, as one bar of segments."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from ibzplan.core.marks.palette import (
    FONT,
    LINE,
    STATUSES,
    STRONG_WEIGHT,
    SURFACE,
    StatusKey,
    colours_of,
)
from ibzplan.core.marks.svg import Attributes, element, percent, picture

_FONT_SIZE: Final = 12
# A digit of the font above is about 6.4 pixels wide; a number needs some air around it.
_DIGIT_WIDTH: Final = Fraction(64, 10)
_TEXT_PADDING: Final = 4
_MINIMUM_WIDTH: Final = 8


def _shares(counts: Mapping[StatusKey, int], width: int) -> dict[StatusKey, Fraction]:
    """The share of the width of each status that occurs.

    A rare status stays visible: it gets a minimum width, taken from the others in proportion. That
    is why the numbers are printed and the label says them.
    """
    total = sum(counts.values())
    minimum = Fraction(min(_MINIMUM_WIDTH * len(counts), width), len(counts) * width)
    shares = {status: Fraction(count, total) for status, count in counts.items()}
    narrow = {status for status, share in shares.items() if share < minimum}
    while True:
        left = 1 - minimum * len(narrow)
        wide_total = sum(counts[status] for status in shares if status not in narrow)
        shares = {
            status: minimum if status in narrow else left * Fraction(counts[status], wide_total)
            for status in shares
        }
        newly_narrow = {s for s, share in shares.items() if share < minimum} - narrow
        if not newly_narrow:
            return shares
        narrow |= newly_narrow


def _segment(status: StatusKey, number: str, x: Fraction, share: Fraction, height: int) -> str:
    colours = STATUSES[status]
    parts = [
        element(
            "rect",
            class_=f"segment fill-{status}",
            x=percent(x),
            y=0,
            width=percent(share),
            height=height,
            rx=3,
            fill=colours.fill,
            # The gap between segments is a stroke in the colour of the page.
            stroke=SURFACE,
            stroke_width=2,
        )
    ]
    if colours.edge:
        # A pale segment does not stand out from the page: a line below it marks its extent.
        inset = min(Fraction(9, 1000), share / 4)
        parts.append(
            element(
                "line",
                class_=f"edge-{status}",
                x1=percent(x + inset),
                x2=percent(x + share - inset),
                y1=height - Fraction(3, 2),
                y2=height - Fraction(3, 2),
                stroke=colours.edge,
                stroke_width=2,
                stroke_dasharray="3 2" if status == "no_data" else None,
            )
        )
    if number:
        parts.append(
            element(
                "text",
                number,
                class_=f"ink-{status}",
                x=percent(x + share / 2),
                y=Fraction(height, 2) + Fraction(42, 10),
                fill=colours.ink,
                font_family=FONT,
                font_size=_FONT_SIZE,
                font_weight=STRONG_WEIGHT,
                text_anchor="middle",
            )
        )
    return "".join(parts)


def stacked_bar(
    counts: Mapping[str, int],
    label: str,
    *,
    width: int = 280,
    height: int = 24,
    fluid: bool = True,
) -> str:
    """One bar with a segment for each status that occurs, best first, with its number inside.

    ``width`` is the width in pixels at which the bar will usually be shown: it decides which
    numbers fit. A fluid bar takes the width of its container; a PDF wants ``fluid=False``. Without
    any count an empty outline keeps the place. Unknown statuses and negative counts raise
    ValueError.
    """
    for status, count in counts.items():
        colours_of(status)
        if count < 0:
            raise ValueError(f"count of {status} is negative: {count}")
    present = {status: counts[status] for status in STATUSES if counts.get(status)}
    parts: list[str] = []
    if not present:
        outline: Attributes = {"fill": "none", "stroke": LINE, "stroke_dasharray": "4 3"}
        place: Attributes = {"x": 1, "y": 1, "width": "99%", "height": height - 2, "rx": 3}
        parts.append(element("rect", class_="track-empty", **place, **outline))
    x = Fraction(0)
    for status, share in _shares(present, width).items() if present else ():
        text = str(present[status])
        fits = share * width >= len(text) * _DIGIT_WIDTH + _TEXT_PADDING
        parts.append(_segment(status, text if fits else "", x, share, height))
        x += share
    return picture("stack", label, parts, width=width, height=height, fluid=fluid)
