"""Filters of the National Security Plan's lists."""

from ibzplan.core.filtersets import (
    CodeFilter,
    EnumFilter,
    FilterSet,
    ReferenceFilter,
    TruthFilter,
)
from objectives.security.choices import FrameworkKind, FrameworkStatus, ObjectiveLevel
from objectives.strategy.filtersets import PlanEntryFilters


class SecurityThemeFilters(PlanEntryFilters):
    """Themes by the theme above, or whether they hold objectives themselves."""

    parent = ReferenceFilter()
    block = TruthFilter(field_name="is_block")
    kivDimension = ReferenceFilter(field_name="kiv_dimensions")


class SecurityObjectiveFilters(FilterSet):
    """Objectives by theme and level."""

    code = CodeFilter()
    theme = ReferenceFilter()
    level = EnumFilter(enum=ObjectiveLevel)


class PolicyFrameworkFilters(PlanEntryFilters):
    """Frameworks by kind and status."""

    kind = EnumFilter(enum=FrameworkKind)
    status = EnumFilter(enum=FrameworkStatus)
