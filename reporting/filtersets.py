"""Filters of progress reports and deadlines."""

import django_filters

from ibzplan.core.api.query import YEAR_MAX, YEAR_MIN
from ibzplan.core.filtersets import (
    EnumFilter,
    FilterSet,
    IsoDateFilter,
    ReferenceFilter,
    TruthFilter,
)
from reporting.choices import REPORT_LANGUAGES, DeadlineKind, ReportStage


class ProgressReportFilters(FilterSet):
    """Reports by plan, minister, the day that they speak of, language and stage."""

    strategicPlan = ReferenceFilter(field_name="strategic_plan")
    year = django_filters.NumberFilter(
        field_name="plan__year", min_value=YEAR_MIN, max_value=YEAR_MAX, decimal_places=0
    )
    minister = ReferenceFilter()
    language = django_filters.ChoiceFilter(choices=[(code, code) for code in REPORT_LANGUAGES])
    stage = EnumFilter(enum=ReportStage)
    referenceFrom = IsoDateFilter(field_name="reference_date", lookup_expr="gte")
    referenceTo = IsoDateFilter(field_name="reference_date", lookup_expr="lte")
    fictional = TruthFilter(field_name="is_demo")


class DeadlineFilters(FilterSet):
    """Deadlines by plan year, kind, unit and day."""

    year = django_filters.NumberFilter(
        field_name="plan__year", min_value=YEAR_MIN, max_value=YEAR_MAX, decimal_places=0
    )
    kind = EnumFilter(enum=DeadlineKind)
    unit = ReferenceFilter()
    dueFrom = IsoDateFilter(field_name="due_on", lookup_expr="gte")
    dueTo = IsoDateFilter(field_name="due_on", lookup_expr="lte")
    fictional = TruthFilter(field_name="is_demo")
