"""Filters of the strategic plan's lists."""

from ibzplan.core.filtersets import CodeFilter, FilterSet, ReferenceFilter


class PlanEntryFilters(FilterSet):
    """Entries of a plan, by code and plan."""

    code = CodeFilter()
    plan = ReferenceFilter()


class BelowObjectiveFilters(FilterSet):
    """Goals: below a strategic objective."""

    code = CodeFilter()
    strategicObjective = ReferenceFilter(field_name="objective")


class WerfFilters(BelowObjectiveFilters):
    """Werven: also by the unit that works on them."""

    unit = ReferenceFilter(field_name="unit_links__unit")
