"""From an indicator to the judge of its kind."""

from objectives.indicators.engine.codes import TargetKind
from objectives.indicators.engine.inputs import IndicatorInput, Point
from objectives.indicators.engine.results import IndicatorStatus

from .figures import read_figures
from .graded import judge_ordinal, judge_range
from .milestone import judge_milestone
from .numeric import judge_numeric


def evaluate_indicator(indicator: IndicatorInput) -> IndicatorStatus:
    """Status of one indicator at its reference date."""
    match indicator.rule.kind:
        case TargetKind.INCREASE | TargetKind.DECREASE:
            return judge_numeric(indicator)
        case TargetKind.RANGE:
            return judge_range(indicator)
        case TargetKind.ORDINAL:
            return judge_ordinal(indicator)
        case TargetKind.MILESTONE:
            return judge_milestone(indicator)


def figure_series(indicator: IndicatorInput) -> tuple[Point, ...]:
    """The actual value at the end of each period counted; empty for a milestone."""
    if indicator.rule.kind is TargetKind.MILESTONE:
        return ()
    return tuple(Point(figure.on, figure.value) for figure in read_figures(indicator).series)
