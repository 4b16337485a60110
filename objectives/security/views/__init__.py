"""Pages of the National Security Plan. Everyone who is signed in may read them."""

from objectives.security.views.plan import (
    abbreviations,
    conditions,
    follow_up,
    frameworks,
    overview,
    regular,
    theme,
)
from objectives.security.views.resources import (
    resource_figure,
    resource_target,
    resource_value,
    resources,
)

__all__ = [
    "abbreviations",
    "conditions",
    "follow_up",
    "frameworks",
    "overview",
    "regular",
    "resource_figure",
    "resource_target",
    "resource_value",
    "resources",
    "theme",
]
