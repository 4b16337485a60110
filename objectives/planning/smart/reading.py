"""What a grammar finds in a title."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .text import Token
from .vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Reading:
    """Indexes of tokens.

    `verb` is the infinitive of the action; `second` a conjunction and the infinitive that it joins
    to the first; `head` the noun that the action is about; `content` all words that carry meaning
    besides verbs; `opening` what stands where the verb should.
    """

    verb: int | None
    second: tuple[int, int] | None
    head: int | None
    content: tuple[int, ...]
    opening: tuple[int, ...]


class Grammar(Protocol):
    """The rules and words of one language."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Its words."""

    @property
    def maximum_words(self) -> int:
        """How many words a title may have."""

    def read(self, parts: Sequence[Token]) -> Reading:
        """Find the parts of a title."""
