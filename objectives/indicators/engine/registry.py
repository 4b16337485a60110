"""The one entry point: picks the rules of a version. Older versions stay beside newer ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Protocol

from .inputs import IndicatorInput, Point
from .results import (
    IndicatorStatus,
    Override,
    RollupStatus,
    WeightedIndicator,
    WeightedObjective,
)
from .rule1 import indicator as rule1_indicator
from .rule1 import rollup as rule1_rollup
from .rule1 import trajectory as rule1_trajectory
from .rule1 import version as rule1_version


class ObjectiveRule(Protocol):
    def __call__(
        self, indicators: Sequence[WeightedIndicator], *, override: Override | None = None
    ) -> RollupStatus: ...


class WerfRule(Protocol):
    def __call__(
        self, objectives: Sequence[WeightedObjective], *, override: Override | None = None
    ) -> RollupStatus: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The functions of one rule version."""

    indicator: Callable[[IndicatorInput], IndicatorStatus]
    expected_at: Callable[[IndicatorInput, date], Fraction | None]
    figure_series: Callable[[IndicatorInput], tuple[Point, ...]]
    objective: ObjectiveRule
    werf: WerfRule


CURRENT_RULE_VERSION: Final = 1
RULE_SETS: Final[Mapping[int, RuleSet]] = MappingProxyType(
    {
        rule1_version.RULE_VERSION: RuleSet(
            indicator=rule1_indicator.evaluate_indicator,
            expected_at=rule1_trajectory.expected_at,
            figure_series=rule1_indicator.figure_series,
            objective=rule1_rollup.evaluate_objective,
            werf=rule1_rollup.evaluate_werf,
        )
    }
)


def rule_set(rule_version: int) -> RuleSet:
    """The rules of a version. Raises ValueError for a version that never was."""
    try:
        return RULE_SETS[rule_version]
    except KeyError:
        raise ValueError(f"there is no rule version {rule_version}") from None


def evaluate_indicator(
    indicator: IndicatorInput, *, rule_version: int = CURRENT_RULE_VERSION
) -> IndicatorStatus:
    """Status of one indicator. Raises ValueError only for an unknown rule version."""
    return rule_set(rule_version).indicator(indicator)


def expected_at(
    indicator: IndicatorInput, on: date, *, rule_version: int = CURRENT_RULE_VERSION
) -> Fraction | None:
    """The value expected at the end of a day (a chart's line); None without a target."""
    return rule_set(rule_version).expected_at(indicator, on)


def figure_series(
    indicator: IndicatorInput, *, rule_version: int = CURRENT_RULE_VERSION
) -> tuple[Point, ...]:
    """The actual value at the end of each period counted; sums so far for a flow."""
    return rule_set(rule_version).figure_series(indicator)


def evaluate_objective(
    indicators: Sequence[WeightedIndicator],
    *,
    override: Override | None = None,
    rule_version: int = CURRENT_RULE_VERSION,
) -> RollupStatus:
    """Status of an operational objective; the override is carried along, never computed with."""
    return rule_set(rule_version).objective(indicators, override=override)


def evaluate_werf(
    objectives: Sequence[WeightedObjective],
    *,
    override: Override | None = None,
    rule_version: int = CURRENT_RULE_VERSION,
) -> RollupStatus:
    """Status of a werf from the computed statuses of its objectives."""
    return rule_set(rule_version).werf(objectives, override=override)
