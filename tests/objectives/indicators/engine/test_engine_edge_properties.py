"""The edges that the rules name, and what every kind of target promises: found by generating them.

Direction, monotony in the actual, the unit and "never an exception" are in test_engine_properties.
"""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from objectives.indicators.engine import (
    Accumulation,
    IndicatorInput,
    IndicatorStatus,
    Point,
    Status,
    TargetKind,
    TrajectoryShape,
    evaluate_indicator,
    forecast_indicator,
)
from tests.objectives.indicators.engine.engine_builders import (
    EVE,
    QUARTER_ENDS,
    T1,
    T4,
    indicator,
    levels,
    on_eve,
    quarters,
)
from tests.objectives.indicators.engine.engine_strategies import (
    NUMERIC,
    POSITIVE,
    VALUES,
    rank,
    with_latest,
    years,
)

DUE = date(2026, 9, 15)
DAYS = st.integers(-400, 400)
FLOW_OR_TOTAL = st.sampled_from([Accumulation.FLOW, Accumulation.TO_DATE])


def sign(kind: TargetKind) -> int:
    return 1 if kind is TargetKind.INCREASE else -1


def level(kind: TargetKind, actual: Fraction, start: Fraction, **fields: Any) -> IndicatorStatus:
    """The answer at the end of T1."""
    return evaluate_indicator(indicator(kind, quarters(actual), baseline=on_eve(start), **fields))


@given(NUMERIC, VALUES, VALUES, VALUES)
def test_expected_at_the_baseline_is_judged_by_a_quarter_of_the_way(
    kind: TargetKind, start: Fraction, target: Fraction, actual: Fraction
) -> None:
    assume(target != start)
    step = TrajectoryShape.STEP
    result = level(kind, actual, start, target=target, trajectory=step)
    assert result.expected == start
    quarter_of_the_way = abs(target - start) / 4
    assert result.attainment == 1 + sign(kind) * (actual - start) / quarter_of_the_way


@given(NUMERIC, VALUES.filter(bool), VALUES)
def test_a_target_at_the_baseline_is_judged_by_a_fifth_of_it(
    kind: TargetKind, held: Fraction, actual: Fraction
) -> None:
    result = level(kind, actual, held, target=held)
    assert result.expected == held
    assert result.attainment == 1 + sign(kind) * (actual - held) / (abs(held) / 5)


@given(NUMERIC, VALUES)
def test_zero_held_at_zero_is_all_or_nothing(kind: TargetKind, actual: Fraction) -> None:
    result = level(kind, actual, Fraction(0), target=0)
    good = sign(kind) * actual >= 0
    assert result.attainment == int(good)
    assert result.status is (Status.ON_TRACK if good else Status.OFF_TRACK)


@given(POSITIVE, POSITIVE, VALUES, VALUES)
def test_falling_below_zero_is_like_falling_anywhere_else(
    start: Fraction, below: Fraction, half_way: Fraction, actual: Fraction
) -> None:
    """The same course and figure a million higher, all above zero, get the same answer."""
    answers = [
        level(
            TargetKind.DECREASE,
            actual + lift,
            start + lift,
            target=lift - below,
            interim=(Point(T1, half_way + lift),),
        )
        for lift in (Fraction(0), Fraction(10**6))
    ]
    assert answers[0].attainment == answers[1].attainment
    assert answers[0].status is answers[1].status
    assert answers[0].progress == answers[1].progress


@given(POSITIVE, POSITIVE)
def test_a_negative_target_that_is_met_is_achieved(start: Fraction, below: Fraction) -> None:
    given_year = indicator(
        TargetKind.DECREASE,
        quarters(start, 0, 0, -below),
        T4,
        baseline=on_eve(start),
        target=-below,
    )
    assert evaluate_indicator(given_year).status is Status.ACHIEVED
    just_above = with_latest(given_year, -below + Fraction(1, 1000))
    assert evaluate_indicator(just_above).status is not Status.ACHIEVED


@given(years(), VALUES, VALUES)
def test_a_better_figure_is_never_worse_with_a_tolerance_either(
    given_year: IndicatorInput, one: Fraction, other: Fraction
) -> None:
    """The tolerance lifts what is a little worse than expected to what is as expected."""
    flow = given_year.rule.accumulation is Accumulation.FLOW
    assume(not flow or min(one, other) >= 0)  # a negative period shows that a flow can fall back
    worse, better = sorted([one, other], reverse=given_year.rule.kind is TargetKind.DECREASE)
    first = evaluate_indicator(with_latest(given_year, worse))
    second = evaluate_indicator(with_latest(given_year, better))
    assert rank(second.status) >= rank(first.status)


@given(years(), POSITIVE)
def test_a_wider_tolerance_never_gives_a_worse_answer(
    given_year: IndicatorInput, wider: Fraction
) -> None:
    narrow = given_year.rule.tolerance or Fraction(0)
    wide = replace(given_year, rule=replace(given_year.rule, tolerance=narrow + wider))
    one, other = evaluate_indicator(given_year), evaluate_indicator(wide)
    assert rank(other.status) >= rank(one.status)
    assert other.attainment == one.attainment


def in_band(value: Fraction, low: Fraction, high: Fraction, tolerance: Fraction) -> Status:
    given_year = indicator(
        TargetKind.RANGE, quarters(value), band_low=low, band_high=high, tolerance=tolerance
    )
    return evaluate_indicator(given_year).status


@given(VALUES, VALUES, VALUES, POSITIVE, POSITIVE)
def test_a_range_is_a_matter_of_distance_in_any_unit(
    one: Fraction, other: Fraction, low: Fraction, width: Fraction, factor: Fraction
) -> None:
    """Further from the middle is never better, left and right are mirrors, the unit is nothing."""
    high, tolerance = low + width, width / 3
    middle = (low + high) / 2
    near, far = sorted([one, other], key=lambda value: abs(value - middle))
    near_status, far_status = (in_band(value, low, high, tolerance) for value in (near, far))
    assert rank(near_status) >= rank(far_status)
    assert in_band(2 * middle - far, low, high, tolerance) is far_status
    scaled = [factor * value for value in (far, low, high, tolerance)]
    assert in_band(*scaled) is far_status


@given(st.integers(-3, 6), st.integers(-3, 6), st.integers(-3, 6), st.integers(-3, 6))
def test_a_higher_level_is_never_worse(one: int, other: int, start: int, target: int) -> None:
    low, high = (
        evaluate_indicator(
            indicator(TargetKind.ORDINAL, levels(value), baseline=on_eve(start), target=target)
        ).status
        for value in sorted([one, other])
    )
    assert rank(high) >= rank(low)


def milestone(days: int, at: date) -> Status:
    slots = quarters({"forecast_on": DUE + timedelta(days=days)})
    return evaluate_indicator(indicator(TargetKind.MILESTONE, slots, at, due_on=DUE)).status


@given(DAYS, DAYS)
def test_a_later_forecast_is_never_better(one: int, other: int) -> None:
    early, late = sorted([one, other])
    assert rank(milestone(early, T1)) >= rank(milestone(late, T1))


@given(DAYS, st.integers(0, 275), st.integers(0, 275))
def test_an_open_milestone_never_gets_better_by_waiting(days: int, one: int, other: int) -> None:
    early, late = (T1 + timedelta(days=wait) for wait in sorted([one, other]))
    assert rank(milestone(days, early)) >= rank(milestone(days, late))


@given(st.integers(0, 10**4), st.integers(1, 10**4), st.integers(1, 100))
def test_the_size_of_a_ratio_does_not_matter(numerator: int, denominator: int, factor: int) -> None:
    """48 of 100 and 480 of 1000 are the same figure, in a single period and pooled."""
    for accumulation in Accumulation:
        answers = [
            evaluate_indicator(
                indicator(
                    slots=quarters(pair, pair),
                    at=QUARTER_ENDS[1],
                    ratio=True,
                    accumulation=accumulation,
                    baseline=on_eve("1/2"),
                    target="9/10",
                )
            )
            for pair in ((numerator, denominator), (numerator * factor, denominator * factor))
        ]
        assert answers[0].actual == Fraction(numerator, denominator)
        assert answers[0].attainment == answers[1].attainment
        assert answers[0].status is answers[1].status


@given(NUMERIC, FLOW_OR_TOTAL, st.lists(POSITIVE, min_size=4, max_size=4), POSITIVE)
def test_what_is_achieved_early_stays_achieved(
    kind: TargetKind, accumulation: Accumulation, amounts: list[Fraction], target: Fraction
) -> None:
    """A rising sum or running total only: a ceiling is not kept before its period is over."""
    if accumulation is Accumulation.TO_DATE:
        amounts = [sum(amounts[:count], Fraction(0)) for count in range(1, 5)]
    statuses = [
        evaluate_indicator(
            indicator(
                kind, quarters(*amounts[: count + 1]), end, accumulation=accumulation, target=target
            )
        ).status
        for count, end in enumerate(QUARTER_ENDS)
    ]
    first = statuses.index(Status.ACHIEVED) if Status.ACHIEVED in statuses else 3
    if kind is TargetKind.DECREASE:
        assert first == 3
    assert len(set(statuses[first:])) == 1


@given(st.lists(VALUES, min_size=4, max_size=4), st.integers(0, 365))
def test_a_forecast_after_a_break_does_not_see_what_came_before(
    values: list[Fraction], days: int
) -> None:
    """The figures up to the break could as well be missing."""
    since = EVE + timedelta(days=days)
    after = [
        value if end > since else None for value, end in zip(values, QUARTER_ENDS, strict=True)
    ]
    full, cut = (indicator(slots=quarters(*some), at=T4, target=1) for some in (values, after))
    assert forecast_indicator(full, since=since) == forecast_indicator(cut)
