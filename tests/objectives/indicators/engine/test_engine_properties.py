"""What must hold for every input, found by generating them."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from objectives.indicators.engine import (
    Accumulation,
    IndicatorInput,
    IndicatorRule,
    Point,
    Slot,
    SlotState,
    Status,
    TargetKind,
    TrajectoryShape,
    evaluate_indicator,
    expected_at,
    figure_series,
    forecast_indicator,
    render_decimal,
    theil_sen,
)
from tests.objectives.indicators.engine.engine_builders import (
    T4,
    indicator,
    on_eve,
    quarters,
)
from tests.objectives.indicators.engine.engine_strategies import (
    NUMERIC,
    POSITIVE,
    VALUES,
    Draw,
    rank,
    transformed,
    with_latest,
    years,
)

ANY_DAYS = st.one_of(
    st.dates(min_value=date(2025, 6, 1), max_value=date(2027, 6, 30)),
    st.dates(),
    st.sampled_from([date.min, date.max]),
)
MIRROR = {TargetKind.INCREASE: TargetKind.DECREASE, TargetKind.DECREASE: TargetKind.INCREASE}


@st.composite
def rules(draw: Draw) -> IndicatorRule:
    low, high = sorted([draw(VALUES), draw(VALUES)])
    at_risk_from, on_track_from = sorted([draw(VALUES), draw(VALUES)])
    own_thresholds = draw(st.booleans())
    return IndicatorRule(
        kind=draw(st.sampled_from(TargetKind)),
        accumulation=draw(st.sampled_from(Accumulation)),
        trajectory=draw(st.sampled_from(TrajectoryShape)),
        ratio=draw(st.booleans()),
        on_track_from=on_track_from if own_thresholds else Fraction(9, 10),
        at_risk_from=at_risk_from if own_thresholds else Fraction(7, 10),
        tolerance=abs(draw(VALUES)),
        band_low=low,
        band_high=high,
        grace_days=draw(st.sampled_from([0, 10, 10**9])),
    )


@st.composite
def slots(draw: Draw) -> Slot:
    start, end = sorted([draw(ANY_DAYS), draw(ANY_DAYS)])
    state = draw(st.sampled_from(SlotState))
    due_on = draw(ANY_DAYS)
    if state is not SlotState.MEASURED:
        return Slot(period_start=start, period_end=end, due_on=due_on, state=state)
    return Slot(
        period_start=start,
        period_end=end,
        due_on=due_on,
        state=state,
        value=draw(VALUES),
        numerator=draw(VALUES),
        denominator=draw(VALUES),
        level=draw(st.integers(-3, 6)),
        done_on=draw(st.none() | ANY_DAYS),
        forecast_on=draw(st.none() | ANY_DAYS),
        provisional=draw(st.booleans()),
    )


@st.composite
def indicators(draw: Draw) -> IndicatorInput:
    """Any input that the constructors accept, on the very first and last days too."""
    rule = draw(rules())
    ordinal = rule.kind is TargetKind.ORDINAL
    values = st.integers(-3, 6).map(Fraction) if ordinal else VALUES
    points = st.builds(Point, ANY_DAYS, values)
    due_on = draw(st.none() | ANY_DAYS)
    return IndicatorInput(
        rule=rule,
        reference_date=draw(ANY_DAYS),
        slots=tuple(draw(st.lists(slots(), max_size=6))),
        due_on=due_on,
        target=draw(st.none() | values) if due_on is not None else None,
        baseline=draw(st.none() | points),
        interim=tuple(draw(st.lists(points, max_size=3))),
        starts_on=draw(st.none() | ANY_DAYS),
    )


@settings(max_examples=600)
@given(indicators())
def test_every_accepted_input_gets_an_answer(given_input: IndicatorInput) -> None:
    result = evaluate_indicator(given_input)
    assert result.status in Status
    for value in (result.attainment, result.actual, result.expected):
        assert value is None or type(value) is Fraction
    if result.attainment is not None:
        assert result.has_figure
        assert result.actual is not None
        assert result.expected is not None
    for step in result.steps:
        assert all(isinstance(text, str) and text for text in step.values.values())
    figure_series(given_input)
    forecast_indicator(given_input)
    expected_at(given_input, given_input.reference_date)


@given(indicators())
def test_the_same_input_gives_the_same_answer_in_any_order(given_input: IndicatorInput) -> None:
    keys = [(slot.period_end, slot.period_start, slot.due_on) for slot in given_input.slots]
    assume(len(set(keys)) == len(keys))
    turned = replace(given_input, slots=tuple(reversed(given_input.slots)))
    assert evaluate_indicator(turned) == evaluate_indicator(given_input)


@given(indicators())
def test_stale_never_shows_green(given_input: IndicatorInput) -> None:
    result = evaluate_indicator(given_input)
    if result.stale and result.status is Status.ACHIEVED:
        assert given_input.rule.kind is TargetKind.INCREASE
        assert given_input.rule.accumulation is not Accumulation.LEVEL
    elif result.stale:
        assert rank(result.status) <= rank(Status.AT_RISK)


@given(years(), st.lists(VALUES, min_size=4, max_size=4))
def test_figures_after_the_reference_date_change_nothing(
    given_year: IndicatorInput, values: list[Fraction]
) -> None:
    """Neither the judgement nor the explanation looks ahead."""
    full = zip(given_year.slots, quarters(*values), strict=True)
    ahead = tuple(
        known if known.period_end <= given_year.reference_date else later for known, later in full
    )
    assert evaluate_indicator(replace(given_year, slots=ahead)) == evaluate_indicator(given_year)


@given(years())
def test_directions_are_mirrors(given_year: IndicatorInput) -> None:
    """Negate every value and turn the direction: same attainment, same judgement.

    Not for a flow, whose ceiling and whose running sum are not mirrors, nor for a running total,
    which can only rise.
    """
    level = replace(given_year, rule=replace(given_year.rule, accumulation=Accumulation.LEVEL))
    mirrored = transformed(level, lambda value: -value, kind=MIRROR[level.rule.kind])
    one, other = evaluate_indicator(level), evaluate_indicator(mirrored)
    assert other.attainment == one.attainment
    assert other.status is one.status
    assert other.progress == one.progress


@given(years(), POSITIVE)
def test_the_unit_does_not_matter(given_year: IndicatorInput, factor: Fraction) -> None:
    tolerance = given_year.rule.tolerance
    scaled = transformed(
        given_year,
        lambda value: value * factor,
        tolerance=None if tolerance is None else tolerance * factor,
    )
    one, other = evaluate_indicator(given_year), evaluate_indicator(scaled)
    assert other.attainment == one.attainment
    assert other.status is one.status
    assert other.progress == one.progress
    assert other.remarks == one.remarks


@given(years(), VALUES)
def test_a_level_may_be_measured_from_any_zero(given_year: IndicatorInput, shift: Fraction) -> None:
    """Attainment looks at distances only, unless there is no distance at all."""
    level = replace(given_year, rule=replace(given_year.rule, accumulation=Accumulation.LEVEL))
    assert level.baseline is not None
    assume(level.target != level.baseline.value)
    shifted = transformed(level, lambda value: value + shift)
    assert evaluate_indicator(shifted).attainment == evaluate_indicator(level).attainment


@given(years(), VALUES, VALUES)
def test_a_better_figure_never_gives_a_worse_answer(
    given_year: IndicatorInput, one: Fraction, other: Fraction
) -> None:
    """Without a tolerance: that one lifts a small deviation, and not a large one."""
    plain = replace(given_year, rule=replace(given_year.rule, tolerance=None))
    worse, better = sorted([one, other], reverse=plain.rule.kind is TargetKind.DECREASE)
    first = evaluate_indicator(with_latest(plain, worse))
    second = evaluate_indicator(with_latest(plain, better))
    assert first.attainment is not None
    assert second.attainment is not None
    assert second.attainment >= first.attainment
    flips = plain.rule.accumulation is Accumulation.FLOW and min(one, other) < 0
    if not flips:  # a negative period of a flow shows that it can fall back
        assert rank(second.status) >= rank(first.status)


@given(years())
def test_exactly_as_expected_is_one(given_year: IndicatorInput) -> None:
    level = replace(given_year, rule=replace(given_year.rule, accumulation=Accumulation.LEVEL))
    expected = evaluate_indicator(level).expected
    assert expected is not None
    result = evaluate_indicator(with_latest(level, expected))
    assert result.attainment == 1
    assert rank(result.status) >= rank(Status.ON_TRACK)


@given(years())
def test_a_zero_baseline_a_zero_target_and_no_way_to_go(given_year: IndicatorInput) -> None:
    """The three places where a division could go wrong."""
    assert given_year.baseline is not None
    zero = Fraction(0)
    for start, target in ((zero, Fraction(5)), (Fraction(5), zero), (zero, zero)):
        result = evaluate_indicator(
            replace(
                given_year,
                baseline=replace(given_year.baseline, value=start),
                target=target,
                interim=(),
            )
        )
        assert result.attainment is not None
        assert result.has_figure


@given(NUMERIC, VALUES, VALUES)
def test_without_any_distance_it_is_all_or_nothing(
    kind: TargetKind, actual: Fraction, other: Fraction
) -> None:
    nothing = indicator(kind, quarters(actual), baseline=on_eve(0), target=0)
    assert evaluate_indicator(nothing).attainment in (0, 1)
    held = indicator(kind, quarters(other), baseline=on_eve(other), target=other)
    assert evaluate_indicator(held).attainment == 1


@given(years())
def test_achieved_means_that_the_target_is_met(given_year: IndicatorInput) -> None:
    result = evaluate_indicator(given_year)
    if result.status is Status.ACHIEVED:
        assert result.actual is not None
        assert given_year.target is not None
        sign = 1 if given_year.rule.kind is TargetKind.INCREASE else -1
        assert sign * (result.actual - given_year.target) >= 0


@given(years(least=4))
def test_a_full_year_that_meets_its_target_is_achieved(given_year: IndicatorInput) -> None:
    level = replace(given_year, rule=replace(given_year.rule, accumulation=Accumulation.LEVEL))
    assert level.target is not None
    assert evaluate_indicator(with_latest(level, level.target)).status is Status.ACHIEVED


@given(st.lists(VALUES, min_size=3, max_size=8), VALUES, VALUES)
def test_a_forecast_moves_with_its_figures(
    values: list[Fraction], factor: Fraction, shift: Fraction
) -> None:
    first = date(2026, 1, 31)
    series = [Point(first + timedelta(days=30 * i), value) for i, value in enumerate(values)]
    moved = [replace(point, value=point.value * factor + shift) for point in series]
    one, other = theil_sen(series, T4), theil_sen(moved, T4)
    assert one is not None
    assert other == one * factor + shift


@given(st.fractions(), st.integers(0, 6))
def test_decimal_text_is_within_half_a_unit(value: Fraction, decimals: int) -> None:
    text = render_decimal(value, decimals)
    assert abs(Fraction(text) - value) <= Fraction(1, 2 * 10**decimals)
    assert render_decimal(-value, decimals).lstrip("-") == text.lstrip("-")
