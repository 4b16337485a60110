"""The mark of a status: a shape of its own, a colour of its own."""

from typing import Final

from ibzplan.core.marks.palette import STATUSES, SURFACE, StatusKey, known_status
from ibzplan.core.marks.svg import Attributes, coordinate, element, picture

# All shapes are drawn on a grid of 16 x 16.
_GRID: Final = 16
_STROKE: Final[Attributes] = {
    "fill": "none",
    "stroke_width": "1.8",
    "stroke_linecap": "round",
    "stroke_linejoin": "round",
}


def _glyph(path: str, colour: str, *, class_: str = "glyph") -> str:
    return element("path", class_=class_, d=path, stroke=colour, **_STROKE)


def _shape(status: StatusKey) -> list[str]:
    """Shapes differ in outline, not only in colour: they stay apart in greyscale and when small."""
    colours = STATUSES[status]
    fill: Attributes = {"class_": f"fill-{status}", "fill": colours.fill}
    edged: Attributes = {
        "class_": f"fill-{status} edge-{status}",
        "fill": colours.fill,
        "stroke": colours.edge,
    }
    match status:
        case "achieved":
            disc = element("circle", cx=8, cy=8, r=7, **fill)
            return [disc, _glyph("m4.8 8.2 2.2 2.2 4.2-4.6", SURFACE)]
        case "on_track":
            return [element("circle", cx=8, cy=8, r=7, **fill)]
        case "at_risk":
            triangle = element("path", d="M8 1.2 15.2 14H.8Z", stroke_linejoin="round", **edged)
            return [triangle, _glyph("M8 6v3.4M8 11.8v.1", colours.ink, class_="ink-line-at_risk")]
        case "off_track":
            diamond = element("path", d="M8 .6 15.4 8 8 15.4.6 8Z", **fill)
            return [diamond, _glyph("M8 4.6v4M8 11v.1", SURFACE)]
        case "not_started":
            return [
                element(
                    "circle",
                    cx=8,
                    cy=8,
                    r=6,
                    class_=f"edge-{status}",
                    fill="none",
                    stroke=colours.edge,
                    stroke_width="1.75",
                    stroke_dasharray="2.6 2.2",
                )
            ]
        case "no_data":
            box = element("rect", x=2, y=2, width=12, height=12, rx=2, stroke_width="1.5", **edged)
            return [box, _glyph("M5 11 11 5", colours.edge or SURFACE, class_="edge-no_data")]


def status_shape(status: str) -> list[str]:
    """Return the shape on its grid of 16 x 16, to stand in another picture."""
    return _shape(known_status(status))


def status_mark(status: str, label: str, *, size: int = _GRID) -> str:
    """The mark of ``status``, ``size`` pixels wide and high.

    Give an empty label where the word of the status stands beside the mark. An unknown status
    raises ValueError.
    """
    shape = "".join(_shape(known_status(status)))
    if size != _GRID:
        shape = element("g", shape, transform=f"scale({coordinate(size / _GRID)})")
    return picture("status", label, [shape], width=size, height=size)
