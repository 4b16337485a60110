"""Specific: is the title an action on something, in words that say something?"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from .codes import Rule
from .dutch import Dutch
from .french import French
from .reading import Grammar, Reading
from .results import Finding, Span, found
from .text import Token, find_phrase, has_quantity, tokens, word_places

MINIMUM_WORDS: Final = 3

_GRAMMARS: Final[Mapping[str, Grammar]] = {"nl": Dutch(), "fr": French()}


def maximum_words(language: str) -> int:
    """How many words a title in a language may have."""
    return _GRAMMARS[language].maximum_words


def check_title(title: str, language: str) -> Iterator[Finding]:
    """What is to be mended in a title, by the rules of its language, in no particular order."""
    grammar = _GRAMMARS[language]
    parts = tokens(title, language)
    reading = grammar.read(parts)
    yield from _length(title, language)
    if reading.verb is None:
        yield found(Rule.NO_ACTION_VERB, language, [_opening(title, parts, reading)])
    vague = _vague(parts, reading, grammar)
    if vague:
        yield found(Rule.VAGUE_WORDS, language, vague)
    elif reading.verb is not None and _names_nothing(parts, reading, grammar):
        places = [parts[index].span for index in (*reading.content, reading.verb)]
        yield found(Rule.NO_OBJECT, language, sorted(places))
    if reading.second is not None:
        words = [parts[index].span for index in reading.second]
        yield found(Rule.TWO_OBJECTIVES, language, words)


def _opening(title: str, parts: Sequence[Token], reading: Reading) -> Span:
    """What stands where the verb should, in whole words: "D'ici", not "D"."""
    if not reading.opening:
        return _whole(title)
    start, end = parts[reading.opening[0]].start, parts[reading.opening[-1]].end
    return start, next((last for first, last in word_places(title) if first < end <= last), end)


def _whole(title: str) -> Span:
    start = len(title) - len(title.lstrip())
    return start, max(start, len(title.rstrip()))


def _length(title: str, language: str) -> Iterator[Finding]:
    """Too many words, of which those past the limit are named, or too few."""
    places = word_places(title)
    count, limit = len(places), maximum_words(language)
    if count > limit:
        words = [(places[limit][0], places[-1][1])]
        yield found(Rule.TOO_LONG, language, words, count=count, limit=limit)
    elif count < MINIMUM_WORDS:
        yield found(Rule.TOO_SHORT, language, [_whole(title)], count=count, limit=MINIMUM_WORDS)


def _vague(parts: Sequence[Token], reading: Reading, grammar: Grammar) -> list[Span]:
    """The words that say nothing; a quantity anywhere in the title gives them a meaning."""
    words = grammar.vocabulary
    if has_quantity(parts, words):
        return []
    named = {
        index
        for phrase in words.vague_phrases
        for path in find_phrase(parts, phrase)
        for index in path
    }
    if reading.verb is not None and reading.head is not None:
        verb, head = parts[reading.verb], parts[reading.head]
        is_name = head.is_capitalised and reading.head > 0
        if verb.text in words.weak_verbs and head.text in words.containers and not is_name:
            named |= {reading.verb, reading.head}
    for index in range(1, len(parts)):
        if parts[index - 1].text in words.qualifiers and parts[index].text in words.containers:
            named |= {index - 1, index}
    return [parts[index].span for index in sorted(named)]


def _names_nothing(parts: Sequence[Token], reading: Reading, grammar: Grammar) -> bool:
    """True when nothing but words like "acties" stands beside the verb."""
    return all(parts[index].text in grammar.vocabulary.bare_nouns for index in reading.content)
