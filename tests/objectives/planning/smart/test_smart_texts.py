"""Findings as a planner reads them."""

from datetime import date
from fractions import Fraction

import pytest
from django.utils.translation import override

from objectives.indicators.engine import TargetKind
from objectives.planning.smart import Aspect, Finding, Part, Rule, Severity, SmartObjective, check
from objectives.planning.smart_texts import (
    PART_LABELS,
    IndicatorWords,
    aspect_label,
    finding_text,
    finding_words,
    place_label,
    rule_label,
    severity_label,
)
from tests.objectives.planning.smart.smart_builders import indicator, objective

VAGUE = "De werking van de directie verder optimaliseren"
ZONES = {"I1": IndicatorWords("Aangesloten zones", 1, "zones")}
HISTORY = {date(year, 12, 31): Fraction(year - 2000) for year in (2023, 2024, 2025)}


def with_every_rule() -> list[tuple[SmartObjective, Finding]]:
    """Findings of objectives that break each rule at least once."""
    many = "Een gids " + "voor iedereen " * 13 + "openen"
    broken = [
        objective(titles={}),
        objective(titles={"nl": "Nieuwe gids", "fr": ""}, indicators=(), unit="", holder=""),
        objective(titles={"nl": "", "fr": "Mener des actions"}, means=False, ends_on=None),
        objective(titles={"nl": VAGUE, "fr": "Cadre légal commun"}),
        objective(titles={"nl": many, "fr": "Revoir et diffuser les codes"}),
        objective(starts_on=date(2027, 6, 1), indicators=(indicator(source=""),)),
        objective(indicators=(indicator(months=12, target=40, history=HISTORY),)),
        objective(indicators=(indicator(kind=TargetKind.MILESTONE, target_on=date(2027, 1, 1)),)),
    ]
    return [(one, finding) for one in broken for finding in check(one)]


def text(rule: Rule, **changes: object) -> str:
    """The sentences of the one finding of a rule."""
    one = objective(**changes)
    (finding,) = [finding for finding in check(one) if finding.rule is rule]
    return finding_text(finding, title=one.titles.get(finding.language, ""), indicators=ZONES)


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_every_rule_has_a_name_and_sentences_with_all_their_words(language: str) -> None:
    findings = with_every_rule()
    assert {finding.rule for _one, finding in findings} == set(Rule)
    with override(language):
        for one, finding in findings:
            title = one.titles.get(finding.language, "")
            sentence = finding_text(finding, title=title, indicators=ZONES)
            assert "%(" not in sentence
            assert sentence.endswith(".")
            assert rule_label(finding.rule)
            assert bool(place_label(finding)) is bool(finding.language)


def test_a_finding_names_the_words_and_how_to_mend_them() -> None:
    with override("en"):
        assert text(Rule.VAGUE_WORDS, titles={"nl": VAGUE, "fr": "Ouvrir un guichet"}) == (
            "“werking … optimaliseren”: nobody can establish afterwards whether this was done. Say "
            "what will be different and by how much, or which result will be there."
        )


def test_words_next_to_each_other_are_written_as_they_stand() -> None:
    title = "Verder inzetten op preventie"
    (finding,) = check(objective(titles={"nl": title, "fr": "Ouvrir un guichet"}))
    assert finding_words(finding, title) == "inzetten op"


def test_a_jump_is_told_in_the_unit_and_the_notation_of_the_reader() -> None:
    history = (indicator(history=HISTORY, target=Fraction(61, 2)),)
    with override("nl"):
        sentence = text(Rule.JUMP, indicators=history)
    for part in ("“Aangesloten zones”", "25,0\u00a0zones", "30,5\u00a0zones", "1,0\u00a0zones"):
        assert part in sentence


def test_the_missing_parts_are_named() -> None:
    incomplete = (indicator(baseline=None, source=""),)
    with override("fr"):
        sentence = text(Rule.INDICATOR_INCOMPLETE, indicators=incomplete)
    assert "la valeur de départ, la source" in sentence


def test_an_indicator_without_words_is_shown_by_its_code() -> None:
    (finding,) = check(objective(indicators=(indicator(code="X9", months=12),)))
    assert "X9" in finding_text(finding)


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_the_letters_and_severities_are_translated(language: str) -> None:
    def labels() -> list[str]:
        parts = [str(PART_LABELS[part]) for part in Part]
        return [*map(aspect_label, Aspect), *map(severity_label, Severity), *parts]

    with override("en"):
        english = labels()
    with override(language):
        assert len(set(labels())) == len(english)
        assert sum(own != other for own, other in zip(labels(), english, strict=True)) > 6
