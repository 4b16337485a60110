"""Building blocks of the marks: numbers, scales, elements and the root element."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Final, TypeAlias

Number: TypeAlias = int | float | Fraction
Attributes: TypeAlias = dict[str, str | Number | None]

# XML 1.0 allows no control characters except tab, newline and carriage return, even when escaped.
_FORBIDDEN_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def exact(value: Number | None) -> Fraction | None:
    """The value as an exact fraction, or None when there is no (finite) number.

    Positions are computed with fractions because the difference of two huge floats overflows.
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return Fraction(value)


def coordinate(value: Number) -> str:
    """A coordinate with at most two decimals and no trailing zeros."""
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(share: Number) -> str:
    """A share of the width (0 to 1) as a percentage: a fluid picture keeps its text size."""
    return f"{coordinate(share * 100)}%"


def clean(text: str) -> str:
    """Text that is safe between tags and inside a quoted attribute."""
    return escape(_FORBIDDEN_IN_XML.sub("", text), quote=True)


def element(name: str, /, *children: str, **attributes: str | Number | None) -> str:
    """One element. Children are markup already; ``stroke_width`` becomes ``stroke-width``.

    An attribute that is None is left out, and numbers are written as coordinates.
    """
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="'
        f'{clean(value) if isinstance(value, str) else coordinate(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = "".join(children)
    return f"<{name}{pairs}>{content}</{name}>" if content else f"<{name}{pairs}/>"


def picture(
    kind: str,
    label: str,
    parts: Iterable[str],
    *,
    width: Number,
    height: Number,
    fluid: bool = False,
) -> str:
    """The root element of a mark.

    A fluid picture fills the width of its container; its parts then use percentages for x. Without
    a label the picture is hidden from screen readers.
    """
    has_label = bool(label.strip())
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_=f"mark-svg mark-{kind}",
        width="100%" if fluid else width,
        height=height,
        # A viewBox would scale the text of a fluid picture along with its width.
        viewBox=None if fluid else f"0 0 {coordinate(width)} {coordinate(height)}",
        role="img" if has_label else None,
        aria_label=label if has_label else None,
        aria_hidden=None if has_label else "true",
        focusable="false",
    )


def polyline(points: Iterable[tuple[Number, Number]]) -> str:
    """Path data of straight lines through the points."""
    return "M" + "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in points)


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values between ``low`` and ``high`` to positions between ``start`` and ``end``."""

    low: Fraction
    high: Fraction
    start: Fraction
    end: Fraction

    @classmethod
    def over(cls, values: Iterable[Fraction], start: Number, end: Number) -> "Scale":
        """A scale that holds all values; without any it runs from 0 to 1."""
        known = list(values) or [Fraction(0), Fraction(1)]
        return cls(min(known), max(known), Fraction(start), Fraction(end))

    def __call__(self, value: Fraction) -> Fraction:
        if self.low == self.high:  # one value, or all the same: it sits in the middle
            return (self.start + self.end) / 2
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)
