"""Filters of units and ministers."""

import django_filters

from ibzplan.core.filtersets import EnumFilter, FilterSet, ReferenceFilter
from personnel.choices import UnitKind


class OrganisationUnitFilters(FilterSet):
    """Units by code, kind, the unit above, or the minister they answer to."""

    code = django_filters.CharFilter()
    kind = EnumFilter(enum=UnitKind)
    parent = ReferenceFilter()
    minister = ReferenceFilter(field_name="minister_links__minister")


class MinisterFilters(FilterSet):
    """Ministers by code, or by a unit that answers to them."""

    code = django_filters.CharFilter()
    unit = ReferenceFilter(field_name="unit_links__unit")
