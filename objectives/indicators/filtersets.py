"""Filters of indicators and their figures."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ibzplan.core.api.query import YEAR_MAX, YEAR_MIN
from ibzplan.core.filtersets import (
    EnumFilter,
    FilterSet,
    IsoDateFilter,
    MomentFilter,
    ReferenceFilter,
    SeenReferenceFilter,
    TruthFilter,
)
from objectives.indicators.choices import Accumulation, Frequency, IndicatorType, TargetKind
from objectives.indicators.models import IndicatorDefinition
from objectives.indicators.periods import PERIOD_PATTERN, Period, parse_period


class PeriodField(forms.Field):
    """A period as it is written: 2026-T3, 2026-S1, 2026-M07 or 2026."""

    def to_python(self, value: Any) -> Period | None:
        """Return the period. Raises ValidationError."""
        if not value:
            return None
        try:
            return parse_period(str(value))
        except ValueError as error:
            raise forms.ValidationError(
                _("“%(value)s” is not a period such as 2026-T3, 2026-S1, 2026-M07 or 2026."),
                params={"value": value},
            ) from error


class PeriodFilter(django_filters.Filter):  # type: ignore[misc]
    """A period; `field_name` is `is`, `from` (begun with it) or `to` (ended with it)."""

    field_class = PeriodField
    openapi = {
        "type": "string",
        "pattern": f"^{PERIOD_PATTERN}$",
        "example": "2026-T3",
    }

    def filter(self, qs: QuerySet[Any], value: Period | None) -> QuerySet[Any]:
        """Keep rows of that period, or of periods from or until it, whatever their length."""
        if value is None:
            return qs
        if self.field_name == "from":
            return qs.filter(period_start__gte=value.start)
        if self.field_name == "to":
            return qs.filter(period_end__lte=value.end)
        return qs.filter(period_start=value.start, resolution=value.resolution)


class DefinitionFilter(EnumFilter):
    """A choice that the definition makes: the one that holds by both clocks, not the newest."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep indicators whose `held_definition` (see with_definition) chose that."""
        if not value:
            return qs
        chosen = super().filter(IndicatorDefinition.objects.all(), value)
        return qs.filter(held_definition__in=chosen.order_by().values("pk"))


class IndicatorFilters(FilterSet):
    """Indicators by code, owner and kind."""

    code = django_filters.CharFilter()
    unit = ReferenceFilter(field_name="owner")
    targetKind = EnumFilter(field_name="target_kind", enum=TargetKind)
    accumulation = EnumFilter(enum=Accumulation)
    frequency = EnumFilter(enum=Frequency)
    fictional = TruthFilter(field_name="is_demo")


class KnownIndicatorFilters(IndicatorFilters):
    """The same by the definition that holds by both clocks, and by origin."""

    indicatorType = DefinitionFilter(field_name="indicator_type", enum=IndicatorType)
    targetKind = DefinitionFilter(field_name="target_kind", enum=TargetKind)
    accumulation = DefinitionFilter(enum=Accumulation)
    frequency = DefinitionFilter(enum=Frequency)
    derivedFrom = SeenReferenceFilter(field_name="derived_from")


class FactFilters(FilterSet):
    """What was recorded about an indicator; `updated` keeps what was recorded after it."""

    indicator = ReferenceFilter()
    unit = ReferenceFilter(field_name="indicator__owner")
    updated = MomentFilter(field_name="recorded_at", lookup_expr="gt")
    fictional = TruthFilter(field_name="is_demo")


class TargetFilters(FactFilters):
    """Targets by the date they are due."""

    dueFrom = IsoDateFilter(field_name="due_on", lookup_expr="gte")
    dueTo = IsoDateFilter(field_name="due_on", lookup_expr="lte")
    final = TruthFilter(field_name="is_final")
    planYear = django_filters.NumberFilter(
        field_name="plan_year", min_value=YEAR_MIN, max_value=YEAR_MAX, decimal_places=0
    )


class MeasurementFilters(FactFilters):
    """Figures by period and breakdown."""

    period = PeriodFilter(field_name="is")
    periodFrom = PeriodFilter(field_name="from")
    periodTo = PeriodFilter(field_name="to")
    breakdown = django_filters.CharFilter(field_name="breakdown_key")
