"""Data quality checks (design, sections 4 and 5): pure functions over exact rationals, no Django.

    findings = check_figure(
        SeriesRule(kind=TargetKind.INCREASE, accumulation=Accumulation.FLOW),
        earlier,
        Figure(period_start=..., period_end=..., due_on=..., value=Fraction(870)),
    )

`check_figure` judges a figure that is being entered against the figures before it; `check_series`
judges a whole series, for the page of the corporate cell, and adds what is late or missing. An
error blocks, a warning asks for a confirmation, a notice is only listed. Input that contradicts
itself is refused with a ValueError when it is built; whatever could be built gets an answer, never
an exception.

An unusual figure is found by one of two rules (see `outliers`): the modified z-score of Iglewicz
and Hoaglin with five numbers to compare with or more; with fewer, from two figures on, less than a
third of the smallest of them or more than three times the largest.
"""

from .checks import UNCHANGED_PERIODS, check_figure, check_series
from .codes import QUALITY_VERSION, SEVERITIES, Check, Severity
from .inputs import Dimension, Figure, Part, SeriesRule, Slot
from .outliers import (
    FAR_FACTOR,
    FEWEST_COMPARABLE,
    MINIMUM_COMPARABLE,
    OUTLIER_SCORE,
    RoughRange,
    UsualRange,
    rough_range,
    usual_range,
)
from .results import Finding

__all__ = [
    "FAR_FACTOR",
    "FEWEST_COMPARABLE",
    "MINIMUM_COMPARABLE",
    "OUTLIER_SCORE",
    "QUALITY_VERSION",
    "SEVERITIES",
    "UNCHANGED_PERIODS",
    "Check",
    "Dimension",
    "Figure",
    "Finding",
    "Part",
    "RoughRange",
    "SeriesRule",
    "Severity",
    "Slot",
    "UsualRange",
    "check_figure",
    "check_series",
    "rough_range",
    "usual_range",
]
