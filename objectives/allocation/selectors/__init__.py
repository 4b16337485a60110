"""What is allocated to objectives, and what is left."""

from objectives.allocation.selectors.book import AllocationBook, allocation_book
from objectives.allocation.selectors.lines import Amounts, Line, LineUse, Part, Pool
from objectives.allocation.selectors.means import (
    Group,
    Means,
    Measure,
    by_minister,
    by_strategic_objective,
    by_werf,
    means_of,
    with_means,
)
from objectives.allocation.selectors.overs import Finding, findings, findings_of
from objectives.allocation.selectors.per_fte import CostPerFte, cost_per_fte

__all__ = [
    "AllocationBook",
    "Amounts",
    "CostPerFte",
    "Finding",
    "Group",
    "Line",
    "LineUse",
    "Means",
    "Measure",
    "Part",
    "Pool",
    "allocation_book",
    "by_minister",
    "by_strategic_objective",
    "by_werf",
    "cost_per_fte",
    "findings",
    "findings_of",
    "means_of",
    "with_means",
]
