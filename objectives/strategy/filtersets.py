"""Filters of the strategic plan's lists."""

import django_filters

from ibzplan.core.filtersets import FilterSet, ReferenceFilter


class PlanEntryFilters(FilterSet):
    """Entries of a plan, by code and plan."""

    code = django_filters.CharFilter()
    plan = ReferenceFilter()


class BelowObjectiveFilters(FilterSet):
    """Goals: below a strategic objective."""

    code = django_filters.CharFilter()
    strategicObjective = ReferenceFilter(field_name="objective")


class WerfFilters(BelowObjectiveFilters):
    """Werven: also by the unit that works on them."""

    unit = ReferenceFilter(field_name="units")
