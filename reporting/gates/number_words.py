"""The numbers in a text that someone typed: which are figures, and which only name something.

A date, a year, a period, a code, an ordinal or the number of an article is no figure: nobody is
asked about those. Dutch, French and English ways of writing; the digits of words such as NIS2 or
11bis belong to the word.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_MONTHS: Final = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    "|janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre"
    "|décembre|decembre|january|february|march|may|june|july|august|october"
)
# Words whose number says which one, not how many.
_NAMING: Final = (
    r"art|artikel|article|articles|artikelen|bijlage|annexe|annex|hoofdstuk|chapitre|punt|point"
    r"|paragraaf|paragraphe|lid|alinéa|fase|phase|stap|étape|versie|version|werf|chantier|thema"
    r"|thème|doel|doelstelling|objectif|objective|kwartaal|trimestre|quarter|semester|semestre"
    r"|week|semaine|OP|SP|NVP|PNS|nr|n°|no|zone|bis|editie|édition|tabel|tableau|figuur"
)
_SPACE: Final = r"[ \u00a0\u202f]"
_DATE: Final = re.compile(
    r"(?<!\d)(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2}))(?!\d)"
)
_PER_CENT: Final = re.compile(rf"{_SPACE}?(?:%|procent|pour{_SPACE}cent|per{_SPACE}cent)", re.I)
# In this order: what an earlier one takes is gone for the later ones.
_NAMES: Final = (
    _DATE,
    re.compile(rf"(?<!\d)\d{{1,2}}(?:er|e)?{_SPACE}+(?:{_MONTHS})(?:{_SPACE}+\d{{4}})?\b", re.I),
    # 1. and 2) before the items of a list
    re.compile(r"^[ \t]*\(?\d{1,2}[.)](?=\s)", re.M),
    # 14u30, 14h30, 14:30; 36u and 48h are durations
    re.compile(r"(?<![\d.,:])\d{1,2}[uh:]\d{2}\b", re.I),
    # 1ste, 2de, 3e, 1er, 2ème, 11bis
    re.compile(r"(?<![\d.,])\d+(?:ste|de|e|er|ère|re|ème|eme|nd|nde|st|th|bis|ter|quater)\b", re.I),
    # T2, W3, NIS2, COVID-19, and T2 2026
    re.compile(rf"(?<!\w)(?!\d)\w+[-\u2013]?\d[\w.-]*(?:{_SPACE}\d{{4}}\b)?"),
    # werf 3, art. 11; not doel 95 % or objectif 2,5
    re.compile(
        rf"(?<!\w)(?:{_NAMING})\.?{_SPACE}*\d++(?:[./-]\w++)*+(?!,\d|{_PER_CENT.pattern})", re.I
    ),
    re.compile(rf"§{_SPACE}*\d+(?:[./-]\w+)*"),
    # 2.6.1-a and 2025-2.6.1-a, not 1.234.567
    re.compile(r"(?<![\w.,])(?!\d{1,3}(?:\.\d{3})+(?![\w.]))(?:\d{4}-)?\d+(?:\.\d+){2,}(?:-\w+)?"),
    # 2026, 2026-2029, 2026/27; 2000 is as often a round number
    re.compile(
        r"(?<![\d.,])(?!2000\b)(?:19|20)\d{2}(?:\s?[-\u2013/]\s?(?:(?:19|20)\d{2}|\d{2}))?"
        rf"(?![\d]|[.,]\d|{_SPACE}?%)"
    ),
)
_NUMBER: Final = re.compile(
    rf"(?:(?<![\w.,-])[-\u2212])?(?:\d{{1,3}}(?:(?:{_SPACE}|\.)\d{{3}})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?)"
)
_GROUPED: Final = re.compile(rf"[-\u2212]?\d{{1,3}}(?:(?:{_SPACE}|\.)\d{{3}})+(?:,\d+)?")


@dataclass(frozen=True, slots=True)
class NumberInText:
    """A number as it was typed, at a place in its text, and its value."""

    text: str
    start: int
    value: Fraction
    is_share: bool


def numbers_in(text: str, codes: Collection[str] = ()) -> list[NumberInText]:
    """Return the numbers of a text that may be figures; `codes` are those of the plan's parts."""
    left = _without_names(text, codes)
    return [
        NumberInText(
            text=found[0],
            start=found.start(),
            value=_value(found[0]),
            is_share=_PER_CENT.match(left, found.end()) is not None,
        )
        for found in _NUMBER.finditer(left)
    ]


def _without_names(text: str, codes: Collection[str]) -> str:
    """Return the text with a blank for every character of what only names something."""
    left = text
    for code in codes:
        if "." in code and code in left:
            left = re.sub(rf"(?<![\w.,]){re.escape(code)}(?![\w]|[.,]\d)", _blank, left)
    for pattern in _NAMES:
        left = pattern.sub(_blank, left)
    return left


def _blank(found: re.Match[str]) -> str:
    return "\n" * len(found[0])  # what is a number never runs over it


def _value(text: str) -> Fraction:
    """Return the number: a point is a decimal sign only where it cannot group thousands."""
    if _GROUPED.fullmatch(text):
        text = re.sub(rf"{_SPACE}|\.", "", text)
    return Fraction(text.replace("\u2212", "-").replace(",", "."))


def all_numbers(text: str) -> Counter[str]:
    """Return every number of a text, dates and codes too, as often as it stands there.

    For comparing a text with its translation: what differs in the signs alone is the same.
    """
    found: Counter[str] = Counter()
    for date in _DATE.finditer(text):
        found[_day(date[0])] += 1
    found.update(_plain_numbers(_DATE.sub(_blank, text)))
    return found


def _day(text: str) -> str:
    parts = [int(part) for part in re.split(r"[./-]", text)]
    return "-".join(str(part) for part in (parts if parts[0] > 31 else reversed(parts)))


def _plain_numbers(text: str) -> Iterator[str]:
    for found in _NUMBER.finditer(text):
        yield str(abs(_value(found[0])))
