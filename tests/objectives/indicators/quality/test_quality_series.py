"""Figures against what came before them: cases worked out by hand.

RISE is a flow with median 12 and deviations 2, 0, 1, 1, 2, so MAD 1: a number is usual within
3.5 / 0.6745 = 7000/1349 (5.189...) of 12, from 9188/1349 (6.811) to 23188/1349 (17.189).
STEPS is a level that changes by those numbers up to 160: from 166.811 to 177.189 is usual next.
FEW is a flow of four: usual from a third of 12, 4, to three times 18, 54.
"""

from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from objectives.indicators.engine import Accumulation, TargetKind
from objectives.indicators.periods import Period
from objectives.indicators.quality import (
    Check,
    Figure,
    SeriesRule,
    Severity,
    check_figure,
    check_series,
    rough_range,
    usual_range,
)
from tests.objectives.indicators.quality.quality_builders import (
    Entry,
    checks,
    figure,
    found_after,
    quarter,
    rule,
    series,
    slot,
)

LEVEL, TO_DATE = Accumulation.LEVEL, Accumulation.TO_DATE
FLOW_RULE, LEVEL_RULE, TO_DATE_RULE = rule(), rule(LEVEL), rule(TO_DATE)
PERCENT = rule(ratio=True, scale=100)
RISE = (10, 12, 11, 13, 14)
STEPS = (100, 110, 122, 133, 146, 160)
FEW = (12, 15, 18, 14)
OF_HUNDRED = tuple((number, 100) for number in RISE)
OUTLIER, UNCHANGED, FALL = Check.OUTLIER, Check.UNCHANGED, Check.FALL_OF_TO_DATE


class SeriesCase(NamedTuple):
    """What is found in a figure that follows on earlier ones."""

    name: str
    rule: SeriesRule
    earlier: tuple[Entry | None, ...]
    figure: Entry
    found: tuple[Check, ...] = ()


def breaking(index: int, *, day: int = 1, **fields: Any) -> SeriesRule:
    """A flow whose series breaks in a quarter, on its first day or later."""
    start = quarter(index).start
    return rule(breaks=(start.replace(day=day),), **fields)


CASES = [
    # Outliers of a flow.
    SeriesCase("flow at its median", FLOW_RULE, RISE, 12),
    SeriesCase("flow just inside, high", FLOW_RULE, RISE, "17.189"),
    SeriesCase("flow just outside, high", FLOW_RULE, RISE, "17.190", (OUTLIER,)),
    SeriesCase("flow exactly on the limit", FLOW_RULE, RISE, Fraction(23188, 1349)),
    SeriesCase("flow just inside, low", FLOW_RULE, RISE, "6.811"),
    SeriesCase("flow just outside, low", FLOW_RULE, RISE, "6.810", (OUTLIER,)),
    SeriesCase("flow ten times too high", FLOW_RULE, RISE, 120, (OUTLIER,)),
    SeriesCase("zero can be an outlier", FLOW_RULE, RISE, 0, (OUTLIER,)),
    SeriesCase("a sign that slipped in", FLOW_RULE, RISE, -12, (OUTLIER,)),
    SeriesCase("a falling flow is judged alike", rule(kind=TargetKind.DECREASE), RISE, 18,
               (OUTLIER,)),
    SeriesCase("so is one that is to stay in a range", rule(kind=TargetKind.RANGE), RISE, 18,
               (OUTLIER,)),
    SeriesCase("four figures say too little for it", FLOW_RULE, RISE[:4], 18),
    SeriesCase("a gap is not a figure", FLOW_RULE, (10, 12, None, 13, 14), 18),
    SeriesCase("five figures around a gap do", FLOW_RULE, (10, 12, None, 11, 13, 14), 18,
               (OUTLIER,)),
    SeriesCase("an earlier outlier does not hide the next", FLOW_RULE, (10, 12, 11, 13, 1000), 500,
               (OUTLIER,)),
    # MAD 0, mean deviation 1: within 3.5 x 1.253314 = 4.386599 of 10.
    SeriesCase("mostly the same, on the limit", FLOW_RULE, (10, 10, 10, 10, 15), "14.386599"),
    SeriesCase("mostly the same, over it", FLOW_RULE, (10, 10, 10, 10, 15), "14.3866", (OUTLIER,)),
    SeriesCase("always the same says nothing", FLOW_RULE, (10, 10, 10, 10, 10), 99),
    SeriesCase("zeros and then one", FLOW_RULE, (0, 0, 0, 0, 0), 1),
    # Median (11 + 12) / 2 = 11.5, deviations 1.5 0.5 0.5 1.5 2.5 1.5: MAD 1.5, reach 7.7835.
    SeriesCase("an even number of figures, inside", FLOW_RULE, (10, 12, 11, 13, 14, 10), "19.28"),
    SeriesCase("an even number of figures, outside", FLOW_RULE, (10, 12, 11, 13, 14, 10), "19.29",
               (OUTLIER,)),
    # Few figures: a third of the smallest to three times the largest.
    SeriesCase("few figures, at three times the largest", FLOW_RULE, FEW, 54),
    SeriesCase("few figures, over it", FLOW_RULE, FEW, "54.01", (OUTLIER,)),
    SeriesCase("few figures, at a third of the smallest", FLOW_RULE, FEW, 4),
    SeriesCase("few figures, under it", FLOW_RULE, FEW, "3.99", (OUTLIER,)),
    SeriesCase("few figures and a sign that slipped in", FLOW_RULE, FEW, -14, (OUTLIER,)),
    SeriesCase("few figures and a slipped decimal", FLOW_RULE, (170, 168, 175), 1800, (OUTLIER,)),
    SeriesCase("a waiting time in tenths, after a break", breaking(1), (20, "4.6", "4.7", "4.5"),
               46, (OUTLIER,)),
    SeriesCase("two figures are enough", FLOW_RULE, (22, 30), 0, (OUTLIER,)),
    SeriesCase("one is not", FLOW_RULE, (22,), 0),
    SeriesCase("after a 0 anything small is usual", FLOW_RULE, (22, 0), 30),
    SeriesCase("but not three times the largest", FLOW_RULE, (22, 0), 67, (OUTLIER,)),
    SeriesCase("of zeros nothing is three times as much", FLOW_RULE, (0, 0, 0), 9),
    SeriesCase("numbers below 0 have no orders of magnitude", FLOW_RULE, (-3, 4), 900),
    SeriesCase("few ratios compare their value", PERCENT, ((10, 100), (24, 200)), (37, 100),
               (OUTLIER,)),
    SeriesCase("few levels are compared themselves", LEVEL_RULE, STEPS[:3], 367, (OUTLIER,)),
    SeriesCase("a level may step within them", LEVEL_RULE, STEPS[:3], 366),
    SeriesCase("five levels are four steps, still few", LEVEL_RULE, STEPS[:5], 439, (OUTLIER,)),
    SeriesCase("a running total of another order", TO_DATE_RULE, (20, 40), 400, (OUTLIER,)),
    SeriesCase("a running total that loses a digit", TO_DATE_RULE, (120, 140), 14, (FALL, OUTLIER)),
    # 3.5 steps of 1: from 0 (1 - 3.5) to 5.5 (2 + 3.5, as 3 x 2 is more: 6).
    SeriesCase("rounding is left alone", rule(smallest_step=1), (1, 2), 0),
    SeriesCase("small counts, three times the largest", rule(smallest_step=1), (1, 2), 6),
    SeriesCase("small counts, over it", rule(smallest_step=1), (1, 2), 7, (OUTLIER,)),
    SeriesCase("a smaller count, within 3.5 of it", rule(smallest_step=1), (0, 1), 4),
    SeriesCase("a smaller count, beyond 3.5", rule(smallest_step=1), (0, 1), 5, (OUTLIER,)),
    # Ratios compare their value.
    SeriesCase("a usual ratio over a larger number", PERCENT, OF_HUNDRED, (34, 200)),
    SeriesCase("an unusual ratio over the same number", PERCENT, OF_HUNDRED, (18, 100),
               (OUTLIER,)),
    SeriesCase("a ratio without a value is not compared", PERCENT, (*OF_HUNDRED[:4], (1, 0)),
               (18, 100)),
    SeriesCase("a ratio given as a quotient", PERCENT, RISE, 18, (OUTLIER,)),
    # A level and a running total: the change.
    SeriesCase("level with a usual change", LEVEL_RULE, STEPS, 177),
    SeriesCase("level with too large a change", LEVEL_RULE, STEPS, 178, (OUTLIER,)),
    SeriesCase("level that stands still among steps", LEVEL_RULE, STEPS, 160, (OUTLIER,)),
    SeriesCase("level with four changes", LEVEL_RULE, STEPS[:5], 178),
    SeriesCase("running total with a usual change", TO_DATE_RULE, STEPS, 167),
    SeriesCase("running total that jumps", TO_DATE_RULE, STEPS, 300, (OUTLIER,)),
    SeriesCase("running total that falls far", TO_DATE_RULE, STEPS, 100, (FALL, OUTLIER)),
    # Never levels by name or dates.
    SeriesCase(
        "ordinal levels are not numbers",
        rule(LEVEL, kind=TargetKind.ORDINAL),
        tuple({"level": 1, "value": Fraction(number)} for number in STEPS),
        {"level": 4, "value": Fraction(999)},
    ),
    # Breaks.
    SeriesCase("a break before the figure", breaking(5), RISE, 1000),
    SeriesCase("a break inside the figure's quarter", breaking(5, day=20), RISE, 1000),
    SeriesCase("a break that leaves four", breaking(1), RISE, 18),
    SeriesCase("a break that leaves five", breaking(0), RISE, 18, (OUTLIER,)),
    SeriesCase("a break after the figure", breaking(6), RISE, 18, (OUTLIER,)),
    SeriesCase("a flow over a break is left out", breaking(0, day=2), RISE, 18),
    SeriesCase(
        "a level at the end of the quarter of a break counts",
        rule(LEVEL, breaks=(date(2023, 2, 1),)), STEPS, 178, (OUTLIER,),
    ),
    # Falls.
    SeriesCase("running total that falls", TO_DATE_RULE, (10, 20), 15, (FALL,)),
    SeriesCase("running total that stands still", TO_DATE_RULE, (20, 20, 20, 20), 20),
    SeriesCase("only the figure before it counts", TO_DATE_RULE, (30, 20), 25),
    SeriesCase("running total that starts again after a break",
               breaking(2, accumulation=TO_DATE), (10, 20), 5),
    SeriesCase("a level may fall", LEVEL_RULE, (10, 20), 15),
    SeriesCase("a running ratio that falls", rule(TO_DATE, ratio=True), ((5, 10), (6, 10)),
               (11, 20), (FALL,)),
    # Unchanged.
    SeriesCase("three in a row", FLOW_RULE, (7, 7), 7),
    SeriesCase("four in a row", FLOW_RULE, (7, 7, 7), 7, (UNCHANGED,)),
    SeriesCase("four in a row of a level, after another", LEVEL_RULE, (5, 7, 7, 7), 7,
               (UNCHANGED,)),
    SeriesCase("four in a row around a gap", FLOW_RULE, (7, 7, None, 7), 7, (UNCHANGED,)),
    SeriesCase("below zero as well", FLOW_RULE, (-3, -3, -3), -3, (UNCHANGED,)),
    SeriesCase("not in a row", FLOW_RULE, (7, 7, 8, 7), 7),
    SeriesCase("a row of zeros", FLOW_RULE, (0, 0, 0, 0), 0),
    SeriesCase("inside a range standing still is the aim", rule(LEVEL, kind=TargetKind.RANGE),
               (7, 7, 7), 7),
    SeriesCase("a row over a break", breaking(2), (7, 7, 7), 7),
    SeriesCase("the same numerator and denominator", PERCENT, ((5, 5), (5, 5), (5, 5)), (5, 5),
               (UNCHANGED,)),
    SeriesCase("the same ratio of other numbers", PERCENT, ((5, 5), (6, 6), (5, 5)), (7, 7)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_figure_after_earlier_ones(case: SeriesCase) -> None:
    findings = found_after(case.rule, case.earlier, case.figure)
    assert checks(findings) == sorted(case.found, key=list(Check).index)
    assert all(finding.severity is Severity.WARNING for finding in findings)


def test_an_unusual_flow_says_what_would_be_usual() -> None:
    (finding,) = found_after(FLOW_RULE, RISE, 18)
    assert finding.values == {
        "value": "18",
        "median": "12",
        "low": "9188/1349",
        "high": "23188/1349",
        "compared": "figure",
        "count": "5",
    }


def test_an_unusual_change_is_told_in_terms_of_the_figure() -> None:
    (finding,) = found_after(LEVEL_RULE, STEPS, 178)
    assert finding.values == {
        "value": "178",
        "median": "172",
        "low": str(160 + Fraction(9188, 1349)),
        "high": str(160 + Fraction(23188, 1349)),
        "compared": "change",
        "count": "5",
        "previous": "160",
        "previous_end": "2024-06-30",
    }


def test_a_figure_far_from_a_few_says_from_which() -> None:
    (finding,) = found_after(rule(possible_high=50), FEW, 3)
    assert finding.severity is Severity.WARNING
    assert finding.values == {
        "value": "3",
        "smallest": "12",
        "largest": "18",
        "low": "4",
        "high": "50",
        "compared": "few",
        "count": "4",
    }


def test_a_rough_range_takes_two_figures_and_no_sign() -> None:
    rough = rough_range([Fraction(18), Fraction(12)], Fraction(1))
    assert rough is not None
    assert (rough.low, rough.high) == (Fraction(4), Fraction(54))
    assert rough_range([Fraction(12)]) is None
    assert rough_range([Fraction(-1), Fraction(12)]) is None
    assert rough_range([Fraction(0)] * 4, Fraction(1)) is None


def test_the_usual_range_stays_within_what_is_possible() -> None:
    (finding,) = found_after(rule(possible_low=8, possible_high=20), RISE, 18)
    assert (finding.values["low"], finding.values["high"]) == ("8", "23188/1349")


def test_a_fall_names_the_figure_that_it_falls_below() -> None:
    (finding,) = found_after(TO_DATE_RULE, (10, 20), 15)
    assert finding.values == {"value": "15", "previous": "20", "previous_end": "2023-06-30"}


def test_a_row_of_equal_figures_is_counted_from_its_first() -> None:
    (finding,) = found_after(FLOW_RULE, (6, 7, 7, 7, 7), 7)
    assert finding.values == {"value": "7", "periods": "5", "since": "2023-04-01"}


def test_a_year_is_not_compared_with_quarters() -> None:
    year = Period(date(2024, 1, 1), "Y")
    yearly = Figure(
        period_start=year.start, period_end=year.end, due_on=year.due_on(15), value=Fraction(50)
    )
    assert check_figure(FLOW_RULE, series(*RISE), yearly) == ()
    assert checks(check_figure(FLOW_RULE, series(*RISE), figure(5, 50))) == [OUTLIER]


def test_later_figures_do_not_count_when_an_old_one_is_corrected() -> None:
    others = [figure(index, number) for index, number in enumerate((*RISE, 12, 12, 12)) if index]
    assert check_figure(FLOW_RULE, others, figure(0, 1000)) == ()
    assert check_figure(FLOW_RULE, others, figure(5, 12)) == ()


MILESTONE = rule(LEVEL, kind=TargetKind.MILESTONE)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"forecast_on": date(2023, 3, 1)}, True),
        ({"forecast_on": date(2023, 3, 31)}, True),
        ({"forecast_on": date(2023, 4, 1)}, False),
        ({"forecast_on": date(2023, 3, 1), "done_on": date(2023, 3, 5)}, False),
        ({}, False),
    ],
    ids=["passed", "passed on the last day", "ahead", "done", "nothing known"],
)
def test_forecast_of_a_milestone(fields: dict[str, Any], found: bool) -> None:
    findings = check_figure(MILESTONE, [], figure(0, fields))
    assert checks(findings) == ([Check.FORECAST_PASSED] if found else [])
    assert all(finding.values["period_end"] == "2023-03-31" for finding in findings)


def test_a_series_lists_what_is_late_and_what_is_missing_in_order_of_time() -> None:
    figures = [
        figure(2, 11, recorded_on=date(2023, 10, 16)),
        figure(0, 10, recorded_on=date(2023, 4, 15)),
    ]
    due = [slot(0, measured=True), slot(1), slot(2, measured=True), slot(3), slot(4)]
    findings = check_series(FLOW_RULE, figures, due=due, reference_date=date(2024, 1, 15))
    assert [(start, finding.check, finding.severity) for start, finding in findings] == [
        (date(2023, 4, 1), Check.MISSING, Severity.NOTICE),
        (date(2023, 7, 1), Check.LATE, Severity.NOTICE),
        (date(2023, 10, 1), Check.MISSING, Severity.NOTICE),
    ]
    assert [dict(finding.values) for _start, finding in findings] == [
        {"period_end": "2023-06-30", "due_on": "2023-07-15", "days": "184"},
        {"recorded_on": "2023-10-16", "due_on": "2023-10-15", "days": "1"},
        {"period_end": "2023-12-31", "due_on": "2024-01-15", "days": "0"},
    ]


def test_a_slot_that_has_a_figure_is_not_missing_whatever_the_slot_says() -> None:
    findings = check_series(
        FLOW_RULE, [figure(0, 0)], due=[slot(0)], reference_date=date(2024, 1, 1)
    )
    assert findings == ()


def test_a_series_is_checked_figure_by_figure() -> None:
    findings = check_series(
        FLOW_RULE, series(*RISE, 18, 12), due=[], reference_date=date(2024, 12, 31)
    )
    assert [(start, finding.check) for start, finding in findings] == [
        (quarter(5).start, OUTLIER),
    ]


def test_usual_range_by_the_definition_of_iglewicz_and_hoaglin() -> None:
    usual = usual_range([Fraction(number) for number in RISE])
    assert usual is not None
    assert (usual.high - usual.median) * Fraction("0.6745") == Fraction("3.5")
    assert usual.median - usual.low == usual.high - usual.median
    assert usual.count == 5


def test_rounding_is_no_outlier() -> None:
    """Steps of 0.1 now and then: the next one of 0.3 lies within 3.5 units of the last decimal."""
    steps = [Fraction(n, 10) for n in (1, 1, 0, 1, 1, 1, 1, 0)]
    finer = usual_range(steps)
    usual = usual_range(steps, Fraction(1, 10))
    assert finer is not None
    assert Fraction(6, 10) not in finer
    assert usual is not None
    assert Fraction(3, 10) in usual
    assert (usual.low, usual.high) == (Fraction(1, 10) - Fraction(35, 100), Fraction(45, 100))
    assert usual_range([Fraction(1)] * 9, Fraction(1, 10)) is None
