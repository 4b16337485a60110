"""Filters of operational plans and objectives."""

import django_filters

from ibzplan.core.filtersets import EnumFilter, FilterSet, ReferenceFilter, TruthFilter
from objectives.planning.choices import PlanState, StatusKind

YEAR_MIN = 1900
YEAR_MAX = 2200


class OperationalPlanFilters(FilterSet):
    """Plans by year and state."""

    year = django_filters.NumberFilter(min_value=YEAR_MIN, max_value=YEAR_MAX)
    state = EnumFilter(enum=PlanState)


class OperationalObjectiveFilters(FilterSet):
    """Objectives by plan year, place in both plans, unit and state."""

    code = django_filters.CharFilter()
    year = django_filters.NumberFilter(
        field_name="plan__year", min_value=YEAR_MIN, max_value=YEAR_MAX
    )
    unit = ReferenceFilter()
    werf = ReferenceFilter()
    strategicObjective = ReferenceFilter(field_name="werf__objective")
    securityObjective = ReferenceFilter(
        field_name="security_links__security_objective", distinct=True
    )
    indicator = ReferenceFilter(field_name="indicator_links__indicator", distinct=True)
    state = EnumFilter(enum=PlanState)
    fictional = TruthFilter(field_name="is_demo")


class StatusFilters(FilterSet):
    """Statuses by plan year, kind, unit, or an objective or indicator that they speak of.

    The collection applies them itself, to objectives and to indicators.
    """

    year = django_filters.NumberFilter(min_value=YEAR_MIN, max_value=YEAR_MAX, decimal_places=0)
    kind = EnumFilter(enum=StatusKind)
    unit = ReferenceFilter()
    operationalObjective = ReferenceFilter(field_name="self")
    indicator = ReferenceFilter(field_name="indicator_links__indicator")
