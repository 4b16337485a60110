"""Strategies that several property tests share."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from objectives.indicators.engine import FIGURE_STATUSES, Status

Draw = Callable[[st.SearchStrategy[Any]], Any]

VALUES = st.one_of(
    st.sampled_from([Fraction(0), Fraction(1), Fraction(-1), Fraction(100)]),
    st.fractions(min_value=-1000, max_value=1000, max_denominator=100),
)
POSITIVE = st.fractions(min_value=Fraction(1, 100), max_value=1000, max_denominator=100)


def rank(status: Status) -> int:
    """Place of a status that has a figure, from worst to best."""
    return FIGURE_STATUSES.index(status)
