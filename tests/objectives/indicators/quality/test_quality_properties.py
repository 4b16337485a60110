"""What holds for any series."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from objectives.indicators.engine import Accumulation, TargetKind
from objectives.indicators.quality import (
    SEVERITIES,
    Check,
    Figure,
    Part,
    SeriesRule,
    check_figure,
    check_series,
)
from tests.objectives.indicators.quality.quality_builders import (
    REGION,
    SEX,
    THEME,
    checks,
    figure,
    found_after,
    quarter,
    rule,
    series,
    slot,
)

VALUES = st.one_of(
    st.integers(min_value=-3, max_value=3).map(Fraction),
    st.fractions(min_value=-1000, max_value=1000, max_denominator=100),
)
POSITIVE = st.fractions(min_value=Fraction(1, 100), max_value=1000, max_denominator=100)
SERIES = st.lists(VALUES, min_size=1, max_size=12)
# With five steps before the last number, whatever is compared: the robust rule alone.
LONG_SERIES = st.lists(VALUES, min_size=7, max_size=14)
FEW = st.lists(POSITIVE | st.just(Fraction(0)), min_size=2, max_size=4)
ACCUMULATIONS = st.sampled_from(Accumulation)
KEYS = st.one_of(
    st.sampled_from(
        ["region=bru", "region=vla", "region=wal", "sex=f", "region=bru;sex=f", "theme=fire", ""]
    ),
    st.text(alphabet="abru=;region", max_size=15),
)
NUMBERS: dict[str, st.SearchStrategy[Any]] = {
    "value": st.none() | VALUES,
    "numerator": st.none() | VALUES,
    "denominator": st.none() | VALUES,
}
DAYS = st.dates(date(2022, 1, 1), date(2027, 12, 31))
FIELDS = st.fixed_dictionaries(
    {
        **NUMBERS,
        "level": st.none() | st.integers(0, 4),
        "done_on": st.none() | DAYS,
        "forecast_on": st.none() | DAYS,
        "recorded_on": st.none() | DAYS,
        "parts": st.dictionaries(KEYS, st.builds(Part, **NUMBERS), max_size=5),
    }
)


@st.composite
def rules(draw: st.DrawFn) -> SeriesRule:
    """Any rule that can be built."""
    low, high = sorted(draw(st.tuples(VALUES, VALUES)))
    return SeriesRule(
        kind=draw(st.sampled_from(TargetKind)),
        accumulation=draw(ACCUMULATIONS),
        ratio=draw(st.booleans()),
        scale=draw(st.sampled_from([Fraction(1), Fraction(100)])),
        possible_low=draw(st.sampled_from([None, low])),
        possible_high=draw(st.sampled_from([None, high])),
        dimensions=draw(st.sampled_from([(), (REGION,), (REGION, SEX, THEME)])),
        breaks=tuple(draw(st.lists(DAYS, max_size=2))),
    )


@st.composite
def any_series(draw: st.DrawFn) -> list[Figure]:
    """Figures of different quarters, in any order, with anything in them."""
    indices = draw(st.lists(st.integers(0, 15), unique=True, max_size=10))
    return [figure(index, draw(FIELDS)) for index in indices]


def outcome(accumulation: Accumulation, numbers: list[Fraction]) -> list[Check]:
    """What is found in the last of some numbers, as a rising indicator."""
    return checks(found_after(rule(accumulation), numbers[:-1], numbers[-1]))


@given(rules(), any_series(), st.lists(st.integers(0, 15), unique=True), DAYS)
def test_whatever_can_be_built_gets_findings_in_exact_text(
    any_rule: SeriesRule, figures: list[Figure], due: list[int], reference: date
) -> None:
    findings = check_series(
        any_rule, figures, due=[slot(index) for index in due], reference_date=reference
    )
    starts = {quarter(index).start for index in range(16)}
    for start, finding in findings:
        assert start in starts
        assert finding.severity is SEVERITIES[finding.check]
        for name in {"value", "low", "high", "median", "smallest", "largest", "sum", "whole"} & set(
            finding.values
        ):
            assert str(Fraction(finding.values[name])) == finding.values[name]


@given(rules(), any_series(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(
    any_rule: SeriesRule, figures: list[Figure], random: Any
) -> None:
    shuffled = random.sample(figures, len(figures))
    due = [slot(index) for index in range(16)]
    answers = [
        check_series(any_rule, order, due=slots, reference_date=date(2026, 12, 31))
        for order, slots in ((figures, due), (shuffled, due[::-1]))
    ]
    assert answers[0] == answers[1]


@given(rules(), any_series())
def test_a_page_of_the_series_finds_what_the_entry_of_each_figure_found(
    any_rule: SeriesRule, figures: list[Figure]
) -> None:
    on_time = [replace(each, recorded_on=None) for each in figures]
    listed = check_series(any_rule, on_time, due=[], reference_date=date(2026, 12, 31))
    entered = [
        (each.period_start, finding)
        for position, each in enumerate(sorted(on_time, key=lambda each: each.period_start))
        for finding in check_figure(
            any_rule, sorted(on_time, key=lambda each: each.period_start)[:position], each
        )
    ]
    assert list(listed) == entered


@given(ACCUMULATIONS, SERIES, POSITIVE)
def test_another_unit_finds_the_same(
    accumulation: Accumulation, numbers: list[Fraction], factor: Fraction
) -> None:
    scaled = [number * factor for number in numbers]
    assert outcome(accumulation, scaled) == outcome(accumulation, numbers)


@given(ACCUMULATIONS, LONG_SERIES, VALUES)
def test_another_zero_finds_the_same(
    accumulation: Accumulation, numbers: list[Fraction], shift: Fraction
) -> None:
    """Apart from a row of zeros, which is an answer while a row of sevens is a question."""
    moved = [number + shift for number in numbers]
    assume(0 not in (numbers[-1], moved[-1]))
    assert outcome(accumulation, moved) == outcome(accumulation, numbers)


@given(LONG_SERIES)
def test_a_mirrored_series_has_the_same_outliers(numbers: list[Fraction]) -> None:
    mirrored = [-number for number in numbers]
    for accumulation in (Accumulation.FLOW, Accumulation.LEVEL):
        assert outcome(accumulation, mirrored) == outcome(accumulation, numbers)


@given(st.lists(VALUES, min_size=5, max_size=12), VALUES)
def test_only_what_lies_far_outside_a_robust_interval_is_flagged(
    earlier: list[Fraction], number: Fraction
) -> None:
    """Five times the median deviation is inside the rule's 5.189..., 5.2 times is outside."""
    middle = median(earlier)
    spread = median(abs(each - middle) for each in earlier)
    flagged = Check.OUTLIER in outcome(Accumulation.FLOW, [*earlier, number])
    if spread and abs(number - middle) <= 5 * spread:
        assert not flagged
    if spread and abs(number - middle) > Fraction(52, 10) * spread:
        assert flagged
    if number == middle or len(set(earlier)) == 1:
        assert not flagged


@given(ACCUMULATIONS, FEW, VALUES)
def test_far_from_a_few_figures_is_another_order_of_magnitude(
    accumulation: Accumulation, earlier: list[Fraction], number: Fraction
) -> None:
    """The rule as it is told on the page, written down once more."""
    far = 3 * number < min(earlier) or number > 3 * max(earlier)
    flagged = Check.OUTLIER in outcome(accumulation, [*earlier, number])
    assert flagged == (far and max(earlier) > 0)
    assert Check.OUTLIER not in outcome(accumulation, [*earlier, *earlier[:1]])


@given(ACCUMULATIONS, FEW, POSITIVE)
def test_the_order_of_a_few_figures_does_not_matter(
    accumulation: Accumulation, earlier: list[Fraction], number: Fraction
) -> None:
    flagged = Check.OUTLIER in outcome(accumulation, [*earlier, number])
    assert flagged == (Check.OUTLIER in outcome(accumulation, [*sorted(earlier), number]))


@given(ACCUMULATIONS, st.lists(VALUES, min_size=1, max_size=4), VALUES)
def test_a_few_figures_with_one_below_zero_say_nothing(
    accumulation: Accumulation, earlier: list[Fraction], number: Fraction
) -> None:
    below = [*earlier[:3], Fraction(-1)]
    assert Check.OUTLIER not in outcome(accumulation, [*below, number])


@given(st.sampled_from(Accumulation), st.lists(VALUES, min_size=6, max_size=12), VALUES)
def test_a_figure_at_either_end_of_the_usual_range_is_usual(
    accumulation: Accumulation, earlier: list[Fraction], number: Fraction
) -> None:
    findings = found_after(rule(accumulation), earlier, number)
    for finding in findings:
        if finding.check is Check.OUTLIER:
            low, high = (Fraction(finding.values[name]) for name in ("low", "high"))
            assert not low <= number <= high
            for bound in (low, high):
                assert Check.OUTLIER not in outcome(accumulation, [*earlier, bound])
            beyond = high + Fraction(1, 10**9)
            assert Check.OUTLIER in outcome(accumulation, [*earlier, beyond])


@given(ACCUMULATIONS, SERIES, st.lists(VALUES, max_size=4), VALUES)
def test_later_figures_change_nothing(
    accumulation: Accumulation, earlier: list[Fraction], later: list[Fraction], number: Fraction
) -> None:
    now = figure(len(earlier), number)
    after = [figure(len(earlier) + n, each) for n, each in enumerate(later, 1)]
    before = series(*earlier)
    given_rule = rule(accumulation)
    assert check_figure(given_rule, [*after, *before], now) == check_figure(given_rule, before, now)


@given(ACCUMULATIONS, SERIES, VALUES)
def test_after_a_series_break_there_is_nothing_to_compare_with(
    accumulation: Accumulation, earlier: list[Fraction], number: Fraction
) -> None:
    broken = rule(accumulation, breaks=(quarter(len(earlier)).start,))
    assert found_after(broken, earlier, number) == ()


@given(VALUES, VALUES, VALUES, VALUES)
def test_parts_add_up_exactly_or_not_at_all(
    brussels: Fraction, flanders: Fraction, wallonia: Fraction, error: Fraction
) -> None:
    parts = {
        "region=bru": Part(brussels),
        "region=vla": Part(flanders),
        "region=wal": Part(wallonia),
    }
    total = brussels + flanders + wallonia
    given_rule = rule(dimensions=(REGION,))
    assert check_figure(given_rule, [], figure(0, total, parts=parts)) == ()
    wrong = check_figure(given_rule, [], figure(0, total + error, parts=parts))
    assert checks(wrong) == ([Check.BREAKDOWN_MISMATCH] if error else [])


@given(SERIES)
def test_a_running_total_that_only_rises_has_not_fallen(steps: list[Fraction]) -> None:
    total, totals = Fraction(0), []
    for step in steps:
        total += abs(step)
        totals.append(total)
    assert Check.FALL_OF_TO_DATE not in outcome(Accumulation.TO_DATE, totals)
    assert Check.FALL_OF_TO_DATE in outcome(Accumulation.TO_DATE, [*totals, total - 1])
