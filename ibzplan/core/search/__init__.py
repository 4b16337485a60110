"""Search over everything: apps register what they hold, core imports none of them."""

from ibzplan.core.search.matching import (
    all_words,
    highlighted,
    kept_with,
    matching_language,
)
from ibzplan.core.search.registry import (
    Group,
    Hit,
    SearchQuery,
    SearchSource,
    find_group,
    find_groups,
    register,
)

__all__ = [
    "Group",
    "Hit",
    "SearchQuery",
    "SearchSource",
    "all_words",
    "find_group",
    "find_groups",
    "highlighted",
    "kept_with",
    "matching_language",
    "register",
]
