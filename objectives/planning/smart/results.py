"""What the check answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .codes import ASPECTS, SEVERITIES, Aspect, Rule, Severity

FindingValue = Fraction | date | str | int

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend.

    `words` are places in the title in `language`, as (start, end) to slice it with; both are empty
    for what is not said of a title. Values are exact text: a fraction as "17/20", a date in ISO.
    """

    rule: Rule
    aspect: Aspect
    severity: Severity
    language: str
    words: tuple[Span, ...]
    values: Mapping[str, str]


def found(
    rule: Rule, language: str = "", words: Iterable[Span] = (), **values: FindingValue
) -> Finding:
    """A finding with the aspect and the severity of its rule."""
    texts = {
        key: value.isoformat() if isinstance(value, date) else str(value)
        for key, value in values.items()
    }
    return Finding(rule, ASPECTS[rule], SEVERITIES[rule], language, tuple(words), texts)
