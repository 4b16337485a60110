"""The bullet: how far, how far it should be, against bands of tolerance."""

from fractions import Fraction
from typing import Final

from ibzplan.core.marks.palette import (
    BAND_HIGH,
    BAND_LOW,
    BAND_MIDDLE,
    BAR,
    INK,
    SURFACE,
)
from ibzplan.core.marks.svg import Attributes, Number, element, exact, percent, picture

AT_RISK_FROM: Final = Fraction(70, 100)
ON_TRACK_FROM: Final = Fraction(90, 100)

_BAR_HEIGHT: Final = 7


def _within(share: Fraction) -> Fraction:
    """The share, kept on the scale from start (0) to target (1)."""
    return max(Fraction(0), min(Fraction(1), share))


def _band(class_: str, colour: str, share: Fraction, height: int) -> str:
    width = percent(_within(share))
    size: Attributes = {"x": 0, "y": 0, "width": width, "height": height, "rx": 2}
    return element("rect", class_=class_, fill=colour, **size)


def _beyond(actual: Fraction, height: int) -> list[str]:
    """An arrow head where the bar runs off the scale: below the start, or past the target.

    It lies inside the picture, because a PDF cuts off what lies outside.
    """
    if 0 <= actual <= 1:
        return []
    middle = Fraction(height, 2)
    at, path = ("100%", "M-7-7 0 0-7 7Z") if actual > 1 else ("0", "M7-7 0 0 7 7Z")
    arrow = element("path", class_="bullet-beyond", d=path, fill=BAR)
    # A nested svg puts the arrow at a percentage of a width that only the page knows.
    return [element("svg", arrow, x=at, y=middle, width=1, height=1, overflow="visible")]


def _expected_tick(share: Fraction, height: int) -> list[str]:
    """A thick line at the expected value with a halo, so that it shows on the bar as well."""
    x = percent(_within(share))
    ends: Attributes = {"x1": x, "x2": x, "y1": 1, "y2": height - 1}
    return [
        element("line", class_="bullet-halo", stroke=SURFACE, stroke_width=5, **ends),
        element("line", class_="bullet-expected", stroke=INK, stroke_width=3, **ends),
    ]


def bullet(
    actual: Number | None,
    expected: Number | None,
    label: str,
    *,
    at_risk_from: Number = AT_RISK_FROM,
    on_track_from: Number = ON_TRACK_FROM,
    width: int = 160,
    height: int = 18,
    fluid: bool = True,
) -> str:
    """A bar for the actual progress with a tick for the expected one.

    Both are shares of the way from start (0) to target (1); None where there is no figure, which
    draws no bar at all, whereas 0 draws the start line. The scale is always 0 to 1, so that bars
    below each other compare; an arrow head shows that the actual lies outside. Bands show the
    thresholds as shares of the expected value.
    """
    done, due = exact(actual), exact(expected)
    parts = [_band("bullet-band-high", BAND_HIGH, Fraction(1), height)]
    if due is not None and due > 0:
        high, low = Fraction(on_track_from), Fraction(at_risk_from)
        parts.append(_band("bullet-band-middle", BAND_MIDDLE, due * high, height))
        parts.append(_band("bullet-band-low", BAND_LOW, due * low, height))
    if done is not None:
        top = Fraction(height - _BAR_HEIGHT, 2)
        bar: Attributes = {"x": 0, "y": top, "height": _BAR_HEIGHT, "fill": BAR}
        length = _within(done)
        parts.append(
            element("rect", class_="bullet-bar", width=percent(length) if length else 2, **bar)
        )
        parts.extend(_beyond(done, height))
    if due is not None:
        parts.extend(_expected_tick(due, height))
    return picture("bullet", label, parts, width=width, height=height, fluid=fluid)
