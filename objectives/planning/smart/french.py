"""French titles: an infinitive first, as in "Mettre en service ..." or "Mieux cibler ..."."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from . import words_fr as lists
from .reading import Reading
from .text import Kind, Token
from .vocabulary import Vocabulary

SHORTEST_INFINITIVE: Final = 4
MANNER: Final = "ment"


@lru_cache(maxsize=4096)
def is_infinitive(word: str) -> bool:
    """True for a folded word with the ending of an infinitive that is no known noun."""
    if len(word) < SHORTEST_INFINITIVE or word in lists.NON_VERBS or word in lists.RE_NON_VERBS:
        return False
    if word.endswith("oir"):
        return word.endswith(lists.OIR_ENDINGS)
    in_re = word in lists.RE_VERBS or word.endswith(lists.RE_ENDINGS)
    return in_re or word.endswith(("er", "ir"))


class French:
    """The grammar of French titles."""

    vocabulary: Vocabulary = lists.FR
    maximum_words = 30

    def read(self, parts: Sequence[Token]) -> Reading:
        """Find the action, what it is about, and whether there are two."""
        first = _first_verb(parts, 0)
        verb = first if first is not None and parts[first].text not in lists.STATES else None
        second = None if verb is None else _second(parts, verb)
        verbs = {index for index in (verb, second[1] if second else None) if index is not None}
        content = tuple(
            index
            for index, part in enumerate(parts)
            if part.kind is Kind.WORD
            and index not in verbs
            and part.text not in lists.FUNCTION_WORDS
            and part.text not in lists.FR.months
            and not _is_manner(parts, index)
        )
        opening = tuple(index for index, part in enumerate(parts) if part.kind is Kind.WORD)[:1]
        return Reading(verb, second, _head(parts, verb), content, opening)


def _first_verb(parts: Sequence[Token], start: int) -> int | None:
    """The infinitive at an index, past "se", "ne pas" and adverbs; None when there is none."""
    for index in range(start, len(parts)):
        text = parts[index].text
        if parts[index].kind is Kind.WORD and is_infinitive(text):
            return index
        if not _may_precede(text):
            return None
    return None


def _may_precede(word: str) -> bool:
    return word in lists.PRE_VERBS or word in lists.ADVERBS or word.endswith(MANNER)


def _is_manner(parts: Sequence[Token], index: int) -> bool:
    """An adverb in -ment; after an article or a preposition it is a noun ("le traitement")."""
    before = parts[index - 1].text if index else ""
    article = before in lists.DETERMINERS or before in lists.PREPOSITIONS
    return parts[index].text.endswith(MANNER) and not article


def _second(parts: Sequence[Token], verb: int) -> tuple[int, int] | None:
    """The first conjunction that is followed by an infinitive of the same rank as the first."""
    for index in range(verb + 1, len(parts) - 1):
        start = index + 1
        if parts[index].text == "ainsi" and parts[start].text == "que":
            start += 1
        elif parts[index].text not in lists.CONJUNCTIONS:
            continue
        other = _first_verb(parts, start)
        if other is not None and not _governed(parts, verb, index):
            return index, other
    return None


def _governed(parts: Sequence[Token], verb: int, conjunction: int) -> bool:
    """True when the last infinitive before the conjunction depends on "à", "de" or "pour"."""
    nearest = next(
        index
        for index in range(conjunction - 1, verb - 1, -1)
        if index == verb or (parts[index].kind is Kind.WORD and is_infinitive(parts[index].text))
    )
    return nearest != verb and parts[nearest - 1].text in lists.GOVERNORS


def _head(parts: Sequence[Token], verb: int | None) -> int | None:
    """The first noun after the verb, past what may stand before it."""
    if verb is None:
        return None
    return next(
        (
            index
            for index in range(verb + 1, len(parts))
            if parts[index].kind is Kind.WORD
            and parts[index].text not in lists.FUNCTION_WORDS
            and not _is_manner(parts, index)
        ),
        None,
    )
