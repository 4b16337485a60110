"""Everything that changes what is allocated."""

from objectives.allocation.services.allocations import (
    allocation_now,
    allocation_set,
    allocation_withdraw,
)
from objectives.allocation.services.over import kind_of, refuses
from objectives.allocation.services.rights import (
    keeps_means,
    kept_text,
    may_allocate,
    may_allocate_of,
    may_change_now,
)

__all__ = [
    "allocation_now",
    "allocation_set",
    "allocation_withdraw",
    "keeps_means",
    "kept_text",
    "kind_of",
    "may_allocate",
    "may_allocate_of",
    "may_change_now",
    "refuses",
]
