"""The numbers in a text that someone typed: which are figures, and which only name something.

A date, a year, a period, a code, an ordinal or the number of an article is no figure: nobody is
asked about those. Dutch, French and English ways of writing; the digits of words such as NIS2 or
11bis belong to the word.
"""

import re
from collections import Counter
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_MONTHS: Final = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    "|janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre"
    "|décembre|decembre|january|february|march|may|june|july|august|october"
)
# Words whose number says which one, not how many. A doel or objectif is as often a target: the
# code of an objective is known to be one from the plan.
_NAMING: Final = (
    r"art|artikel|article|articles|artikelen|bijlage|annexe|annex|hoofdstuk|chapitre|punt|point"
    r"|paragraaf|paragraphe|lid|alinéa|fase|phase|stap|étape|versie|version|werf|chantier|thema"
    r"|thème|doelstelling|kwartaal|trimestre|quarter|semester|semestre"
    r"|week|semaine|OP|SP|NVP|PNS|nr|n°|no|zone|bis|editie|édition|tabel|tableau|figuur"
)
# Words after which a number may be a year, and those after which it is none.
_OF_YEARS: Final = (
    r"in|sinds|vanaf|van|tot|tegen|eind|einde|begin|voor|na|over|t/m|jaar|jaren|plan|jaarplan"
    r"|begroting|campagne|editie|voorjaar|najaar|zomer|winter|herfst|lente"
    r"|en|de|du|dès|depuis|fin|début|d[’']ici|avant|après|pour|année|années|an|exercice|budget"
    r"|printemps|été|automne|hiver|rentrée"
    r"|of|by|since|until|from|end|year|before|after|OP|NVP|PNS|PO"
)
_COUNTED: Final = (
    r"€|eur\b|euros?\b|k€|%|procent|pour\W?cent|per\W?cent|vte\b|etp\b|fte\b|dossiers?\b"
    r"|aanvragen|demandes|personen|personnes|mensen|medewerkers|agents?\b|zones?\b|gemeenten"
    r"|communes|plaatsen|places|uur\b|uren\b|heures?\b|dagen|jours?\b|km\b|keer\b|fois\b|miljoen"
    r"|millions?\b|miljard|milliards?\b|stuks\b|punten|points?\b|oproepen|appels?\b"
)
# Words that may follow a year, so that what is counted does not follow.
_GOES_ON: Final = (
    r"en|et|and|of|ou|or|is|was|zijn|waren|werd|werden|wordt|worden|heeft|hebben|zal|zullen|kan"
    r"|kunnen|moet|moeten|komt|volgt|loopt|start|begint|eindigt|op|aan|bij|met|om|te|uit|door|voor"
    r"|na|naar|tot|tegen|dan|als|maar|er|het|de|een|niet|nog|ook|over|van|in|a|ont|est|sont|sera"
    r"|seront|avait|était|le|la|les|du|des|un|une|au|aux|par|pour|sur|avec|dans|que|qui|mais|ne"
    r"|il|elle|on|nous|the|by|to|are|were|will|has|have|from|for|with|at"
)
_SPACE: Final = r"[ \u00a0\u202f]"
# Of a number that is in groups of three digits, the groups after the first.
_GROUPS: Final = rf"(?:(?:{_SPACE}|\.)\d{{3}})+(?!\d)"
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_YEAR: Final = r"(?:19|20)\d{2}"
_DATE: Final = re.compile(
    rf"(?<!\d)(?:\d{{4}}-{_MONTH}-{_DAY}|{_DAY}([./-]){_MONTH}\1(?:\d{{4}}|\d{{2}}))(?!\d)"
)
_PER_CENT: Final = re.compile(rf"{_SPACE}?(?:%|procent|pour{_SPACE}cent|per{_SPACE}cent)", re.I)
# In this order: what an earlier one takes is gone for the later ones.
_NAMES: Final = (
    _DATE,
    re.compile(
        rf"(?<!\d){_DAY}(?:er|e)?{_SPACE}+(?:{_MONTHS})\b(?:{_SPACE}+{_YEAR}(?![\d.,]*\d))?", re.I
    ),
    re.compile(rf"\b(?:{_MONTHS}){_SPACE}+{_YEAR}(?!\d|[.,]\d|{_SPACE}\d{{3}})", re.I),
    # 1. and 2) before the items of a list
    re.compile(r"^[ \t]*\(?\d{1,2}[.)](?=\s)", re.M),
    # 14u30, 14h30, 14:30; 36u and 48h are durations
    re.compile(r"(?<![\d.,:])(?:[01]?\d|2[0-4])[uh:][0-5]\d\b", re.I),
    # 1ste, 2de, 3e, 1er, 2ème, 11bis
    re.compile(r"(?<![\d.,])\d+(?:ste|de|e|er|ère|re|ème|eme|nd|nde|st|th|bis|ter|quater)\b", re.I),
    # T2 2026, S1 2026, OP 2026
    re.compile(rf"(?<!\w)(?:[TSQK]\d|M\d\d?){_SPACE}{_YEAR}(?!\d|[.,]\d|{_SPACE}\d{{3}}(?!\d))"),
    # T2, W3, NIS2, COVID-19; not EUR1250, nor what is in groups
    re.compile(rf"(?<!\w)(?!\d)(?!EUR\d)\w+[-\u2013]?\d(?!\d{{0,2}}{_GROUPS})[\w.-]*", re.I),
    # werf 3, art. 11; not zone 1 250, punt 95 % or versie 2,5
    re.compile(
        rf"(?<!\w)(?:{_NAMING})\.?{_SPACE}*(?!\d{{1,3}}{_GROUPS})"
        rf"\d++(?:[./-]\w++)*+(?!,\d|{_PER_CENT.pattern})",
        re.I,
    ),
    re.compile(rf"§{_SPACE}*\d+(?:[./-]\w+)*"),
    # 2.6.1-a and 2025-2.6.1-a, not 1.234.567
    re.compile(r"(?<![\w.,])(?!\d{1,3}(?:\.\d{3})+(?![\w.]))(?:\d{4}-)?\d+(?:\.\d+){2,}(?:-\w+)?"),
)
# A year, or two: 2026, 2026-2029, 2026/27; with what stands around it.
_YEARS: Final = re.compile(
    rf"(?<![\d.,])(?<![\d]{_SPACE})(?P<from>{_YEAR})"
    rf"(?P<to>{_SPACE}?[-\u2013/]{_SPACE}?(?:{_YEAR}|\d{{2}}))?"
    rf"(?!\d|[.,]\d|{_SPACE}\d{{3}}(?!\d)|{_SPACE}?(?:{_COUNTED}))",
    re.I,
)
_YEAR_BEFORE: Final = re.compile(rf"(?:^|\W)(?:{_OF_YEARS})[\s(]+$", re.I)
_YEAR_AFTER: Final = re.compile(rf"\s*(?:$|[^\w\s€%-]|[-\u2013](?!\d)|(?:{_GOES_ON})\b)", re.I)
# How much of a text is looked at before a year, in characters.
_BEFORE: Final = 12
# Years that a text about a plan may name, without one.
PLAUSIBLE_YEARS: Final = range(2010, 2050)
_NUMBER: Final = re.compile(
    rf"(?:(?<![\w.,-])[-\u2212])?(?:\d{{1,3}}(?:(?:{_SPACE}|\.)\d{{3}})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?)"
)
_DIGIT: Final = re.compile(r"\d")
_GROUPED: Final = re.compile(rf"[-\u2212]?\d{{1,3}}(?:(?:{_SPACE}|\.)\d{{3}})+(?:,\d+)?")


@dataclass(frozen=True, slots=True)
class NumberInText:
    """A number as it was typed, at a place in its text, and its value."""

    text: str
    start: int
    value: Fraction
    is_share: bool


def numbers_in(
    text: str, codes: Collection[str] = (), years: Container[int] = PLAUSIBLE_YEARS
) -> list[NumberInText]:
    """Return the numbers of a text that may be figures; `codes` are those of the plan's parts.

    One of `years` is none where nothing that is counted follows; any other year only after a word
    such as 'in' or 'since', and with nothing counted either: '2000 dossiers' is a figure.
    """
    left = _without_years(_without_names(text, codes), years)
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


def _without_years(text: str, years: Container[int]) -> str:
    """Return the text with a blank for every character of what is a year, or two."""

    def hidden(found: re.Match[str]) -> str:
        return _blank(found) if _is_year(found, years) else found[0]

    return _YEARS.sub(hidden, text)


def _is_year(found: re.Match[str], years: Container[int]) -> bool:
    text = found.string
    is_plausible = int(found["from"]) in years
    if found["to"]:
        return is_plausible and _ends_after(found["from"], found["to"])
    is_after = _YEAR_BEFORE.search(text[max(found.start() - _BEFORE, 0) : found.start()])
    is_alone = _YEAR_AFTER.match(text, found.end())
    return bool(is_alone and (is_plausible or is_after)) or bool(is_plausible and is_after)


def _ends_after(start: str, end: str) -> bool:
    """Tell whether '-2029' or '/27' is a later year than it starts."""
    digits = re.sub(r"\D", "", end)
    return int(f"{start[: len(start) - len(digits)]}{digits}") > int(start)


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
    if _DIGIT.search(text) is None:  # most texts
        return found
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
