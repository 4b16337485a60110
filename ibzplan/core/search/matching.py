"""Which rows, which language and which letters a search matches: accents and case are ignored."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ibzplan.core.localised import LocalisedText, fold

RowT = TypeVar("RowT", bound=Model)


def holds_all(words: Sequence[str], text: str) -> bool:
    """Tell whether the text holds every (folded) word."""
    folded = fold(text)
    return all(word in folded for word in words)


def all_words(
    rows: QuerySet[RowT], words: Sequence[str], extra: Mapping[int, str] | None = None
) -> QuerySet[RowT]:
    """Keep rows whose `search_key` holds every word.

    `extra` gives, by database key, text that stands outside the search key (printed names,
    members of a group); a row also matches when that text alone holds every word.
    """
    in_key = Q()
    for word in words:
        in_key &= Q(search_key__contains=word)
    also = [pk for pk, text in (extra or {}).items() if holds_all(words, text)]
    return rows.filter(in_key | Q(pk__in=also)) if also else rows.filter(in_key)


def kept_with(words: Sequence[str], rows: Iterable[tuple[RowT, str]]) -> list[RowT]:
    """Keep rows that are in memory: those whose `search_key`, or text beside it, holds every word.

    For tables of the plans' structure, that are small and change seldom.
    """
    return [
        row
        for row, extra in rows
        if all(word in getattr(row, "search_key") for word in words)  # noqa: B009
        or (extra and holds_all(words, extra))
    ]


def matching_language(
    words: Sequence[str], title: LocalisedText, text: LocalisedText, code: str, preferred: str
) -> str:
    """Return the language in which code, title and text hold every word; the preferred first.

    Falls back to the language that a page in `preferred` shows anyway.
    """
    shown: str = title.best(preferred)[1]
    languages: list[str] = [shown, *title, *text]
    for language in dict.fromkeys(languages):
        spoken = " ".join([code, title.get(language, ""), text.get(language, "")])
        if holds_all(words, spoken):
            return language
    return shown


def _spans(words: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Return the places of the words in the text, as (start, end), merged and in order."""
    letters: list[str] = []
    origin: list[int] = []
    for position, character in enumerate(text):
        folded = fold(character)
        letters.append(folded)
        origin.extend([position] * len(folded))
    haystack = "".join(letters)
    found: list[tuple[int, int]] = []
    for word in filter(None, words):
        at = haystack.find(word)
        while at >= 0:
            found.append((origin[at], origin[at + len(word) - 1] + 1))
            at = haystack.find(word, at + len(word))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def highlighted(words: Sequence[str], text: str) -> SafeString:
    """Return the text escaped, with every occurrence of a word in a mark element."""
    parts: list[tuple[SafeString | str]] = []
    position = 0
    for start, end in _spans(words, text):
        parts.append((text[position:start],))
        parts.append((format_html("<mark>{}</mark>", text[start:end]),))
        position = end
    parts.append((text[position:],))
    return format_html_join("", "{}", parts)
