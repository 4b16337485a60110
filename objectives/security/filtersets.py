"""Filters of the National Security Plan's lists."""

import django_filters

from ibzplan.core.filtersets import EnumFilter, FilterSet, ReferenceFilter, TruthFilter
from objectives.security.choices import FrameworkKind, FrameworkStatus, ObjectiveLevel
from objectives.strategy.filtersets import PlanEntryFilters


class SecurityThemeFilters(PlanEntryFilters):
    """Themes by the theme above, or whether they hold objectives themselves."""

    parent = ReferenceFilter()
    block = TruthFilter(field_name="is_block")
    kivDimension = ReferenceFilter(field_name="kiv_dimensions")


class SecurityObjectiveFilters(FilterSet):
    """Objectives by theme and level."""

    code = django_filters.CharFilter()
    theme = ReferenceFilter()
    level = EnumFilter(enum=ObjectiveLevel)


class PolicyFrameworkFilters(PlanEntryFilters):
    """Frameworks by kind and status."""

    kind = EnumFilter(enum=FrameworkKind)
    status = EnumFilter(enum=FrameworkStatus)
