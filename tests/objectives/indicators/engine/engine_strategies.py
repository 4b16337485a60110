"""Strategies that several property tests share."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from objectives.indicators.engine import (
    FIGURE_STATUSES,
    Accumulation,
    IndicatorInput,
    Point,
    Status,
    TargetKind,
    TrajectoryShape,
)
from tests.objectives.indicators.engine.engine_builders import (
    QUARTER_ENDS,
    indicator,
    on_eve,
    quarters,
)

Draw = Callable[[st.SearchStrategy[Any]], Any]

VALUES = st.one_of(
    st.sampled_from([Fraction(0), Fraction(1), Fraction(-1), Fraction(100)]),
    st.fractions(min_value=-1000, max_value=1000, max_denominator=100),
)
POSITIVE = st.fractions(min_value=Fraction(1, 100), max_value=1000, max_denominator=100)
NUMERIC = st.sampled_from([TargetKind.INCREASE, TargetKind.DECREASE])


def rank(status: Status) -> int:
    """Place of a status that has a figure, from worst to best."""
    return FIGURE_STATUSES.index(status)


@st.composite
def years(draw: Draw, least: int = 1) -> IndicatorInput:
    """A well-formed year: four quarters, a rising or falling target, everything measured so far."""
    count = draw(st.integers(least, 4))
    ends = QUARTER_ENDS[: draw(st.integers(0, 3))]
    return indicator(
        draw(NUMERIC),
        quarters(*[draw(VALUES) for _ in range(count)]),
        QUARTER_ENDS[count - 1],
        accumulation=draw(st.sampled_from(Accumulation)),
        trajectory=draw(st.sampled_from(TrajectoryShape)),
        baseline=on_eve(draw(VALUES)),
        interim=tuple(Point(end, draw(VALUES)) for end in ends),
        target=draw(VALUES),
        tolerance=draw(st.none() | VALUES.map(abs)),
    )


def transformed(
    given_year: IndicatorInput, change: Callable[[Fraction], Fraction], **rule: Any
) -> IndicatorInput:
    """The same year with every value changed."""
    assert given_year.target is not None
    assert given_year.baseline is not None
    return replace(
        given_year,
        rule=replace(given_year.rule, **rule),
        target=change(given_year.target),
        baseline=_changed(given_year.baseline, change),
        interim=tuple(_changed(point, change) for point in given_year.interim),
        slots=tuple(
            slot if slot.value is None else replace(slot, value=change(slot.value))
            for slot in given_year.slots
        ),
    )


def _changed(point: Point, change: Callable[[Fraction], Fraction]) -> Point:
    return replace(point, value=change(point.value))


def with_latest(given_year: IndicatorInput, value: Fraction) -> IndicatorInput:
    """The same year with another last figure."""
    last = max(i for i, slot in enumerate(given_year.slots) if slot.value is not None)
    changed = replace(given_year.slots[last], value=value)
    before, after = given_year.slots[:last], given_year.slots[last + 1 :]
    return replace(given_year, slots=(*before, changed, *after))
