"""What the checks are given. Every class refuses contradictory input with a ValueError."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from objectives.indicators.engine import Accumulation, TargetKind, make_exact


@dataclass(frozen=True, slots=True)
class Part:
    """The numbers of the whole, or of one part of its breakdown; a ratio has the last two."""

    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None

    def __post_init__(self) -> None:
        make_exact(self, "value", "numerator", "denominator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The figure of one period; which fields are filled follows from the kind of target.

    `parts` is the breakdown by canonical key (`dimension=member` pairs, sorted by dimension, joined
    with ";"); the whole is not among them. `recorded_on` is the day on which the period got its
    first figure: a correction does not make a figure late. `entered_on` is the day on which this
    one was recorded.
    """

    period_start: date
    period_end: date
    due_on: date
    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    level: int | None = None
    done_on: date | None = None
    forecast_on: date | None = None
    recorded_on: date | None = None
    entered_on: date | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)

    def __post_init__(self) -> None:
        make_exact(self, "value", "numerator", "denominator")
        if self.period_start > self.period_end:
            raise ValueError("a period cannot end before it starts")

    @property
    def whole(self) -> Part:
        """The numbers without the breakdown."""
        return Part(self.value, self.numerator, self.denominator)

    @property
    def place(self) -> tuple[date, date]:
        """Where it stands in its series: by end, then by start."""
        return self.period_end, self.period_start

    @property
    def months(self) -> int:
        """Length of its period in months, so that a quarter is not compared with a year."""
        first, last = self.period_start, self.period_end
        return 12 * (last.year - first.year) + last.month - first.month + 1


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to break a figure down; `adds_up` when its members together are the whole."""

    code: str
    members: tuple[str, ...]
    adds_up: bool

    def __post_init__(self) -> None:
        if len(set(self.members)) != len(self.members):
            raise ValueError(f"the dimension {self.code} names a member twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRule:
    """What the definition says about every figure of the series.

    `possible_low` and `possible_high` are in the unit of the indicator: for a ratio that of
    `scale` x numerator / denominator. `smallest_step` is one unit of the last decimal.
    `breaks` are the first days of definitions that broke the series.
    """

    kind: TargetKind
    accumulation: Accumulation = Accumulation.LEVEL
    ratio: bool = False
    scale: Fraction = Fraction(1)
    smallest_step: Fraction = Fraction(0)
    possible_low: Fraction | None = None
    possible_high: Fraction | None = None
    dimensions: tuple[Dimension, ...] = ()
    breaks: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        make_exact(self, "scale", "smallest_step", "possible_low", "possible_high")
        low, high = self.possible_low, self.possible_high
        if low is not None and high is not None and low > high:
            raise ValueError("the possible range is upside down")
        codes = [dimension.code for dimension in self.dimensions]
        if len(set(codes)) != len(codes):
            raise ValueError("a dimension is named twice")

    @property
    def numeric(self) -> bool:
        """True for numbers: neither a milestone nor an ordinal level."""
        return self.kind not in (TargetKind.MILESTONE, TargetKind.ORDINAL)

    def dimension(self, code: str) -> Dimension | None:
        """The dimension with a code; None when the definition does not have it."""
        return next((known for known in self.dimensions if known.code == code), None)

    def number(self, part: Part) -> Fraction | None:
        """The number to judge, in the unit of the indicator; None where there is none.

        A ratio without a positive denominator has none. It may come as a quotient, without its
        numerator and denominator.
        """
        if not self.numeric:
            return None
        if not self.ratio or (part.numerator is None and part.denominator is None):
            return part.value
        if part.numerator is None or part.denominator is None or part.denominator <= 0:
            return None
        return self.scale * part.numerator / part.denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A period for which a figure is due; those that are not applicable are left out."""

    period_start: date
    period_end: date
    due_on: date
    measured: bool
