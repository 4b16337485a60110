"""Dutch titles: "Een meldpunt openen", "Opstellen van een gids", "De zones begeleiden bij ..."."""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final

from . import words_nl as lists
from .reading import Reading
from .text import Kind, Token
from .vocabulary import Vocabulary

SHORTEST_INFINITIVE: Final = 4
SHORTEST_OF_COMPOUND: Final = 5
SHORTEST_COMPOUNDED: Final = 3
BOUND: Final = lists.DETERMINERS | lists.PREPOSITIONS | {"te"}
# What may follow the infinitive of a title that goes on: an adjunct, or another part.
AFTER: Final = lists.PREPOSITIONS | lists.SUBORDINATORS | lists.CONJUNCTIONS | lists.ADVERBS


class Form(IntEnum):
    """How sure a word is to be an infinitive by itself."""

    NONE = 0
    POSSIBLE = 1
    NOUN_TOO = 2
    LIKELY = 3
    VERB = 4


@lru_cache(maxsize=4096)
def form(word: str) -> Form:
    """What a folded word can be: an infinitive, a noun in the plural, either or neither."""
    if len(word) < SHORTEST_INFINITIVE and word not in lists.VERBS:
        return Form.NONE
    if not word.endswith("n") or "'" in word:
        return Form.NONE
    if word in lists.VERBS_AND_NOUNS:
        return Form.NOUN_TOO
    if word in lists.VERBS:
        return Form.VERB
    if word in lists.NON_VERBS:
        return Form.NONE
    if _prefixed(word):
        return Form.VERB
    if _is_compound_noun(word) or word.endswith(lists.NOUN_ENDINGS):
        return Form.NONE
    if word.endswith("eren") or word.startswith(lists.INSEPARABLE):
        return Form.LIKELY
    return Form.POSSIBLE if word.endswith("en") else Form.NONE


def _prefixed(word: str) -> bool:
    """A known verb with a prefix, or with two: "herinrichten"."""
    rests = [
        word.removeprefix(prefix)
        for prefix in (*lists.SEPARABLE, *lists.INSEPARABLE)
        if word.startswith(prefix)
    ]
    simple = lists.VERBS | lists.VERBS_AND_NOUNS
    return any(
        rest in simple or (rest.endswith("eren") and form(rest) is Form.LIKELY) or _prefixed(rest)
        for rest in rests
        if len(rest) >= SHORTEST_INFINITIVE
    )


def _is_compound_noun(word: str) -> bool:
    """A known plural with something before it: "rampenplannen"."""
    return any(
        word.endswith(noun) and len(word) - len(noun) >= SHORTEST_COMPOUNDED
        for noun in lists.NON_VERBS | lists.VERBS_AND_NOUNS
        if len(noun) >= SHORTEST_OF_COMPOUND
    )


class Dutch:
    """The grammar of Dutch titles."""

    vocabulary: Vocabulary = lists.NL
    maximum_words = 25

    def read(self, parts: Sequence[Token]) -> Reading:
        """Find the action, what it is about, and whether there are two."""
        end = _end_of_main_clause(parts)
        verbs = [index for index in range(len(parts)) if _is_infinitive(parts, index, end)]
        verb = next((index for index in verbs if index < end), verbs[0] if verbs else None)
        second = _second(parts, verbs, end)
        content = tuple(
            index
            for index, part in enumerate(parts)
            if part.kind is Kind.WORD
            and index not in verbs
            and part.text not in lists.FUNCTION_WORDS
            and part.text not in lists.HELPERS
            and part.text not in lists.NL.months
        )
        main = _named_action(parts, verbs, verb)
        opening = tuple(index for index, part in enumerate(parts) if part.kind is not Kind.MARK)
        return Reading(main, second, _head(parts, main, verbs, end), content, opening)


def _end_of_main_clause(parts: Sequence[Token]) -> int:
    """Where the first subordinate clause begins: "zodat ...", "om ... te ..."."""
    for index, part in enumerate(parts):
        if index and part.text in lists.SUBORDINATORS:
            is_purpose = part.text in {"om", "teneinde"}
            if is_purpose and not any(later.text == "te" for later in parts[index:]):
                continue
            if part.text in {"die", "dat"} and parts[index - 1].text in lists.PREPOSITIONS:
                continue
            return index
    return len(parts)


def _is_infinitive(parts: Sequence[Token], index: int, end: int) -> bool:
    """True for the infinitive of an action that is not governed by "te" or an article."""
    part = parts[index]
    kind = form(part.text) if part.kind is Kind.WORD else Form.NONE
    if kind is Form.NONE or part.text in lists.STATES:
        return False
    before = parts[index - 1] if index else None
    after = parts[index + 1] if index + 1 < len(parts) and index + 1 != end else None
    if before is None:
        return _opens(kind, after)
    if before.text in BOUND:
        return _nominalised(parts, index) and kind >= Form.LIKELY
    closes = after is None or after.kind is Kind.MARK
    goes_on = after is not None and after.text in AFTER
    if kind >= Form.LIKELY:
        return kind is Form.VERB or closes or goes_on
    if _qualified(before) or _joined_nouns(parts, index):
        return False
    return closes or (goes_on and kind is Form.NOUN_TOO)


def _opens(kind: Form, after: Token | None) -> bool:
    """A first word is an infinitive by its form, or as in "Plannen van ..."."""
    if kind is Form.NOUN_TOO:
        return after is not None and after.text in {"van", "op", "aan", "tot"}
    return kind >= Form.LIKELY


def _nominalised(parts: Sequence[Token], index: int) -> bool:
    """ "Het opstellen van ...": only as the first words."""
    return index == 1 and parts[0].text == "het"


def _qualified(before: Token) -> bool:
    """An adjective or a number before a word makes it a noun: "nieuwe besluiten"."""
    return (
        before.kind is Kind.NUMBER
        or before.text in lists.NL.quantities
        or (
            before.kind is Kind.WORD
            and before.text.endswith("e")
            and before.text not in lists.NOUNS_IN_E
        )
    )


def _joined_nouns(parts: Sequence[Token], index: int) -> bool:
    """ "Nieuwe richtlijnen en besluiten": a word joined to a noun is one too."""
    joined = index > 1 and parts[index - 1].text in lists.CONJUNCTIONS
    return joined and form(parts[index - 2].text) < Form.LIKELY


def _second(parts: Sequence[Token], verbs: Sequence[int], end: int) -> tuple[int, int] | None:
    """The first conjunction in the main clause with an infinitive on either side."""
    for index in range(1, end):
        if parts[index].text not in lists.CONJUNCTIONS:
            continue
        left = [verb for verb in verbs if verb < index]
        right = [verb for verb in verbs if index < verb < end]
        if not left or not right:
            continue
        if parts[index].text in {",", ";"} and left[-1] != index - 1:
            continue
        helped = any(parts[verb].text in lists.HELPERS for verb in left)
        if helped and left[-1] != index - 1:
            continue
        if _within_noun_phrase(parts, index):
            continue
        return index, right[0]
    return None


def _within_noun_phrase(parts: Sequence[Token], index: int) -> bool:
    """ "... voor het organiseren en beveiligen van ...": both are governed by one article."""
    governed = index >= 2 and parts[index - 2].text in BOUND
    return governed and form(parts[index - 1].text) >= Form.NOUN_TOO and index != 2


def _named_action(parts: Sequence[Token], verbs: Sequence[int], verb: int | None) -> int | None:
    """The verb that says what happens: of "laten toetsen" the second."""
    if verb is None or parts[verb].text not in lists.HELPERS:
        return verb
    return next((later for later in verbs if later > verb), verb)


def _head(parts: Sequence[Token], verb: int | None, verbs: Iterable[int], end: int) -> int | None:
    """The noun that the action is about: the last word of the first noun phrase."""
    if verb is None:
        return None
    opening = verb if verb <= 1 and not _is_content(parts, 0, verbs) else None
    start = 0 if opening is None else opening + 1
    phrase: list[int] = []
    for index in range(start, end):
        part = parts[index]
        if index in verbs or (part.kind is Kind.MARK and phrase):
            break
        if part.text in lists.PREPOSITIONS or part.text in lists.ADVERBS:
            if phrase:
                break
            continue
        if _is_content(parts, index, verbs):
            phrase.append(index)
    return phrase[-1] if phrase else None


def _is_content(parts: Sequence[Token], index: int, verbs: Iterable[int]) -> bool:
    part = parts[index]
    return part.kind is Kind.WORD and index not in verbs and part.text not in lists.FUNCTION_WORDS
