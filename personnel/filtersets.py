"""Filters of units, ministers and staffing."""

import django_filters

from ibzplan.core.filtersets import (
    CodeFilter,
    EnumFilter,
    FilterSet,
    IsoDateFilter,
    ReferenceFilter,
    SeenReferenceFilter,
    TruthFilter,
)
from personnel.choices import StaffKind, StaffMeasure, Statute, UnitKind


class OrganisationUnitFilters(FilterSet):
    """Units by code, kind, the unit above, or the minister they answer to."""

    code = CodeFilter()
    kind = EnumFilter(enum=UnitKind)
    parent = ReferenceFilter()
    minister = SeenReferenceFilter(field_name="minister_links__minister")


class MinisterFilters(FilterSet):
    """Ministers by code, or by a unit that answers to them."""

    code = CodeFilter()
    unit = SeenReferenceFilter(field_name="unit_links__unit")


class StaffingFilters(FilterSet):
    """Staffing by line, unit, and how and on which day people are counted."""

    code = django_filters.CharFilter(field_name="line__code")
    unit = ReferenceFilter(field_name="line__unit")
    parent = ReferenceFilter(field_name="line__parent")
    measure = EnumFilter(enum=StaffMeasure)
    statute = EnumFilter(enum=Statute)
    kind = EnumFilter(enum=StaffKind)
    onFrom = IsoDateFilter(field_name="on", lookup_expr="gte")
    onTo = IsoDateFilter(field_name="on", lookup_expr="lte")
    fictional = TruthFilter(field_name="is_demo")
