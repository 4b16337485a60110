"""Objectives with the rules that a careful reader applies to them (fixtures/smart)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import yaml

from objectives.indicators.engine import TargetKind

from .check import check_parts, check_title
from .codes import TEXT_RULES, Rule
from .inputs import SmartIndicator, SmartObjective

_NUMBERS: Final = ("baseline", "target", "low", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A title, its labels, and the objective around it when that is labelled too."""

    language: str
    text: str
    labels: frozenset[Rule]
    is_held_out: bool
    objective: SmartObjective | None

    @property
    def judged(self) -> frozenset[Rule]:
        """The rules that the labels speak about."""
        return frozenset(TEXT_RULES if self.objective is None else Rule)

    def found(self) -> frozenset[Rule]:
        """The rules that the check applies."""
        findings = list(check_title(self.text, self.language))
        if self.objective is not None:
            findings += check_parts(self.objective)
        return frozenset(finding.rule for finding in findings)


def examples(path: Path) -> tuple[Example, ...]:
    """The examples of a file, in its order. Raises ValueError for a label that is no rule."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(_example(entry, data["language"]) for entry in data["objectives"])


def _example(entry: Mapping[str, Any], language: str) -> Example:
    parts = entry.get("parts")
    return Example(
        language=language,
        text=entry["text"],
        labels=frozenset(map(Rule, entry["labels"])),
        is_held_out=entry.get("held_out", False),
        objective=None if parts is None else _objective(parts, entry["text"], language),
    )


def _objective(parts: Mapping[str, Any], text: str, language: str) -> SmartObjective:
    indicators = tuple(_indicator(entry) for entry in parts["indicators"])
    return SmartObjective(**{**parts, "indicators": indicators}, titles={language: text})


def _indicator(entry: Mapping[str, Any]) -> SmartIndicator:
    numbers = {name: _number(entry[name]) for name in _NUMBERS if entry.get(name) is not None}
    history = {day: _number(value) for day, value in entry.get("history", {}).items()}
    kind = TargetKind(entry["kind"])
    return SmartIndicator(
        **{**entry, "kind": kind, **numbers, "history": history},
    )


def _number(value: float) -> Fraction:
    """What was written: 11.5 is 23/2."""
    return Fraction(Decimal(str(value)))
