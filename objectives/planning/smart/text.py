"""Titles cut into words, numbers and marks, each with its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .vocabulary import Phrase, Vocabulary, fold

# So many words may stand in the gap of a phrase.
GAP_WORDS: Final = 6
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2099
# Numbers that are names: those to call, and "24/7".
NAMED_NUMBERS: Final = frozenset({"112", "100", "101", "1722", "1733", "24/7"})


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark: its folded text and where it stands in the title."""

    text: str
    kind: Kind
    start: int
    end: int
    is_capitalised: bool

    @property
    def span(self) -> tuple[int, int]:
        """Its place in the title."""
        return self.start, self.end


_NUMBER: Final = r"(?P<number>\d+(?:[.,/]\d+)*(?![\w]))"
_WORD: Final = r"(?P<word>\w+(?:['’.\-\u2010\u2011/]\w+)*)"
_MARK: Final = r"(?P<mark>[^\w\s])"
_ELISION: Final = r"(?P<elision>\b(?:[ldsnjmct]|qu|jusqu|lorsqu|puisqu)(?=['’]\w))['’]"

_PATTERNS: Final = {
    "nl": re.compile(f"{_NUMBER}|{_WORD}|{_MARK}", re.IGNORECASE),
    "fr": re.compile(f"{_ELISION}|{_NUMBER}|{_WORD}|{_MARK}", re.IGNORECASE),
}


def tokens(title: str, language: str) -> tuple[Token, ...]:
    """The tokens of a title; in French an elided word is one of its own ("l'accès": two)."""
    return tuple(
        Token(fold(match[group]), _kind(group), *match.span(group), match[group][0].isupper())
        for match in _PATTERNS[language].finditer(title)
        for group in [match.lastgroup or "mark"]
    )


def _kind(group: str) -> Kind:
    return Kind.WORD if group == "elision" else Kind(group)


def word_places(title: str) -> list[tuple[int, int]]:
    """The words somebody would count: what stands between spaces and has a letter or a digit."""
    pieces = re.finditer(r"\S+", title)
    return [piece.span() for piece in pieces if any(map(str.isalnum, piece[0]))]


def find_phrase(parts: Sequence[Token], phrase: Phrase) -> list[tuple[int, ...]]:
    """Where a phrase stands: the indexes of its words, one tuple for each place it starts."""
    return [
        path for start in range(len(parts)) if (path := _match(parts, start, phrase)) is not None
    ]


def _match(parts: Sequence[Token], start: int, phrase: Phrase) -> tuple[int, ...] | None:
    """The indexes of the words of a phrase that starts at an index; None when it does not."""
    path: list[int] = []
    reach = 1
    place = start
    for choice in phrase:
        if not choice:
            reach = GAP_WORDS + 1
            continue
        window = range(place, min(place + reach, len(parts)))
        hit = next((index for index in window if parts[index].text in choice), None)
        if hit is None:
            return None
        path.append(hit)
        place, reach = hit + 1, 1
    return tuple(path)


def has_quantity(parts: Sequence[Token], vocabulary: Vocabulary) -> bool:
    """True when something is counted: years, days of the month and numbers in names are not."""
    return any(
        part.text in vocabulary.quantities
        if part.kind is Kind.WORD
        else part.kind is Kind.NUMBER and _counts(parts, index, vocabulary)
        for index, part in enumerate(parts)
    )


def _counts(parts: Sequence[Token], index: int, vocabulary: Vocabulary) -> bool:
    text = parts[index].text
    before = parts[index - 1].text if index else ""
    after = parts[index + 1].text if index + 1 < len(parts) else ""
    return not (
        text in NAMED_NUMBERS
        or is_year(text)
        or before in vocabulary.references
        or after in vocabulary.months
    )


def is_year(text: str) -> bool:
    """True for a number that reads as a year of our time."""
    return (
        len(text) == len(str(LAST_YEAR))
        and text.isdecimal()
        and (FIRST_YEAR <= int(text) <= LAST_YEAR)
    )
