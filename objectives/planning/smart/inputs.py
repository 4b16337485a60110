"""What the check is given: plain values and exact rationals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from objectives.indicators.engine import TargetKind, exact


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartIndicator:
    """One indicator of the objective; which fields are filled follows from its kind.

    A milestone has only `target_on`. A level has its target as a number, and the words of its scale
    are its unit. A range has `low` and `high` instead of `target`. `months` is the length of its
    periods: 12 is yearly.

    `history` are earlier figures by day, in any order, each comparable with the target: of a flow
    the totals of whole years, of a series with a break only what comes after it.
    """

    code: str
    kind: TargetKind
    months: int
    baseline: Fraction | None = None
    target: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    target_on: date | None = None
    unit: str = ""
    source: str = ""
    has_interim: bool = False
    history: Mapping[date, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Turn int and Decimal values into rationals."""
        for name in ("baseline", "target", "low", "high"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, exact(value))
        exact_history = {day: exact(value) for day, value in self.history.items()}
        object.__setattr__(self, "history", exact_history)

    @property
    def numeric(self) -> bool:
        """True for numbers: neither a milestone nor an ordinal level."""
        return self.kind not in (TargetKind.MILESTONE, TargetKind.ORDINAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartObjective:
    """An operational objective. `titles` has a text per language; an empty one is missing.

    `holder` is the function of its management-function holder, '' when it names none. `means` tells
    whether credits or staff are allocated to it; None that nobody knows yet. `motivation` is what
    the planner says of targets that go beyond the history.
    """

    titles: Mapping[str, str]
    plan_year: int
    unit: str = ""
    holder: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    means: bool | None = None
    motivation: str = ""
    indicators: tuple[SmartIndicator, ...] = ()
