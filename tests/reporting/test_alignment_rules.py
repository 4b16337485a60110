"""What the plans leave open between them: the rules, worked out by hand."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from reporting.alignment import (
    Likeness,
    ObjectiveFacts,
    SharedKey,
    alike,
    shared_keys,
    significant_words,
    uncovered,
    without_goal,
    without_indicator,
)


def _titled(key: int, nl: str = "", fr: str = "") -> ObjectiveFacts:
    return ObjectiveFacts(key, {"nl": nl, "fr": fr}, werf=1)


def test_an_objective_without_indicator_or_goal_is_told() -> None:
    bare = _titled(1)
    whole = ObjectiveFacts(2, {}, werf=1, indicators=1, goals=frozenset({7}))
    assert without_indicator([bare, whole]) == [1]
    assert without_goal([bare, whole]) == [1]


def test_what_nobody_names_is_told_in_the_order_of_the_plan() -> None:
    assert uncovered([3, 1, 2], {1, 9}) == [3, 2]


def test_an_indicator_that_two_objectives_use_as_key_is_told() -> None:
    first = ObjectiveFacts(1, {}, werf=1, key_indicators=frozenset({5, 6}))
    second = ObjectiveFacts(2, {}, werf=1, key_indicators=frozenset({6}))
    assert shared_keys([first, second]) == [SharedKey(6, (1, 2))]


def test_words_are_folded_and_empty_ones_left_out() -> None:
    words = significant_words("De Efficiënte opvolging van 12 dossiers bij de NCU", "nl")
    assert words == {
        "efficiente": "Efficiënte",
        "opvolging": "opvolging",
        "12": "12",
        "dossiers": "dossiers",
        "ncu": "NCU",
    }
    assert "accueil" in significant_words("L'accueil des demandeurs", "fr")


def test_the_same_title_is_told_whatever_its_case_and_order() -> None:
    pair = [_titled(1, "Opleiding brandweer"), _titled(2, "De BRANDWEER-opleiding: opleiding")]
    assert alike(pair) == []
    pair[1] = _titled(2, "Opleiding voor de Brandweer")
    assert alike(pair) == [Likeness(1, 2, "nl", Fraction(1), ("Opleiding", "brandweer"))]
    assert alike(pair)[0].is_same


def test_a_title_that_is_nearly_the_same_says_which_words_coincide() -> None:
    found = alike(
        [
            _titled(1, "Digitale aangifte voor burgers invoeren"),
            _titled(2, "Digitale aangifte voor ondernemingen en burgers invoeren"),
        ]
    )
    words = ("Digitale", "aangifte", "burgers", "invoeren")
    assert found == [Likeness(1, 2, "nl", Fraction(4, 5), words)]
    assert not found[0].is_same


def test_two_words_that_coincide_are_not_enough() -> None:
    assert alike([_titled(1, "Digitale aangifte"), _titled(2, "Digitale aangifte asiel")]) == []


def test_another_number_makes_another_title() -> None:
    assert alike([_titled(1, "Gebouw fase 1"), _titled(2, "Gebouw fase 2")]) == []


def test_the_language_in_which_titles_are_closest_tells() -> None:
    found = alike(
        [
            _titled(1, "Opleidingen geven", "Former les pompiers volontaires"),
            _titled(2, "Vrijwilligers vormen", "Former les pompiers volontaires"),
        ]
    )
    assert [(one.language, one.share) for one in found] == [("fr", Fraction(1))]


def test_titles_that_are_missing_are_never_alike() -> None:
    assert alike([_titled(1), _titled(2)]) == []


_TITLES = st.lists(
    st.sampled_from(["brandweer", "opleiden", "asiel", "dossiers", "digitaal", "2026"]), max_size=6
).map(" ".join)


@given(st.lists(_TITLES, max_size=6))
def test_likeness_is_between_the_threshold_and_one_and_told_once_a_pair(titles: list[str]) -> None:
    found = alike([_titled(key, title) for key, title in enumerate(titles)])
    assert all(Fraction(3, 5) <= one.share <= 1 for one in found)
    assert all(one.first < one.second for one in found)
    assert len({(one.first, one.second) for one in found}) == len(found)
    same = {
        (first, second)
        for first in range(len(titles))
        for second in range(first + 1, len(titles))
        if titles[first] and set(titles[first].split()) == set(titles[second].split())
    }
    assert same == {(one.first, one.second) for one in found if one.is_same}
