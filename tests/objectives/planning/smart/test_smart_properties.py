"""What holds for any title and any objective."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from objectives.indicators.engine import TargetKind
from objectives.planning.smart import (
    LANGUAGES,
    Aspect,
    Rule,
    SmartIndicator,
    check,
    check_title,
    score,
)
from tests.objectives.planning.smart.smart_builders import indicator, objective

PIECES = (
    "de het een en te om van voor , . : ; 112 2026 30 juni 90 % “ ” ’ l’ d’ s’ ne pas et à pour "
    "mieux optimaliseren werking opstellen plannen besluiten laten toetsen acties zijn zodat "
    "aandacht besteden inzetten op améliorer le fonctionnement efforts poursuivre chantier être "
    "former İ ŉ ß ﬁ"
)
TITLES = st.one_of(
    st.text(max_size=80), st.lists(st.sampled_from(PIECES.split()), max_size=14).map(" ".join)
)
CODES = st.sampled_from(LANGUAGES)
DAYS = st.dates(date(2022, 1, 1), date(2027, 12, 31))
NUMBERS = st.fractions(min_value=-1000, max_value=1000, max_denominator=100)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "code": st.sampled_from(["I1", "I2", "I3"]),
    "kind": st.sampled_from(TargetKind),
    "months": st.sampled_from([1, 3, 6, 12]),
    **{name: st.none() | NUMBERS for name in ("baseline", "target", "low", "high")},
    "target_on": st.none() | DAYS,
    "unit": st.sampled_from(["", "zones"]),
    "source": st.sampled_from(["", "count"]),
    "has_interim": st.booleans(),
    "history": st.dictionaries(DAYS, NUMBERS, max_size=6),
}
INDICATORS = st.builds(SmartIndicator, **FIELDS)
OBJECTIVES = st.builds(
    objective,
    titles=st.dictionaries(CODES, TITLES),
    unit=st.sampled_from(["", "ADCV"]),
    holder=st.sampled_from(["", "directeur-generaal"]),
    starts_on=st.none() | DAYS,
    ends_on=st.none() | DAYS,
    means=st.none() | st.booleans(),
    motivation=st.sampled_from(["", "because"]),
    indicators=st.lists(INDICATORS, max_size=4).map(tuple),
)


@given(TITLES, CODES)
def test_the_words_named_lie_in_the_title_in_order_and_do_not_overlap(
    title: str, language: str
) -> None:
    for finding in check_title(title, language):
        end = 0
        for start, stop in finding.words:
            assert end <= start <= stop <= len(title)
            end = stop


@given(TITLES.filter(lambda title: any(map(str.isalnum, title))), CODES)
def test_words_are_named_whole_without_the_space_around_them(title: str, language: str) -> None:
    for finding in check_title(title, language):
        for start, stop in finding.words:
            assert title[start:stop]
            assert title[start:stop] == title[start:stop].strip()


@given(st.integers(0, 4), st.integers(0, 4), st.sampled_from(["Optimaliseren van de werking"]))
def test_space_around_a_title_moves_the_words_and_changes_nothing_else(
    before: int, after: int, title: str
) -> None:
    moved = list(check_title(" " * before + title + " " * after, "nl"))
    expected = [
        replace(finding, words=tuple((a + before, b + before) for a, b in finding.words))
        for finding in check_title(title, "nl")
    ]
    assert moved == expected


@given(OBJECTIVES)
def test_any_objective_gets_an_answer_and_a_score(given_objective: Any) -> None:
    findings = check(given_objective)
    result = score(findings)
    assert all(0 <= value <= 1 for value in (*result.aspects.values(), result.whole))
    assert (result.whole == 1) is (not findings)


@given(OBJECTIVES)
def test_a_complete_indicator_adds_nothing_to_what_is_measurable(given_objective: Any) -> None:
    def measurable(one: Any) -> set[tuple[str, ...]]:
        return {
            (finding.rule, *finding.values.values())
            for finding in check(one)
            if finding.aspect is Aspect.MEASURABLE
        }

    more = replace(given_objective, indicators=(*given_objective.indicators, indicator(code="X")))
    assert measurable(more) <= measurable(given_objective)
    assert (Rule.NO_INDICATOR,) not in measurable(more)


@given(OBJECTIVES, st.randoms(use_true_random=False))
def test_the_order_of_indicators_and_languages_does_not_matter(
    given_objective: Any, random: Any
) -> None:
    indicators = list(given_objective.indicators)
    random.shuffle(indicators)
    titles = dict(reversed(given_objective.titles.items()))
    shuffled = replace(given_objective, indicators=tuple(indicators), titles=titles)
    assert check(shuffled) == check(given_objective)
