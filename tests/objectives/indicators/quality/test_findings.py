"""Findings as a planner reads them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from objectives.indicators.engine import Accumulation, TargetKind
from objectives.indicators.findings import check_label, finding_text, part_text, severity_label
from objectives.indicators.quality import (
    Check,
    Figure,
    Finding,
    SeriesRule,
    Severity,
    check_figure,
    check_series,
)
from tests.objectives.indicators.quality.quality_builders import (
    REGION,
    SEX,
    figure,
    found_after,
    rule,
    slot,
    whole,
)

NAMES = {
    "region": "Region",
    "region=bru": "Brussels",
    "region=vla": "Flanders",
    "region=wal": "Wallonia",
    "sex": "Sex",
    "sex=f": "women",
}
LEVEL, TO_DATE = Accumulation.LEVEL, Accumulation.TO_DATE
BY_REGION = rule(dimensions=(REGION,))
PERCENT = rule(ratio=True, scale=100, dimensions=(REGION,))
NBSP = "\N{NO-BREAK SPACE}"


def texts(
    findings: Sequence[Finding], decimals: int = 0, unit: str = "", **names: str
) -> list[str]:
    """The findings in English, with ordinary spaces."""
    with override("en"):
        found = [
            finding_text(finding, decimals=decimals, unit=unit, names={**NAMES, **names})
            for finding in findings
        ]
    return [text.replace(NBSP, " ") for text in found]


def test_an_unusual_flow_is_told_with_bounds_that_are_usual_themselves() -> None:
    # Exactly from 6.811... to 17.189...: 7 and 17 are usual, 6.8 and 17.2 are not.
    findings = found_after(rule(), (10, 12, 11, 13, 14), 18)
    (text,) = texts(findings, unit="zones")
    assert text == (
        "18 zones is far from the 5 earlier figures: 7 to 17 zones would be usual, with 12 zones "
        "in the middle (modified z-score, limit 3.5). Check the figure; confirm it if it is right."
    )
    (text,) = texts(findings, decimals=1)
    assert "6.9 to 17.1 would be usual" in text


def test_a_figure_far_from_a_few_is_told_with_those_few() -> None:
    findings = found_after(rule(), (170, 168, 175), 1800)
    (text,) = texts(findings, unit="zones")
    assert text == (
        "1 800 zones is far from the 3 earlier figures, which lie between 168 zones and 175 zones: "
        "with so few of them, 56 to 525 zones would be usual (a third of the smallest to 3 times "
        "the largest). Check the figure; confirm it if it is right."
    )


def test_bounds_that_whole_numbers_cannot_tell_apart_get_decimals() -> None:
    # Median 0.4, MAD 0.01: usual from 0.3481 to 0.4519.
    numbers = ("0.39", "0.4", "0.41", "0.4", "0.38", "0.42")
    (text,) = texts(found_after(rule(), numbers, 1))
    assert "0.4 to 0.4 would be usual" in text


def test_an_unusual_step_names_the_figure_that_it_starts_from() -> None:
    (text,) = texts(found_after(rule(LEVEL), (100, 110, 122, 133, 146, 160), 178))
    assert text.startswith(
        "From 160 to 178 is an unusual step, judged by the 5 steps before it: 167 to 177 would be"
    )


@pytest.mark.parametrize(
    ("fields", "value", "sentence"),
    [
        ({"possible_low": 0, "possible_high": 90}, "90.25",
         "90.25 % is not possible: the definition allows 0 to 90 %. Correct the figure; if the "
         "limits are wrong, have the definition changed."),
        ({"possible_low": 0}, -1, "-1 % is not possible: the definition allows no less than 0 %."),
        ({"possible_high": 90}, 91,
         "91 % is not possible: the definition allows no more than 90 %."),
    ],
)  # fmt: skip
def test_what_is_not_possible_names_the_limit(
    fields: dict[str, Any], value: Any, sentence: str
) -> None:
    (text,) = texts(found_after(rule(**fields), [], value), unit="%")
    assert text.replace("\N{MINUS SIGN}", "-").startswith(sentence)


def test_a_part_is_named_before_what_is_wrong_with_it() -> None:
    findings = check_figure(
        PERCENT, [], whole((3, 4), region_bru=(1, 2), region_vla=(1, 2), region_wal=(1, 0))
    )
    assert texts(findings) == [
        "Wallonia: The denominator is 0 and the numerator 1. Correct one of the two: 0 out of 0 "
        "says that there was nothing to count."
    ]


def test_a_breakdown_that_does_not_add_up_names_both_sums() -> None:
    findings = check_figure(BY_REGION, [], whole(7, region_bru="1.5", region_vla=2, region_wal=3))
    assert texts(findings, unit="zones") == [
        "The parts by Region add up to 6.5 zones; the whole is 7 zones (difference: "
        "\N{MINUS SIGN}0.5 zones). Correct a part or the whole."
    ]


def test_numerators_are_not_in_the_unit_of_the_ratio() -> None:
    findings = check_figure(PERCENT, [], whole((3, 9), region_bru=(2, 2), region_vla=(2, 2)))
    assert texts(findings, decimals=1, unit="%") == [
        "Not all parts by Region are filled in, and their numerators already add up to 4; that of "
        "the whole is only 3. Correct a part or the whole."
    ]


def test_an_incomplete_breakdown_names_what_is_missing() -> None:
    given = rule(dimensions=(REGION, SEX))
    (text,) = texts(check_figure(given, [], whole(9, region_bru__sex_f=1, region_vla__sex_m=2)))
    assert text == (
        "By Region, Sex, 2 of 6 parts have a figure; missing: Brussels, m / Flanders, women / "
        "Wallonia, women and 1 other. Complete the breakdown, or confirm that the rest is not "
        "known."
    )
    (text,) = texts(check_figure(BY_REGION, [], whole(9, region_bru=1, region_vla=2)))
    assert "missing: Wallonia. Complete" in text


def test_a_part_that_does_not_exist_is_shown_as_it_was_sent() -> None:
    (text,) = texts(check_figure(BY_REGION, [], whole(1, region_lux=1)))
    assert text.startswith("The definition has no part “region=lux”.")


def test_late_counts_the_days_in_singular_and_plural() -> None:
    late = [
        figure(0, 1, recorded_on=date(2023, 4, 16)),
        figure(1, 2, recorded_on=date(2023, 7, 25)),
    ]
    findings = check_series(rule(), late, due=[], reference_date=date(2023, 12, 31))
    first, second = texts([finding for _start, finding in findings])
    assert ", 1 day after the due date " in first
    assert ", 10 days after the due date " in second


AFTER_OTHERS: list[tuple[SeriesRule, tuple[int, ...], int]] = [
    (rule(), (10, 12, 11, 13, 14), 18),
    (rule(LEVEL), (100, 110, 122, 133, 146, 160), 178),
    (rule(TO_DATE), (10, 20), 15),
    (rule(), (7, 7, 7), 7),
]
ALONE: list[tuple[SeriesRule, Figure]] = [
    (rule(possible_low=0, possible_high=9), figure(0, 10)),
    (rule(possible_low=0), figure(0, -1)),
    (rule(possible_high=0), figure(0, 1)),
    (PERCENT, figure(0, (1, 0))),
    (PERCENT, figure(0, (1, -1))),
    (PERCENT, whole((3, 4), region_bru=(1, 0), region_vla=(1, 2), region_wal=(2, 3))),
    (PERCENT, whole((1, 2), region_bru=(2, 3))),
    (BY_REGION, whole(1, region_bru=2)),
    (BY_REGION, whole(9, region_bru=2)),
    (BY_REGION, whole(9, region_bru=2, region_vla=2, region_wal=2)),
    (BY_REGION, whole(9, region_lux=2)),
    (rule(dimensions=(REGION, SEX)), whole(9, region_bru__sex_f=2)),
    (rule(kind=TargetKind.MILESTONE), figure(0, {"forecast_on": date(2023, 1, 1)})),
    (rule(), figure(0, 1, entered_on=date(2023, 3, 30))),
]


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_every_finding_reads_in_the_language_of_the_page(language: str) -> None:
    listed = check_series(
        rule(),
        [figure(0, 1, recorded_on=date(2023, 5, 1))],
        due=[slot(1)],
        reference_date=date(2023, 12, 31),
    )
    findings = [finding for _start, finding in listed]
    findings += [finding for case in AFTER_OTHERS for finding in found_after(*case)]
    findings += [finding for given, alone in ALONE for finding in check_figure(given, [], alone)]
    assert {finding.check for finding in findings} == set(Check)
    for finding in findings:
        with override("en"):
            english = finding_text(finding, decimals=1, unit="%")
        with override(language):
            text = finding_text(finding, decimals=1, unit="%")
        assert text != english
        assert "\N{EN DASH}" not in text
        assert "%(" not in text


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_every_check_has_a_short_name_of_its_own(language: str) -> None:
    with override(language):
        assert len({check_label(check) for check in Check}) == len(Check)
        assert len({severity_label(severity) for severity in Severity}) == len(Severity)


def test_a_value_that_is_not_given_reads_as_a_dash() -> None:
    (text,) = texts(check_figure(PERCENT, [], figure(0, {"denominator": 0})))
    assert "the numerator \N{EN DASH}:" in text


def test_numbers_follow_the_language() -> None:
    (finding,) = found_after(rule(possible_high=9000), [], "12345.5")
    with override("nl"):
        text = finding_text(finding, decimals=1, unit="km")
    assert f"12{NBSP}345,5{NBSP}km" in text.replace("\N{NARROW NO-BREAK SPACE}", NBSP)


def test_a_part_is_read_by_its_names_or_else_by_its_codes() -> None:
    assert part_text("region=bru;sex=f", NAMES) == "Brussels, women"
    assert part_text("region=bru;sex=m", {}) == "bru, m"
    assert part_text("not a key", NAMES) == "not a key"
