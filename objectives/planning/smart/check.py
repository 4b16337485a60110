"""All rules put to one objective."""

from collections.abc import Iterator
from typing import Final

from .codes import LANGUAGES, Rule
from .inputs import SmartObjective
from .parts import check_parts
from .results import Finding, found
from .titles import check_title

__all__ = ["check", "check_parts", "check_title"]

_ORDER: Final = tuple(Rule)


def check(objective: SmartObjective) -> tuple[Finding, ...]:
    """What is to be mended, in the order of `Rule`, then by language, indicator and place."""
    return tuple(sorted((*_texts(objective), *check_parts(objective)), key=_place))


def _texts(objective: SmartObjective) -> Iterator[Finding]:
    written = [code for code in LANGUAGES if objective.titles.get(code, "").strip()]
    if not written:
        yield found(Rule.NO_TEXT)
        return
    for language in LANGUAGES:
        if language in written:
            yield from check_title(objective.titles[language], language)
        else:
            yield found(Rule.MISSING_TEXT, language)


def _place(finding: Finding) -> tuple[int, str, tuple[tuple[int, int], ...], list[str]]:
    values = sorted(finding.values.items())
    texts = [f"{name}={value}" for name, value in values]
    return _ORDER.index(finding.rule), finding.language, finding.words, texts
