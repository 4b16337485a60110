"""Two amounts side by side on one scale from zero: as bars in a row, as columns over the years."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ibzplan.core.marks.lettering import lettering, width_of
from ibzplan.core.marks.palette import BAND_LOW, BAR, LINE, QUIET_LINE
from ibzplan.core.marks.svg import Attributes, Number, Scale, element, exact, percent, picture
from ibzplan.core.marks.trajectory import Tick

_BAR_HEIGHT: Final = 9
_GAP: Final = 2
# The room above the highest column, and for the years below.
_TOP: Final = 10
_BOTTOM: Final = 22
_WIDEST_COLUMN: Final = 40
_LEAST_LEFT: Final = 8
_DASHES: Final = "4 3"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two amounts of a moment; None is a figure that there is not, which zero is not.

    ``is_partial`` marks sums from which parts are missing.
    """

    label: str
    first: Number | None
    second: Number | None
    is_partial: bool = False


def _look(*, is_first: bool, is_partial: bool = False) -> Attributes:
    """The first amount is dark, the second pale with an outline, a partial one an outline."""
    order = "first" if is_first else "second"
    if is_partial:
        return {
            "class_": f"pair-{order} pair-partial",
            "fill": "none",
            "stroke": BAR if is_first else QUIET_LINE,
            "stroke_dasharray": _DASHES,
        }
    return {
        "class_": f"pair-{order}",
        "fill": BAR if is_first else BAND_LOW,
        "stroke": None if is_first else QUIET_LINE,
    }


def pair_swatch(*, is_first: bool) -> str:
    """A patch of what stands for the first or for the second amount, for the legend."""
    size: Attributes = {"x": 1, "y": 1, "width": 12, "height": 9, "rx": 2}
    patch = element("rect", **size, **_look(is_first=is_first))
    return picture("pair", "", [patch], width=14, height=11)


def pair_bar(first: Number, second: Number, most: Number, label: str, *, width: int = 220) -> str:
    """Two bars below each other, as long as their parts of ``most``; they fill the room there is.

    The numbers stand beside it.
    """
    scale = exact(most) or Fraction(0)
    parts = []
    for place, value in enumerate((first, second)):
        amount = exact(value) or Fraction(0)
        share = min(max(amount / scale, Fraction(0)), Fraction(1)) if scale > 0 else Fraction(0)
        size: Attributes = {
            "x": 1,
            "y": place * (_BAR_HEIGHT + _GAP) + 1,
            # The outline lies half outside: a little less than the whole width keeps it in sight.
            "width": percent(share * Fraction(99, 100)),
            "height": _BAR_HEIGHT,
            "rx": 2,
        }
        parts.append(element("rect", **size, **_look(is_first=place == 0)))
    height = 2 * _BAR_HEIGHT + _GAP + 2
    return picture("pair", label, parts, width=width, height=height, fluid=True)


def pair_columns(
    pairs: Sequence[Pair],
    label: str,
    *,
    y_ticks: Sequence[Tick] = (),
    width: int = 880,
    height: int = 220,
) -> str:
    """Two columns a moment, in their order; where there is no figure a gap that is outlined.

    The page beside it must offer the same figures as a table.
    """
    ticks = [(at, tick.label) for tick in y_ticks if (at := exact(tick.at)) is not None]
    left = max((width_of(text) + 8 for _at, text in ticks), default=Fraction(0))
    left = min(max(left, Fraction(_LEAST_LEFT)), Fraction(width, 3))
    known = [
        amount
        for pair in pairs
        for value in (pair.first, pair.second)
        if (amount := exact(value)) is not None
    ]
    values = [Fraction(0), *known, *(at for at, _text in ticks)]
    upward = Scale.over(values if any(values) else [], height - _BOTTOM, _TOP)
    parts = [*_grid(ticks, upward, left, width)]
    slot = (width - left) / len(pairs) if pairs else Fraction(width)
    free_from = Fraction(-width)
    for place, pair in enumerate(pairs):
        middle = left + slot * place + slot / 2
        parts.extend(_columns(pair, middle, slot, upward))
        half = width_of(pair.label) / 2
        if middle - half >= free_from:
            parts.append(lettering("tick-label", pair.label, middle, height - 5))
            free_from = middle + half + 4
    return picture("columns", label, parts, width=width, height=height)


def _grid(
    ticks: Sequence[tuple[Fraction, str]], upward: Scale, left: Fraction, width: int
) -> Iterator[str]:
    for at, text in ticks:
        y = upward(at)
        yield element("line", class_="axis", x1=left, x2=width, y1=y, y2=y, stroke=LINE)
        yield lettering("tick-label", text, left - 6, y + 4, "end")


def _columns(pair: Pair, middle: Fraction, slot: Fraction, upward: Scale) -> Iterator[str]:
    column = min(slot * Fraction(38, 100), Fraction(_WIDEST_COLUMN))
    bottom = upward(Fraction(0))
    first, second = exact(pair.first), exact(pair.second)
    if first is None and second is None:
        yield element(
            "rect",
            class_="pair-none",
            x=middle - column,
            y=upward.end,
            width=2 * column,
            height=bottom - upward.end,
            fill="none",
            stroke=LINE,
            stroke_dasharray=_DASHES,
        )
    for amount, x, is_first in ((first, middle - column, True), (second, middle, False)):
        if amount is not None:
            top = upward(max(amount, Fraction(0)))
            yield element(
                "rect",
                x=x + 1,
                y=top,
                width=max(column - 2, Fraction(1)),
                height=bottom - top,
                **_look(is_first=is_first, is_partial=pair.is_partial),
            )
