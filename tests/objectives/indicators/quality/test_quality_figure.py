"""A figure by itself: denominators, possible range, breakdown. Cases worked out by hand."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from objectives.indicators.engine import TargetKind
from objectives.indicators.quality import (
    Check,
    Dimension,
    Figure,
    Part,
    SeriesRule,
    Severity,
    check_figure,
)
from tests.objectives.indicators.quality.quality_builders import (
    REGION,
    SEX,
    THEME,
    checks,
    figure,
    rule,
    whole,
)

RATIO = rule(ratio=True, scale=100)
PERCENT = rule(ratio=True, scale=100, possible_low=0, possible_high=100, dimensions=(REGION,))
ZONES = rule(possible_low=30, possible_high=100, dimensions=(REGION, THEME))
WHOLES = rule(possible_low=30, possible_high=100)
BY_REGION = rule(dimensions=(REGION,))
BY_BOTH = rule(dimensions=(SEX, REGION))
OUT, ZERO, NEGATIVE = Check.OUT_OF_RANGE, Check.ZERO_DENOMINATOR, Check.NEGATIVE_DENOMINATOR
MISMATCH, INCOMPLETE = Check.BREAKDOWN_MISMATCH, Check.BREAKDOWN_INCOMPLETE
UNKNOWN = Check.BREAKDOWN_UNKNOWN


class FigureCase(NamedTuple):
    """What is found in a figure, with all values."""

    name: str
    rule: SeriesRule
    figure: Figure
    found: tuple[tuple[Check, Mapping[str, str]], ...] = ()


def mismatch(of: str, total: str, of_whole: str, difference: str, complete: str = "yes",
             dimensions: str = "region") -> tuple[Check, Mapping[str, str]]:  # fmt: skip
    return MISMATCH, {
        "dimensions": dimensions, "of": of, "sum": total, "whole": of_whole,
        "difference": difference, "complete": complete,
    }  # fmt: skip


def incomplete(
    given: str, expected: str, missing: str, dimensions: str = "region"
) -> tuple[Check, Mapping[str, str]]:
    return INCOMPLETE, {
        "dimensions": dimensions,
        "given": given,
        "expected": expected,
        "missing": missing,
    }


def parts(entry: Any, **numbers: Any) -> Figure:
    """A figure with parts by their key, for keys that are no Python name."""
    return figure(0, entry, parts={key: Part(Fraction(n)) for key, n in numbers.items()})


NO_REGION = incomplete("0", "3", "region=bru,region=vla,region=wal")

CASES = [
    # Denominators.
    FigureCase("a ratio", RATIO, figure(0, (1, 2))),
    FigureCase("none of some", RATIO, figure(0, (0, 2))),
    FigureCase("out of 0", RATIO, figure(0, (3, 0)), ((ZERO, {"numerator": "3"}),)),
    FigureCase("0 out of 0", RATIO, figure(0, (0, 0)), ((ZERO, {"numerator": "0"}),)),
    FigureCase("out of less than 0", RATIO, figure(0, (1, -2)),
               ((NEGATIVE, {"denominator": "-2", "numerator": "1"}),)),
    FigureCase("a quotient has no denominator", RATIO, figure(0, 50)),
    FigureCase("a count is not divided", rule(), figure(0, {"value": 1, "denominator": 0})),
    FigureCase("a part with nothing to count", PERCENT,
               whole((3, 4), region_bru=(1, 2), region_vla=(2, 2), region_wal=(0, 0))),
    FigureCase("a part out of 0", PERCENT,
               whole((3, 4), region_bru=(1, 2), region_vla=(1, 2), region_wal=(1, 0)),
               ((ZERO, {"key": "region=wal", "numerator": "1"}),)),
    # Possible range, bounds included.
    FigureCase("on the lower bound", WHOLES, figure(0, 30)),
    FigureCase("on the upper bound", WHOLES, figure(0, 100)),
    FigureCase("below", WHOLES, figure(0, "29.9"),
               ((OUT, {"value": "299/10", "low": "30", "high": "100"}),)),
    FigureCase("above", WHOLES, figure(0, 101),
               ((OUT, {"value": "101", "low": "30", "high": "100"}),)),
    FigureCase("only a lower bound", rule(possible_low=0), figure(0, -1),
               ((OUT, {"value": "-1", "low": "0"}),)),
    FigureCase("only an upper bound", rule(possible_high=0), figure(0, 1),
               ((OUT, {"value": "1", "high": "0"}),)),
    FigureCase("a ratio in its unit",
               rule(ratio=True, scale=100, possible_low=0, possible_high=100), figure(0, (3, 2)),
               ((OUT, {"value": "150", "low": "0", "high": "100"}),)),
    FigureCase("an ordinal level has no range",
               rule(kind=TargetKind.ORDINAL, possible_high=0), figure(0, {"level": 3})),
    FigureCase("a part of a sum may be smaller than the whole can be", ZONES,
               whole(30, region_bru=1, region_vla=15, region_wal=14)),
    FigureCase("but not below 0", ZONES,
               whole(30, region_bru=-1, region_vla=16, region_wal=15),
               ((OUT, {"key": "region=bru", "value": "-1", "low": "0", "high": "100"}),)),
    FigureCase("a part that is no addend has the range of the whole",
               rule(possible_low=30, possible_high=100, dimensions=(THEME,)),
               whole(40, theme_fire=29),
               ((OUT, {"key": "theme=fire", "value": "29", "low": "30", "high": "100"}),)),
    FigureCase("a part of a ratio has the range of the whole", PERCENT,
               whole((3, 6), region_bru=(2, 1), region_vla=(1, 2), region_wal=(0, 3)),
               ((OUT, {"key": "region=bru", "value": "200", "low": "0", "high": "100"}),)),
    # Sums of a count.
    FigureCase("no parts at all", BY_REGION, figure(0, 6), (NO_REGION,)),
    FigureCase("no parts of 0", BY_REGION, figure(0, 0), (NO_REGION,)),
    FigureCase("no parts that would add up to nothing known", rule(dimensions=(THEME,)),
               figure(0, 6)),
    FigureCase("one way to break it down of two", BY_BOTH,
               whole(6, region_bru=1, region_vla=2, region_wal=3),
               (incomplete("0", "2", "sex=f,sex=m", "sex"),)),
    FigureCase("the parts are the whole", BY_REGION,
               whole(6, region_bru=1, region_vla=2, region_wal=3)),
    FigureCase("zero is a part", BY_REGION,
               whole(5, region_bru=0, region_vla=2, region_wal=3)),
    FigureCase("the parts are one less", BY_REGION,
               whole(7, region_bru=1, region_vla=2, region_wal=3),
               (mismatch("value", "6", "7", "-1"),)),
    FigureCase("a hundredth too much is too much", BY_REGION,
               whole(6, region_bru="1.01", region_vla=2, region_wal=3),
               (mismatch("value", "601/100", "6", "1/100"),)),
    FigureCase("negative parts add up too", BY_REGION,
               whole(0, region_bru=-5, region_vla=2, region_wal=3)),
    FigureCase("one part is missing", BY_REGION, whole(6, region_bru=1, region_vla=2),
               (incomplete("2", "3", "region=wal"),)),
    FigureCase("even where the others are the whole", BY_REGION, whole(3, region_bru=1,
               region_vla=2), (incomplete("2", "3", "region=wal"),)),
    FigureCase("two parts are more than the whole", BY_REGION, whole(6, region_bru=4, region_vla=3),
               (mismatch("value", "7", "6", "1", "no"),)),
    FigureCase("the missing one may be negative where one is", BY_REGION,
               whole(6, region_bru=-1, region_vla=9), (incomplete("2", "3", "region=wal"),)),
    FigureCase("members that overlap need not add up", rule(dimensions=(THEME,)),
               whole(6, theme_fire=5, theme_flood=5)),
    FigureCase("a breakdown without a whole is not added up", BY_REGION,
               whole({}, region_bru=5)),
    # Sums of a ratio.
    FigureCase("numerators and denominators add up", PERCENT,
               whole((3, 6), region_bru=(1, 1), region_vla=(1, 2), region_wal=(1, 3))),
    FigureCase("the right ratio of wrong numbers", PERCENT,
               whole((4, 8), region_bru=(1, 1), region_vla=(1, 2), region_wal=(1, 3)),
               (mismatch("numerator", "3", "4", "-1"), mismatch("denominator", "6", "8", "-2"))),
    FigureCase("only the denominators are wrong", PERCENT,
               whole((3, 7), region_bru=(1, 1), region_vla=(1, 2), region_wal=(1, 3)),
               (mismatch("denominator", "6", "7", "-1"),)),
    FigureCase("numerators that exceed the whole", PERCENT,
               whole((3, 9), region_bru=(2, 2), region_vla=(2, 2)),
               (mismatch("numerator", "4", "3", "1", "no"),)),
    FigureCase("quotients cannot be added up", PERCENT,
               whole(50, region_bru=50, region_vla=40, region_wal=90)),
    # Two dimensions.
    FigureCase("every set of dimensions adds up by itself", BY_BOTH,
               whole(6, sex_f=2, sex_m=4, region_bru=1, region_vla=2, region_wal=3)),
    FigureCase("one of them does not", BY_BOTH,
               whole(6, sex_f=2, sex_m=3, region_bru=1, region_vla=2, region_wal=3),
               (mismatch("value", "5", "6", "-1", dimensions="sex"),)),
    FigureCase("crossed dimensions", BY_BOTH,
               whole(21, region_bru__sex_f=1, region_bru__sex_m=2, region_vla__sex_f=3,
                     region_vla__sex_m=4, region_wal__sex_f=5, region_wal__sex_m=6)),
    FigureCase("crossed dimensions, three of six", BY_BOTH,
               whole(21, region_bru__sex_f=1, region_bru__sex_m=2, region_wal__sex_m=6),
               (incomplete("3", "6", "region=vla;sex=f,region=vla;sex=m,region=wal;sex=f",
                           "region,sex"),)),
    FigureCase("crossed with one that does not add up",
               rule(dimensions=(REGION, THEME)), whole(6, region_bru__theme_fire=9)),
    # Keys.
    FigureCase("a member that is not there", BY_REGION, whole(6, region_lux=6),
               ((UNKNOWN, {"key": "region=lux"}),)),
    FigureCase("a dimension that is not there", BY_REGION, whole(6, sex_f=6),
               ((UNKNOWN, {"key": "sex=f"}), NO_REGION)),
    FigureCase("half of a pair known", BY_REGION, whole(6, region_bru__sex_f=6),
               ((UNKNOWN, {"key": "region=bru;sex=f"}),)),
    FigureCase("pairs in the wrong order", BY_BOTH, parts(6, **{"sex=f;region=bru": 6}),
               ((UNKNOWN, {"key": "sex=f;region=bru"}),
                incomplete("0", "2", "sex=f,sex=m", "sex"), NO_REGION)),
    FigureCase("one dimension twice", BY_REGION, parts(6, **{"region=bru;region=vla": 6}),
               ((UNKNOWN, {"key": "region=bru;region=vla"}), NO_REGION)),
    FigureCase("no key at all", BY_REGION, parts(6, **{"bru": 1, "": 2, "=": 3}),
               ((UNKNOWN, {"key": ""}), (UNKNOWN, {"key": "="}), (UNKNOWN, {"key": "bru"}),
                NO_REGION)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_figure_by_itself(case: FigureCase) -> None:
    findings = check_figure(case.rule, [], case.figure)
    assert [(finding.check, dict(finding.values)) for finding in findings] == [
        (check, dict(values)) for check, values in case.found
    ]
    for finding in findings:
        asks = finding.check is INCOMPLETE
        assert finding.severity is (Severity.WARNING if asks else Severity.ERROR)


def test_errors_come_before_warnings() -> None:
    given = rule(dimensions=(REGION, SEX), possible_high=5)
    findings = check_figure(given, [], whole(6, region_bru=1, sex_f=2, sex_m=3))
    assert checks(findings) == [OUT, MISMATCH, INCOMPLETE]


@pytest.mark.parametrize(
    ("entered_on", "more", "runs"),
    [
        (date(2023, 3, 30), {}, True),
        (date(2023, 3, 31), {}, False),
        (None, {}, False),
        (date(2023, 3, 30), {"done_on": date(2023, 3, 1)}, False),
        (date(2023, 3, 30), {"forecast_on": date(2023, 9, 1)}, True),
    ],
)
def test_a_figure_is_not_recorded_before_its_period_ends_unasked(
    entered_on: date | None, more: dict[str, Any], runs: bool
) -> None:
    kind = TargetKind.MILESTONE if more else TargetKind.INCREASE
    given = figure(0, more or 6, entered_on=entered_on)
    findings = check_figure(rule(kind=kind), [], given)
    assert checks(findings) == ([Check.PERIOD_RUNNING] if runs else [])
    for finding in findings:
        assert finding.severity is Severity.WARNING
        assert finding.values == {"entered_on": "2023-03-30", "period_end": "2023-03-31"}


def test_a_breakdown_of_many_combinations_names_a_few_missing_parts() -> None:
    wide = tuple(
        Dimension(f"d{index}", tuple(f"m{n:02}" for n in range(100)), adds_up=True)
        for index in range(8)
    )
    key = ";".join(f"d{index}=m00" for index in range(8))
    given = figure(0, 5, parts={key: Part(Fraction(1))})
    (finding,) = check_figure(rule(dimensions=wide), [], given)
    assert finding.values["expected"] == str(100**8)
    assert len(finding.values["missing"].split(",")) == 3


def test_numbers_of_the_database_are_taken_exactly() -> None:
    given = figure(0, {"value": Decimal("0.3")}, parts={
        "region=bru": Part(Decimal("0.1")),  # type: ignore[arg-type]
        "region=vla": Part(Decimal("0.1")),  # type: ignore[arg-type]
        "region=wal": Part(Decimal("0.1")),  # type: ignore[arg-type]
    })  # fmt: skip
    assert check_figure(BY_REGION, [], given) == ()


def test_input_that_contradicts_itself_is_refused() -> None:
    day = date(2026, 1, 1)
    with pytest.raises(ValueError, match="before it starts"):
        Figure(period_start=date(2026, 2, 1), period_end=day, due_on=day)
    with pytest.raises(ValueError, match="upside down"):
        rule(possible_low=1, possible_high=0)
    with pytest.raises(ValueError, match="twice"):
        rule(dimensions=(REGION, REGION))
    with pytest.raises(ValueError, match="twice"):
        Dimension("region", ("bru", "bru"), adds_up=True)
    with pytest.raises(ValueError, match="exact"):
        figure(0, {"value": 0.1})
