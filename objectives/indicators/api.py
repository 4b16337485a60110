"""Indicators, targets and measurements in the API."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from ibzplan.core.api.base import Collection, Read
from ibzplan.core.api.ordering import ByteOrder
from objectives.indicators.filtersets import IndicatorFilters, MeasurementFilters, TargetFilters
from objectives.indicators.models import Indicator, Measurement, Target
from objectives.indicators.serializers import (
    IndicatorItem,
    MeasurementItem,
    TargetItem,
    indicator_item,
    measurement_item,
    target_item,
)
from personnel.access import access_of


class Indicators(Collection[Indicator]):
    """Indicators."""

    name = "indicators"
    item_type = IndicatorItem
    filterset = IndicatorFilters
    sortable = {"code": ByteOrder("code"), "unit": ByteOrder("owner__code")}
    default_order = ("code",)

    def visible(self, read: Read) -> QuerySet[Indicator]:
        """Return what the user may see."""
        return Indicator.objects.visible_to(access_of(read.user)).select_related("owner")

    def item(self, row: Indicator, read: Read) -> IndicatorItem:
        """Return one indicator."""
        return indicator_item(row, read.links)


class Targets(Collection[Target]):
    """Targets: of each date the one set last; all that were set with includeHistory."""

    name = "targets"
    item_type = TargetItem
    filterset = TargetFilters
    sortable = {
        "indicator": ByteOrder("indicator__code"),
        "dueOn": "due_on",
        "recordedAt": "recorded_at",
    }
    default_order = ("indicator", "dueOn", "recordedAt")
    search_prefix = "indicator__"
    has_history = True

    def visible(self, read: Read) -> QuerySet[Target]:
        """Return those of visible indicators that were set by then."""
        seen = Indicator.objects.visible_to(access_of(read.user)).values("pk")
        return Target.objects.filter(
            indicator__in=seen, recorded_at__lte=read.clocks.known_at
        ).select_related("indicator")

    def listed(self, rows: QuerySet[Target], read: Read) -> QuerySet[Target]:
        """Keep, of each date, the one set last."""
        if read.include_history:
            return rows
        later = Target.objects.filter(
            indicator=OuterRef("indicator"),
            due_on=OuterRef("due_on"),
            recorded_at__gt=OuterRef("recorded_at"),
            recorded_at__lte=read.clocks.known_at,
        )
        return rows.filter(~Exists(later))

    def item(self, row: Target, read: Read) -> TargetItem:
        """Return one target."""
        return target_item(row, read.links)


class Measurements(Collection[Measurement]):
    """Figures: of each slot the one recorded last; all recorded by then with includeHistory."""

    name = "measurements"
    item_type = MeasurementItem
    filterset = MeasurementFilters
    sortable = {
        "indicator": ByteOrder("indicator__code"),
        "periodStart": "period_start",
        "periodEnd": "period_end",
        "breakdown": ByteOrder("breakdown_key"),
        "recordedAt": "recorded_at",
    }
    default_order = ("recordedAt",)
    search_prefix = "indicator__"
    has_history = True

    def visible(self, read: Read) -> QuerySet[Measurement]:
        """Return the figures that the user may see and that were recorded by then."""
        moment = read.clocks.known_at
        rows: QuerySet[Measurement] = (
            Measurement.objects.visible_to(access_of(read.user), moment)
            .known_at(moment)
            .with_validation(moment)
            .select_related("indicator")
        )
        return rows

    def listed(self, rows: Any, read: Read) -> QuerySet[Measurement]:
        """Keep ended periods and, of each slot, the figure recorded last."""
        rows = rows.until(read.clocks.reference_date)
        if not read.include_history:
            current = Measurement.objects.current_for(access_of(read.user), read.clocks.known_at)
            rows = rows.filter(pk__in=current.values("pk"))
        return rows  # type: ignore[no-any-return]

    def item(self, row: Measurement, read: Read) -> MeasurementItem:
        """Return one figure."""
        validated = bool(getattr(row, "is_validated", False))
        return measurement_item(row, read.links, validated=validated)


COLLECTIONS = (Indicators(), Targets(), Measurements())
