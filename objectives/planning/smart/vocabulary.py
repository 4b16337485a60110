"""What both languages keep in their word lists, and how words are compared."""

import unicodedata
from dataclasses import dataclass

# A place in a phrase: the words that may stand there; none of them is a gap of a few words.
Phrase = tuple[frozenset[str], ...]

GAP = "..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words that the rules for titles look for, folded.

    `references` are followed by a number that counts nothing ("artikel 12"). `quantities` say how
    much or how often. `vague_phrases` say nothing wherever they stand; `weak_verbs` say nothing
    with one of the `containers` as their object, and so does a `qualifier` before one. A title
    with nothing but `bare_nouns` beside its verb names no object.
    """

    months: frozenset[str]
    references: frozenset[str]
    quantities: frozenset[str]
    vague_phrases: tuple[Phrase, ...]
    weak_verbs: frozenset[str]
    containers: frozenset[str]
    qualifiers: frozenset[str]
    bare_nouns: frozenset[str]


def fold(text: str) -> str:
    """The text without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def words(text: str) -> frozenset[str]:
    """The words of a list, folded."""
    return frozenset(fold(word) for word in text.split())


def phrases(text: str) -> tuple[Phrase, ...]:
    """One phrase a line; `a|b` is either word, `...` up to a few words between."""
    lines = [line.split() for line in text.splitlines()]
    return tuple(
        tuple(frozenset() if part == GAP else words(part.replace("|", " ")) for part in line)
        for line in lines
        if line
    )
