"""The status engine (design, section 5): pure functions over exact rationals, no Django.

    result = evaluate_indicator(
        IndicatorInput(
            rule=IndicatorRule(kind=TargetKind.INCREASE, accumulation=Accumulation.FLOW),
            reference_date=date(2026, 6, 30),
            due_on=date(2026, 12, 31),
            target=Fraction(120),
            slots=(...),
        )
    )

`evaluate_indicator`, `evaluate_objective` and `evaluate_werf` take the rule version and answer
with a status, its remarks and the steps that explain it. Input that contradicts itself is refused
with a ValueError when it is built; whatever could be built gets an answer, never an exception.
"""

from .codes import (
    FIGURE_STATUSES,
    Accumulation,
    Remark,
    SlotState,
    Status,
    StepCode,
    TargetKind,
    TrajectoryShape,
    better_of,
    worse_of,
)
from .distribution import distribution, weighted_progress
from .forecast import forecast_indicator, theil_sen
from .inputs import IndicatorInput, IndicatorRule, Point, Slot
from .rational import exact, make_exact, render_decimal
from .registry import (
    CURRENT_RULE_VERSION,
    evaluate_indicator,
    evaluate_objective,
    evaluate_werf,
    expected_at,
    figure_series,
)
from .results import (
    IndicatorStatus,
    Override,
    Progress,
    RollupStatus,
    Step,
    WeightedIndicator,
    WeightedObjective,
)

__all__ = [
    "CURRENT_RULE_VERSION",
    "FIGURE_STATUSES",
    "Accumulation",
    "IndicatorInput",
    "IndicatorRule",
    "IndicatorStatus",
    "Override",
    "Point",
    "Progress",
    "Remark",
    "RollupStatus",
    "Slot",
    "SlotState",
    "Status",
    "Step",
    "StepCode",
    "TargetKind",
    "TrajectoryShape",
    "WeightedIndicator",
    "WeightedObjective",
    "better_of",
    "distribution",
    "evaluate_indicator",
    "evaluate_objective",
    "evaluate_werf",
    "exact",
    "expected_at",
    "figure_series",
    "forecast_indicator",
    "make_exact",
    "render_decimal",
    "theil_sen",
    "weighted_progress",
    "worse_of",
]
