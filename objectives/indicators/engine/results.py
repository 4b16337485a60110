"""What the engine answers: a status with its inputs, its steps and the version of its rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from .codes import FIGURE_STATUSES, Remark, Status, StepCode
from .rational import exact


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the explanation. Values are exact text: a fraction as "17/20", a date in ISO."""

    code: StepCode
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Progress:
    """Share of the way from start to target, not capped; one is the target."""

    actual: Fraction
    expected: Fraction

    @property
    def deviation(self) -> Fraction:
        """Return actual minus expected (0.05 is 5 percentage points ahead)."""
        return self.actual - self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorStatus:
    """Status of one indicator at its reference date.

    `attainment` is a of the rule, uncapped; only rising and falling targets have one. `actual` and
    `expected` are taken at `measured_to`, the end of the last period counted.
    """

    status: Status
    rule_version: int
    attainment: Fraction | None = None
    actual: Fraction | None = None
    expected: Fraction | None = None
    measured_to: date | None = None
    progress: Progress | None = None
    stale: bool = False
    provisional: bool = False
    late: bool = False
    remarks: tuple[Remark, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def has_figure(self) -> bool:
        """True unless the status is `not_started` or `no_data`."""
        return self.status in FIGURE_STATUSES


@dataclass(frozen=True, slots=True)
class Override:
    """The status a head puts beside the computed one. Shown, never rolled up."""

    status: Status
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("an override needs a reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class RollupStatus:
    """Status of an operational objective or a werf.

    `status` is the computed one; `override` stands beside it. `attainment` is the weighted mean of
    the clipped values of the children, None when the parent has no figure itself.
    """

    status: Status
    rule_version: int
    attainment: Fraction | None = None
    due_weight: Fraction = Fraction(0)
    weight_without_figure: Fraction = Fraction(0)
    override: Override | None = None
    stale: bool = False
    provisional: bool = False
    counts: Mapping[Status, int] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def has_figure(self) -> bool:
        """True unless the computed status is `not_started` or `no_data`."""
        return self.status in FIGURE_STATUSES


def _checked_weight(weight: Fraction) -> Fraction:
    if exact(weight) < 0:
        raise ValueError("a weight cannot be negative")
    return exact(weight)


@dataclass(frozen=True, slots=True)
class WeightedIndicator:
    """An indicator inside an objective. A weight of zero leaves it out of the mean only."""

    status: IndicatorStatus
    weight: Fraction = Fraction(1)
    key: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", _checked_weight(self.weight))


@dataclass(frozen=True, slots=True)
class WeightedObjective:
    """An objective inside a werf; its override is not looked at."""

    status: RollupStatus
    weight: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", _checked_weight(self.weight))
