"""Two texts side by side, word by word: pure, imports no Django."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_WORDS: Final = re.compile(r"\s+|[^\s]+")

SAME: Final = "same"
GONE: Final = "del"
NEW: Final = "ins"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and what became of them: `same`, `del` or `ins`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Sides:
    """An old and a new text in pieces: the old side holds no `ins`, the new side no `del`."""

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


def word_sides(old: str, new: str) -> Sides:
    """Return both texts with the words that differ marked; joined, each side is its text again."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    left: list[Piece] = []
    right: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        kind = SAME if tag == "equal" else ""
        _append(left, kind or GONE, before[a_from:a_to])
        _append(right, kind or NEW, after[b_from:b_to])
    return Sides(tuple(left), tuple(right))


def _append(pieces: list[Piece], kind: str, words: Iterable[str]) -> None:
    text = "".join(words)
    if text:
        pieces.append(Piece(kind, text))


def line_pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    """Return the lines that differ as (old, new), '' where one side has none; in their order."""
    pairs: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, list(old), list(new), autojunk=False)
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if tag == "equal":
            continue
        gone, come = old[a_from:a_to], new[b_from:b_to]
        for number in range(max(len(gone), len(come))):
            pairs.append(
                (
                    gone[number] if number < len(gone) else "",
                    come[number] if number < len(come) else "",
                )
            )
    return pairs
