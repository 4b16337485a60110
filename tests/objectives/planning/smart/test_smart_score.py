"""How well the check agrees with the labelled objectives, and the command that says so."""

from collections.abc import Sequence
from fractions import Fraction
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from objectives.planning.smart import LANGUAGES, TEXT_RULES, Rule
from objectives.planning.smart.labelled import Example, examples
from objectives.planning.smart.measuring import tally

# Measured on the titles held out: Dutch precision 1.00 and recall 0.95 (19 of 20 labels), French
# 1.00 and 1.00 (19 of 19). One more label missed in either language still passes, two fail.
# The same hand wrote titles, labels and word lists, so that other people's titles will do worse.
FLOOR = Fraction(9, 10)


def held_out(language: str) -> list[Example]:
    return [example for example in sample(language) if example.is_held_out]


def sample(language: str) -> Sequence[Example]:
    return examples(settings.BASE_DIR / "fixtures" / "smart" / f"{language}.yaml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_check_agrees_with_the_readers_on_titles_it_was_not_tuned_on(language: str) -> None:
    counts = tally(held_out(language), TEXT_RULES)
    assert counts.precision is not None
    assert counts.recall is not None
    assert counts.precision >= FLOOR
    assert counts.recall >= FLOOR


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_besides_the_title_is_found_without_a_miss(language: str) -> None:
    counts = tally(sample(language), frozenset(Rule) - frozenset(TEXT_RULES))
    assert counts.right > 0
    assert (counts.wrong, counts.missed) == (0, 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hundred_different_titles_a_language_thirty_of_them_held_out(language: str) -> None:
    assert len({example.text for example in sample(language)}) == 100
    assert len(held_out(language)) == 30
    assert sum(example.objective is not None for example in sample(language)) >= 15
    for rule in TEXT_RULES:
        assert any(rule in example.labels for example in held_out(language))


def test_the_command_prints_each_part_and_what_it_got_wrong() -> None:
    out = StringIO()
    call_command("smart_score", "--language", "nl", stdout=out)
    text = out.getvalue()
    assert "nl, tuned on: 70 objectives" in text
    assert "nl, held out: 30 objectives" in text
    assert "fr, " not in text
    assert "  ! missed no_action_verb: Campagne over brandveilig wonen bij jongeren" in text


def test_the_command_keeps_to_the_rules_asked_for() -> None:
    out = StringIO()
    call_command("smart_score", "--rule", "two_objectives", "--rule", "jump", stdout=out)
    lines = [line.split()[0] for line in out.getvalue().splitlines() if line.startswith("  ")]
    assert set(lines) == {"rule", "two_objectives", "jump", "all"}
