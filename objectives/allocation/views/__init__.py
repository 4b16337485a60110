"""Pages of the allocation."""

from objectives.allocation.views.line import (
    allocation_edit,
    allocation_new,
    allocation_withdrawal,
    line_detail,
)
from objectives.allocation.views.lines import line_list
from objectives.allocation.views.objectives import objective_list

__all__ = [
    "allocation_edit",
    "allocation_new",
    "allocation_withdrawal",
    "line_detail",
    "line_list",
    "objective_list",
]
