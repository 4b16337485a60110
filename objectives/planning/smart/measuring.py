"""How often the check agrees with careful readers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .codes import Rule
from .labelled import Example


@dataclass(frozen=True, slots=True)
class Tally:
    """How many labels the check found, found without a label, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> Fraction | None:
        """What part of the findings is right; None without findings."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> Fraction | None:
        """What part of the labels was found; None without labels."""
        return _share(self.right, self.right + self.missed)


@dataclass(frozen=True, slots=True)
class Miss:
    """An example on which the check and the reader differ, and about which rules."""

    example: Example
    wrong: tuple[Rule, ...]
    missed: tuple[Rule, ...]


def tally(sample: Iterable[Example], rules: Iterable[Rule]) -> Tally:
    """The agreement on some rules together, over a sample."""
    asked = frozenset(rules)
    right = wrong = missed = 0
    for example in sample:
        labels, answers = _compared(example, asked)
        right += len(labels & answers)
        wrong += len(answers - labels)
        missed += len(labels - answers)
    return Tally(right, wrong, missed)


def misses(sample: Iterable[Example], rules: Sequence[Rule]) -> tuple[Miss, ...]:
    """Where the check and the reader differ, in the order of the sample."""
    found = []
    for example in sample:
        labels, answers = _compared(example, frozenset(rules))
        if labels != answers:
            wrong = tuple(rule for rule in rules if rule in answers - labels)
            missed = tuple(rule for rule in rules if rule in labels - answers)
            found.append(Miss(example, wrong, missed))
    return tuple(found)


def _compared(example: Example, rules: frozenset[Rule]) -> tuple[frozenset[Rule], frozenset[Rule]]:
    asked = rules & example.judged
    return example.labels & asked, example.found() & asked


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
