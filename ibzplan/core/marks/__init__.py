"""Charts as SVG text, for HTML pages and PDF reports alike.

Every function returns one complete ``<svg>`` element. Colours are presentation attributes (so that
the picture stands alone in a PDF) plus classes, which the stylesheet uses to change them in dark
mode; there is never a ``style`` attribute, because the Content-Security-Policy forbids it. Words
and formatted numbers come from the caller as labels: nothing here knows a language.

An empty ``label`` marks the picture as decoration, for use beside text that says the same.
"""

from ibzplan.core.marks.axis import axis_steps
from ibzplan.core.marks.bullet import bullet
from ibzplan.core.marks.pairs import Pair, pair_bar, pair_columns, pair_swatch
from ibzplan.core.marks.palette import STATUSES, StatusKey
from ibzplan.core.marks.sparkline import sparkline
from ibzplan.core.marks.stacked_bar import stacked_bar
from ibzplan.core.marks.status import status_mark
from ibzplan.core.marks.svg import Number
from ibzplan.core.marks.timeline import Stop, Stretch, timeline
from ibzplan.core.marks.trajectory import Point, Tick, trajectory

__all__ = [
    "STATUSES",
    "Number",
    "Pair",
    "Point",
    "StatusKey",
    "Stop",
    "Stretch",
    "Tick",
    "axis_steps",
    "bullet",
    "pair_bar",
    "pair_columns",
    "pair_swatch",
    "sparkline",
    "stacked_bar",
    "status_mark",
    "timeline",
    "trajectory",
]
