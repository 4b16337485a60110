"""Above a werf there is never one score: only how many children have which status."""

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction

from .codes import Status
from .results import Progress, WeightedIndicator


def distribution(statuses: Iterable[Status]) -> Mapping[Status, int]:
    """How many of each status, all six present, in the order of `Status`."""
    counts = Counter(statuses)
    return {status: counts[status] for status in Status}


def weighted_progress(indicators: Iterable[WeightedIndicator]) -> Progress | None:
    """Weighted mean progress over the numeric indicators with a figure, for the bullet of a werf.

    Indicators without progress (not numeric, no figure, target equal to start) stay out; None when
    nothing is left or what is left weighs nothing.
    """
    rows = [(one.weight, one.status.progress) for one in indicators if one.status.has_figure]
    weighed = [(weight, progress) for weight, progress in rows if progress is not None]
    total = sum((weight for weight, _ in weighed), Fraction(0))
    if total == 0:
        return None
    actual = sum((weight * progress.actual for weight, progress in weighed), Fraction(0))
    expected = sum((weight * progress.expected for weight, progress in weighed), Fraction(0))
    return Progress(actual / total, expected / total)
