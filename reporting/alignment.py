"""What the plans leave open between them: the rules of the alignment page, without a database.

A gap is a question, not a verdict: an objective without an indicator may have been entered this
morning. Every rule says what it looks at, so that the page can say it too.

- *Without indicator*: an operational objective that uses no indicator at all (one that the reader
  may not see counts as an indicator).
- *Without goal*: one that works on no goal of the strategic plan.
- *Uncovered*: a werf, a goal or an objective of the NVP that no operational objective names.
- *Alike*: two operational objectives whose titles say the same, or nearly. Of each title, in one
  language at a time, the significant words are kept: folded to lower case without accents, three
  letters or more, no word of `EMPTY_WORDS`; numbers count, so that phase 1 and phase 2 differ. The
  likeness is that of Jaccard: words that coincide divided by all words of both. Two titles are the
  same at 1, nearly the same from `NEARLY` on with `LEAST_WORDS` words that coincide.
- *Shared key*: an indicator that several objectives use as their key indicator.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Final

from objectives.planning.smart.text import Kind, tokens

NEARLY: Final = Fraction(3, 5)
LEAST_WORDS: Final = 3
# The languages that titles are compared in; where both find a pair, the closer one tells.
LANGUAGES: Final = ("nl", "fr")
_LEAST_LETTERS: Final = 3
_EMPTY_NL: Final = (
    "aan alle als bij dat dit deze die door een elk elke haar het hun meer met naar niet onder "
    "onze ook over per plan project sinds tegen tot tussen uit van vanaf via volgens voor wordt "
    "worden zijn zonder"
)
_EMPTY_FR: Final = (
    "afin aux avec ces cette chaque dans des dont elle entre est les leur leurs mais meme nos "
    "notre par plan plus pour projet que qui sans ses sont sous sur tous toutes une vers via"
)
EMPTY_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "nl": frozenset(_EMPTY_NL.split()),
    "fr": frozenset(_EMPTY_FR.split()),
}


@dataclass(frozen=True, slots=True)
class ObjectiveFacts:
    """What the rules look at of an operational objective. Numbers are database keys.

    `titles` are its titles by language; `indicators` counts all that it uses, `key_indicators`
    are those that the reader may see and that it uses as key.
    """

    key: int
    titles: Mapping[str, str]
    werf: int
    indicators: int = 0
    key_indicators: frozenset[int] = frozenset()
    goals: frozenset[int] = frozenset()
    security: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two objectives with titles alike: how much of 1, in which language, by which words."""

    first: int
    second: int
    language: str
    share: Fraction
    words: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Tell whether the titles say the same."""
        return self.share == 1


@dataclass(frozen=True, slots=True)
class SharedKey:
    """An indicator that several objectives use as key; the objectives in their order."""

    indicator: int
    objectives: tuple[int, ...]


def without_indicator(objectives: Iterable[ObjectiveFacts]) -> list[int]:
    """Return the objectives that use no indicator."""
    return [one.key for one in objectives if not one.indicators]


def without_goal(objectives: Iterable[ObjectiveFacts]) -> list[int]:
    """Return the objectives that work on no goal of the strategic plan."""
    return [one.key for one in objectives if not one.goals]


def uncovered(wanted: Iterable[int], named: Iterable[int]) -> list[int]:
    """Return what is wanted and named by nothing, in the order wanted."""
    covered = set(named)
    return [key for key in wanted if key not in covered]


def shared_keys(objectives: Sequence[ObjectiveFacts]) -> list[SharedKey]:
    """Return the indicators that two objectives or more use as key, the first met first."""
    users: dict[int, list[int]] = defaultdict(list)
    for one in objectives:
        for indicator in sorted(one.key_indicators):
            users[indicator].append(one.key)
    return [SharedKey(key, tuple(found)) for key, found in users.items() if len(found) > 1]


def significant_words(title: str, language: str) -> dict[str, str]:
    """Return the words that a title is compared by: folded, with how it writes each first."""
    empty = EMPTY_WORDS[language]
    words: dict[str, str] = {}
    for token in tokens(title, language):
        is_word = token.kind == Kind.WORD and len(token.text) >= _LEAST_LETTERS
        if token.kind == Kind.NUMBER or (is_word and token.text not in empty):
            words.setdefault(token.text, title[token.start : token.end])
    return words


def alike(objectives: Sequence[ObjectiveFacts]) -> list[Likeness]:
    """Return the pairs with the same or nearly the same title, the closest first.

    Pairs that share no word are never looked at.
    """
    best: dict[tuple[int, int], Likeness] = {}
    for language in LANGUAGES:
        for found in _alike_in(objectives, language):
            pair = (found.first, found.second)
            if pair not in best or found.share > best[pair].share:
                best[pair] = found
    return sorted(best.values(), key=lambda one: -one.share)  # stable: then in their order


def _alike_in(objectives: Sequence[ObjectiveFacts], language: str) -> list[Likeness]:
    words = [significant_words(one.titles.get(language, ""), language) for one in objectives]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(words):
        for word in found:
            holders[word].append(place)
    pairs = {pair for places in holders.values() for pair in combinations(places, 2)}
    result = []
    for first, second in sorted(pairs):
        common = [word for word in words[first] if word in words[second]]
        share = Fraction(len(common), len(words[first].keys() | words[second].keys()))
        if share == 1 or (share >= NEARLY and len(common) >= LEAST_WORDS):
            shown = tuple(words[first][word] for word in common)
            result.append(
                Likeness(objectives[first].key, objectives[second].key, language, share, shown)
            )
    return result
