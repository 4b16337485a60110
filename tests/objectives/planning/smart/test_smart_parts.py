"""Everything besides the title: measurable, assignable, realistic, time-bound."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from objectives.indicators.engine import TargetKind
from objectives.planning.smart import Aspect, Rule, Severity, check, score
from tests.objectives.planning.smart.smart_builders import indicator, objective, rules

ENDS = [date(year, 12, 31) for year in range(2021, 2026)]


def grown(*values: int | Fraction) -> dict[date, Fraction]:
    """Year-end figures up to 2025."""
    return {day: Fraction(value) for day, value in zip(ENDS[-len(values) :], values, strict=True)}


def test_a_complete_objective_has_no_finding() -> None:
    assert rules() == []
    assert score(check(objective())).whole == 1


@pytest.mark.parametrize(
    ("changes", "rule", "severity"),
    [
        ({"titles": {}}, Rule.NO_TEXT, Severity.BLOCKING),
        ({"titles": {"nl": "Een gids schrijven", "fr": " "}}, Rule.MISSING_TEXT, Severity.ADVISORY),
        ({"indicators": ()}, Rule.NO_INDICATOR, Severity.BLOCKING),
        ({"unit": " "}, Rule.NO_UNIT, Severity.BLOCKING),
        ({"holder": ""}, Rule.NO_HOLDER, Severity.BLOCKING),
        ({"means": False}, Rule.NO_MEANS, Severity.ADVISORY),
        ({"ends_on": None}, Rule.NO_DATES, Severity.BLOCKING),
        ({"ends_on": date(2027, 1, 1)}, Rule.DATES_OUTSIDE_YEAR, Severity.BLOCKING),
        ({"starts_on": date(2025, 12, 31)}, Rule.DATES_OUTSIDE_YEAR, Severity.BLOCKING),
        (
            {"starts_on": date(2026, 6, 1), "ends_on": date(2026, 5, 1)},
            Rule.DATES_REVERSED,
            Severity.BLOCKING,
        ),
    ],
)
def test_what_is_missing_or_wrong(changes: dict[str, Any], rule: Rule, severity: Severity) -> None:
    findings = check(objective(**changes))
    assert [(finding.rule, finding.severity) for finding in findings] == [(rule, severity)]


def test_means_that_are_not_known_yet_are_no_finding() -> None:
    assert rules(means=None) == []


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"baseline": None}, "baseline"),
        ({"target": None, "source": " "}, "target,source"),
        ({"unit": ""}, "unit"),
        ({"kind": TargetKind.RANGE, "target": None}, "target"),
        ({"kind": TargetKind.MILESTONE, "target_on": None}, "target"),
    ],
)
def test_the_missing_parts_of_an_indicator_are_named(changes: dict[str, Any], missing: str) -> None:
    (finding,) = check(objective(indicators=(indicator(**changes), indicator(code="I2"))))
    assert finding.values == {"indicator": "I1", "missing": missing}
    assert (finding.aspect, finding.severity) == (Aspect.MEASURABLE, Severity.ADVISORY)


def test_a_milestone_needs_no_baseline_and_no_unit_but_a_day_in_the_year() -> None:
    milestone = indicator(kind=TargetKind.MILESTONE, baseline=None, target=None, unit="")
    assert rules(indicators=(milestone,)) == []
    late = indicator(kind=TargetKind.MILESTONE, target_on=date(2027, 1, 1))
    assert rules(indicators=(late,)) == [Rule.MILESTONE_OUTSIDE_YEAR]


def test_a_yearly_indicator_needs_an_interim_target() -> None:
    assert rules(indicators=(indicator(months=12),)) == [Rule.NO_INTERIM_TARGET]
    assert rules(indicators=(indicator(months=12, has_interim=True),)) == []


@pytest.mark.parametrize(
    ("kind", "history", "target", "jumps"),
    [
        # +4 and +5 a year: +5 is as much as ever, +6 is more.
        (TargetKind.INCREASE, grown(100, 104, 109), 114, False),
        (TargetKind.INCREASE, grown(100, 104, 109), 115, True),
        # A fall in between does not lessen what it once rose.
        (TargetKind.INCREASE, grown(100, 120, 110, 112), 131, False),
        (TargetKind.DECREASE, grown(12, Fraction(23, 2), 11), Fraction(21, 2), False),
        (TargetKind.DECREASE, grown(12, Fraction(23, 2), 11), 6, True),
        # A series that never fell, and one that never moved.
        (TargetKind.DECREASE, grown(5, 6, 7), 6, True),
        (TargetKind.INCREASE, grown(5, 5, 5), 6, True),
        # The target is reached already, or two figures are all there is.
        (TargetKind.INCREASE, grown(5, 6, 9), 8, False),
        (TargetKind.INCREASE, grown(5, 6), 100, False),
    ],
)
def test_a_target_goes_no_further_than_the_series_ever_went_in_a_year(
    kind: TargetKind, history: dict[date, Fraction], target: Fraction, *, jumps: bool
) -> None:
    found = rules(indicators=(indicator(kind=kind, history=history, target=target),))
    assert found == ([Rule.JUMP] if jumps else [])


def test_a_jump_names_the_figures_and_a_motivation_settles_it() -> None:
    leap = indicator(history=grown(100, 104, 109), target=Fraction(140))
    (finding,) = check(objective(indicators=(leap,)))
    assert finding.values == {
        "indicator": "I1",
        "target": "140",
        "last": "109",
        "last_on": "2025-12-31",
        "months": "12",
        "most": "5",
    }
    assert rules(indicators=(leap,), motivation="Six zones join at once.") == []


def test_a_range_is_as_far_as_its_nearer_bound() -> None:
    kind, history = TargetKind.RANGE, grown(40, 42, 44)
    near = indicator(kind=kind, target=None, low=46, high=60, history=history)
    far = indicator(kind=kind, target=None, low=50, high=60, history=history)
    inside = indicator(kind=kind, target=None, low=40, high=60, history=history)
    assert [rules(indicators=(one,)) for one in (near, far, inside)] == [[], [Rule.JUMP], []]


def test_figures_are_compared_over_no_more_months_than_the_target_has() -> None:
    """Over half a year the series rose 3 at most; the target asks 5 in half a year."""
    history = {
        date(2024, 12, 31): Fraction(10),
        date(2025, 6, 30): Fraction(12),
        date(2025, 12, 31): Fraction(15),
    }
    midyear = indicator(history=history, target=Fraction(20), target_on=date(2026, 6, 30))
    assert rules(indicators=(midyear,)) == [Rule.JUMP]
    whole_year = indicator(history=history, target=Fraction(20))
    assert rules(indicators=(whole_year,)) == []


def test_the_score_of_an_aspect_and_of_the_whole() -> None:
    vague = {"nl": "De werking optimaliseren en de kwaliteit verbeteren", "fr": ""}
    result = score(check(objective(titles=vague, holder="", means=False)))
    assert result.aspects == {
        Aspect.SPECIFIC: Fraction(1, 4),  # not translated, vague, two objectives
        Aspect.MEASURABLE: 1,
        Aspect.ASSIGNABLE: 0,
        Aspect.REALISTIC: Fraction(3, 4),
        Aspect.TIME_BOUND: 1,
    }
    assert result.whole == Fraction(3, 5)


def test_a_rule_found_in_both_languages_counts_once() -> None:
    both = {"nl": "De werking optimaliseren", "fr": "Améliorer le fonctionnement"}
    findings = check(objective(titles=both))
    assert [finding.language for finding in findings] == ["fr", "nl"]
    assert score(findings).aspects[Aspect.SPECIFIC] == Fraction(3, 4)
