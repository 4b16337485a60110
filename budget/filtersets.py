"""Filters of credits."""

import django_filters

from budget.choices import BudgetVersion, CreditCategory, CreditTable
from ibzplan.core.api.query import YEAR_MAX, YEAR_MIN
from ibzplan.core.filtersets import EnumFilter, FilterSet, ReferenceFilter, TruthFilter


class CreditFilters(FilterSet):
    """Credits by budget year, line, table, and whose they are."""

    code = django_filters.CharFilter(field_name="line__code")
    year = django_filters.NumberFilter(min_value=YEAR_MIN, max_value=YEAR_MAX, decimal_places=0)
    budget = EnumFilter(enum=BudgetVersion)
    table = EnumFilter(enum=CreditTable)
    category = EnumFilter(field_name="line__category", enum=CreditCategory)
    parent = ReferenceFilter(field_name="line__parent")
    unit = ReferenceFilter(field_name="line__unit")
    minister = ReferenceFilter(field_name="line__minister")
    fictional = TruthFilter(field_name="is_demo")


class CreditExecutionFilters(FilterSet):
    """What was used of credits by year, day, line, and whose it is."""

    code = django_filters.CharFilter(field_name="line__code")
    year = django_filters.NumberFilter(min_value=YEAR_MIN, max_value=YEAR_MAX, decimal_places=0)
    category = EnumFilter(field_name="line__category", enum=CreditCategory)
    unit = ReferenceFilter(field_name="line__unit")
    minister = ReferenceFilter(field_name="line__minister")
    fictional = TruthFilter(field_name="is_demo")
