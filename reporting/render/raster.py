"""Pictures as PNG, for a format whose readers do not all draw SVG: with our own fonts alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typst

from reporting.render.pdf import RenderFailed

_FOLDER: Final = Path(__file__).resolve().parent
# Sharp on paper; a picture of half a page's width takes about 10 kB.
_PIXELS_PER_INCH: Final = 200
_MM_PER_INCH: Final = 25.4


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as SVG and how wide it stands on the page."""

    svg: str
    width_mm: float


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture as PNG and how high it stands on the page."""

    png: bytes
    height_mm: float


def rasters_of(drawings: Sequence[Drawing]) -> list[Raster]:
    """Return the pictures as PNG, in the same order; the same picture gives the same bytes.

    Three hundred charts take about a second. Raises RenderFailed for what is no picture.
    """
    if not drawings:
        return []
    pictures = [{"svg": drawing.svg, "width": drawing.width_mm} for drawing in drawings]
    try:
        drawn = typst.compile(
            str(_FOLDER / "templates" / "pictures.typ"),
            root=str(_FOLDER),
            font_paths=[str(_FOLDER / "fonts")],
            ignore_system_fonts=True,
            sys_inputs={"pictures": json.dumps(pictures)},
            format="png",
            ppi=_PIXELS_PER_INCH,
        )
    except typst.TypstError as error:
        raise RenderFailed(f"{error.message} {error.diagnostic}") from error
    pages = [drawn] if isinstance(drawn, bytes) else drawn
    return [Raster(png, _height_mm(png)) for png in pages]


def _height_mm(png: bytes) -> float:
    """Return the height that the head of a PNG file gives, in pixels at byte 20."""
    return int.from_bytes(png[20:24], "big") / _PIXELS_PER_INCH * _MM_PER_INCH
