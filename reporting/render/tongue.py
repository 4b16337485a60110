"""The language of a text that somebody typed into a field that has one language only.

No such field keeps which language it is, so it is told from the words: the little ones that one
language alone has, and the way its longer ones are spelt. What is too short or too mixed has none:
nobody is told a language that the text may not have.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+")
# Words that none of the other three languages has: left out are 'de', 'en', 'of', 'is' and 'in',
# and what is Dutch too: 'was', 'had', 'been' and 'pas'.
_LITTLE: Final = {
    "nl": (
        "aan al als bij dan dat deze die dit doen door dus een er geen gaan haar hebben heeft het"
        " hier hoe hoeveel hun ik kan kunnen maar mag meer met mij moet moeten naar nadat niet nog"
        " nu om omdat ons onze ook op over reeds sinds tegen te tot tussen uit van vanaf veel"
        " volgens voor voordat waar waarom wanneer wat wel werd werden wij wordt"
        " zal zich zij zijn zoals zodat zou zullen"
    ),
    "fr": (
        "ainsi afin après au aussi aux avec car ce cela ces cette chez comme comment dans depuis"
        " des donc du dès elle elles est et été être eux faut il ils je la le les leur leurs lors"
        " mais mois ne nos notre nous ont ou où par pour pourquoi qu que quel quelle quels"
        " quelles qui sans se selon sera seront ses si son sont sous sur toujours tous tout toutes"
        " une un vers vos votre vous"
    ),
    "en": (
        "and are be because but can could did does for from has have how it its not"
        " our shall should than that the their them there these they this those to were what"
        " when which who why with would you your"
    ),
    "de": (
        "auch auf aus bei bis das dem der dieser durch ein eine einem einen einer es für gegen"
        " haben hat im ist kann können mit muss nach nicht noch nur oder sein seit sich sie sind"
        " soll über um und unter vom von wegen wenn wir wird wurde wurden zu zum zur"
        " zwischen"
    ),
}
LITTLE_WORDS: Final[Mapping[str, frozenset[str]]] = {
    language: frozenset(words.split()) for language, words in _LITTLE.items()
}
_ELISION: Final = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['\u2019](?=[^\W\d_])")
# English is told by its little words alone: its longer ones are often those of the other three.
_SPELLING: Final[Mapping[str, re.Pattern[str]]] = {
    "nl": re.compile(
        r"ij|aa|uu|oe[kmnrst]|ee[dklnrst]|fout|(?:heid|lijke?|eerd|eren|ties?|nieuwe?)$|^sch"
    ),
    "fr": re.compile(
        # Not what Dutch borrowed: bureau, directeur, parlement, militaire, performance, enquête.
        r"[àâçîôùûœ]|(?:ée?s?|ités?|eux|euses?|aux|ions|iques?)$"
    ),
    "de": re.compile(r"[ßä]|ung(?:en)?$|(?:keit|liche?)$"),
}
# What a word of a language says for it, and how it is spelt.
_OF_A_WORD: Final = 2
_OF_SPELLING: Final = 1
# By so many times the first language must lead.
_LEAD: Final = 2


@lru_cache(maxsize=4096)
def language_of(text: str) -> str:
    """Return 'nl', 'fr', 'en' or 'de'; '' where the words do not say."""
    read = text.casefold()
    points = Counter({"fr": _OF_A_WORD * len(_ELISION.findall(read))})
    for word in _WORD.findall(read):
        for language, little in LITTLE_WORDS.items():
            if word in little:
                points[language] += _OF_A_WORD
        for language, spelling in _SPELLING.items():
            if spelling.search(word):
                points[language] += _OF_SPELLING
    ranked = [*points.most_common(2), ("", 0), ("", 0)]
    (language, most), (_next, second) = ranked[:2]
    return language if most and most >= _LEAD * second else ""


def has_words(text: str) -> bool:
    """Tell whether there is anything to translate: a number or a code is none."""
    return any(len(word) > 1 for word in _WORD.findall(text))
