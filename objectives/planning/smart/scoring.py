"""How SMART an objective is, as a number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from .codes import Aspect, Severity
from .results import Finding

# What each advisory rule that is not met takes from its aspect, and what they leave of it at least.
ADVISORY_COST: Final = Fraction(1, 4)
LEAST_WITHOUT_BLOCKING: Final = Fraction(1, 4)


@dataclass(frozen=True, slots=True)
class Score:
    """From 0 to 1, for each aspect and for the whole: their mean."""

    aspects: Mapping[Aspect, Fraction]

    @property
    def whole(self) -> Fraction:
        """The mean of the five aspects."""
        return sum(self.aspects.values(), Fraction(0)) / len(self.aspects)


def score(findings: Iterable[Finding]) -> Score:
    """The score of an objective with these findings.

    An aspect with a blocking finding counts 0. Another loses a quarter for each rule that is not
    met, once however often the rule is found (a title is judged in two languages), down to a
    quarter.
    """
    known = list(findings)
    return Score({aspect: _of_aspect(aspect, known) for aspect in Aspect})


def _of_aspect(aspect: Aspect, findings: Iterable[Finding]) -> Fraction:
    own = [finding for finding in findings if finding.aspect is aspect]
    if any(finding.severity is Severity.BLOCKING for finding in own):
        return Fraction(0)
    rules = {finding.rule for finding in own}
    return max(LEAST_WITHOUT_BLOCKING, 1 - ADVISORY_COST * len(rules))
