"""Pictures as PNG for the files that take no SVG."""

import re
import struct

import pytest

from ibzplan.core import marks
from reporting.render.pdf import RenderFailed
from reporting.render.raster import Drawing, rasters_of
from tests.reporting.synthetic_report import chart


def test_pictures_come_back_in_order_and_in_proportion() -> None:
    wide, square = chart("I1", 10), marks.status_mark("at_risk", "")
    first, second, third = rasters_of(
        [Drawing(wide.svg, 84), Drawing(square, 4), Drawing(wide.svg, 84)]
    )
    assert first.height_mm == pytest.approx(42, abs=0.2)
    assert second.height_mm == pytest.approx(4, abs=0.2)
    assert first.png.startswith(b"\x89PNG")
    assert struct.unpack(">II", first.png[16:24]) == (661, 331)
    assert first.png == third.png


def test_one_picture_and_none() -> None:
    (only,) = rasters_of([Drawing(chart("I1", 10).svg, 20)])
    assert only.png.startswith(b"\x89PNG")
    assert rasters_of([]) == []


def test_words_are_drawn_with_our_own_letters() -> None:
    """A font of the machine is never taken: the typesetter then draws with its own, with serifs."""
    svg = chart("I1", 10).svg
    fonts = ("'Source Sans 3'", "'DejaVu Sans'", "'Libertinus Serif'")
    asked, own, of_the_machine, other = rasters_of(
        [
            Drawing(svg, 84),
            *(
                Drawing(re.sub('font-family="[^"]+"', f'font-family="{font}"', svg), 84)
                for font in fonts
            ),
        ]
    )
    assert asked.png == own.png
    assert own.png not in (of_the_machine.png, other.png)
    assert of_the_machine.png == other.png


def test_what_is_no_picture_fails_with_a_reason() -> None:
    with pytest.raises(RenderFailed, match="SVG"):
        rasters_of([Drawing("<svg", 10)])
