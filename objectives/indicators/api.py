"""Indicators, targets and measurements in the API; objectives.planning lets them be written."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict

from ibzplan.core.api.base import Collection, Read
from ibzplan.core.api.ordering import ByteOrder
from ibzplan.core.api.pagination import Found, Page
from ibzplan.core.api.renderers import WrittenJSON
from ibzplan.core.filtersets import ReferenceFilter
from objectives.indicators import bulk
from objectives.indicators.figure_texts import FigureWriter
from objectives.indicators.filtersets import (
    KnownIndicatorFilters,
    MeasurementFilters,
    TargetFilters,
)
from objectives.indicators.models import Indicator, IndicatorDefinition, Measurement, Target
from objectives.indicators.selectors import definition_held
from objectives.indicators.selectors.corrections import sees_corrections
from objectives.indicators.selectors.figure_rows import (
    StoredFigure,
    facts_of,
    stored_figures,
)
from objectives.indicators.serializers import (
    IndicatorItem,
    MeasurementItem,
    Review,
    TargetItem,
    indicator_item,
    measurement_item,
    target_item,
)
from objectives.indicators.services.definition_checks import FIRST_DAY
from personnel.access import Access, access_of

# A row is written from its columns: so many of them take less time than 1,000 records elsewhere.
MEASUREMENTS_PAGE_SIZE_MAX: Final = 10_000

# What a reference to an indicator does not say: its definition takes longer to read than a figure.
_NOT_REFERRED_TO: Final = tuple(
    f"indicator__{field.name}"
    for field in Indicator._meta.concrete_fields
    if field.name not in ("id", "uuid", "code", "owner")
)


def _day(read: Read) -> date:
    """Return the day whose definition is shown; no version speaks of what was before the first."""
    return max(read.clocks.reference_date, FIRST_DAY)


class Indicators(Collection[Indicator]):
    """Indicators, each with the definition that holds by both clocks."""

    name = "indicators"
    item_type = IndicatorItem
    filterset = KnownIndicatorFilters
    reference_date_means = "Each with the definition that holds on this date."
    sortable = {"code": ByteOrder("code"), "unit": ByteOrder("owner__code")}
    default_order = ("code",)
    embeds = {"unit": "organisationUnits", "derivedFrom": "indicators"}

    def visible(self, read: Read) -> QuerySet[Indicator]:
        """Return what the user may see, with every version of it that they read as known then.

        Of the indicator that one was copied from the user learns only when it is visible too.
        `q` looks in the words of the newest version that was approved.
        """
        access, moment = access_of(read.user), read.clocks.known_at
        seen = Indicator.objects.visible_to(access)
        versions = IndicatorDefinition.objects.all().visible_to(access, moment)
        rows: QuerySet[Indicator] = (
            seen.known_at(moment, access)
            .with_definition(day=_day(read), known_at=moment, access=access)
            .select_related("owner")
            .prefetch_related(
                Prefetch("derived_from", seen),
                Prefetch("definitions", versions.order_by("valid_from", "recorded_at", "pk")),
            )
        )
        return rows

    def unsorted(self, query: QueryDict, read: Read) -> QuerySet[Indicator]:
        """Follow `derivedFrom` among what the user may see, so that it betrays nothing."""
        found = super().unsorted(query, read)
        origin = query.get("derivedFrom", "")
        if not origin:
            return found
        seen = Indicator.objects.visible_to(access_of(read.user)).order_by()
        named = ReferenceFilter(field_name="self").filter(seen, origin)
        return found.filter(derived_from__in=named.values("pk"))

    def item(self, row: Indicator, read: Read) -> IndicatorItem:
        """Return one indicator."""
        versions = list(row.definitions.all())
        known = definition_held(row, versions, _day(read))
        latest = max(version.number for version in versions)
        return indicator_item(known, read.links, latest_version=latest)


class Targets(Collection[Target]):
    """Targets: of each date the one set last; all that were set with includeHistory."""

    name = "targets"
    item_type = TargetItem
    filterset = TargetFilters
    reference_date_means = "It is the same on any date."
    sortable = {
        "indicator": ByteOrder("indicator__code"),
        "dueOn": "due_on",
        "recordedAt": "recorded_at",
    }
    default_order = ("indicator", "dueOn", "recordedAt")
    search_prefix = "indicator__"
    has_history = True
    bulk = bulk.TARGETS
    embeds = {"indicator": "indicators"}

    def visible(self, read: Read) -> QuerySet[Target]:
        """Return those of visible indicators and plans that were set by then."""
        seen = Target.objects.visible_to(access_of(read.user), read.clocks.known_at)
        rows: QuerySet[Target] = seen.select_related("indicator").defer(*_NOT_REFERRED_TO)
        return rows

    def listed(self, rows: QuerySet[Target], read: Read) -> QuerySet[Target]:
        """Keep, of each date, the one set last."""
        if read.include_history:
            return rows
        current = Target.objects.current_for(access_of(read.user), read.clocks.known_at)
        return rows.filter(pk__in=current.values("pk"))

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
    page_size_max = MEASUREMENTS_PAGE_SIZE_MAX
    has_history = True
    bulk = bulk.MEASUREMENTS
    embeds = {"indicator": "indicators"}

    def visible(self, read: Read) -> QuerySet[Measurement]:
        """Return the figures that the user may see and that were recorded by then."""
        moment = read.clocks.known_at
        rows: QuerySet[Measurement] = (
            self._seen(read)
            .with_validation(moment)
            .with_return_reason(moment)
            .with_lock(moment)
            .select_related("indicator")
            .defer(*_NOT_REFERRED_TO)
        )
        return rows

    def _seen(self, read: Read) -> Any:
        moment = read.clocks.known_at
        return Measurement.objects.visible_to(access_of(read.user), moment).known_at(moment)

    def listed(self, rows: Any, read: Read) -> QuerySet[Measurement]:
        """Keep ended periods and, of each slot, the figure recorded last."""
        rows = rows.until(read.clocks.reference_date)
        if not read.include_history:
            rows = rows.latest_for(access_of(read.user), read.clocks.known_at)
        return rows  # type: ignore[no-any-return]

    def page_written(self, query: QueryDict, read: Read, page: Page) -> Found[WrittenJSON]:
        """Return the page as JSON from the stored columns: six queries, one for the total."""
        rows = self.narrowed(self._seen(read).with_total(), query, read)
        cut = self.cut(rows, query, read, page)
        access, moment = access_of(read.user), read.clocks.known_at

        def written(figures: Sequence[StoredFigure]) -> WrittenJSON:
            return FigureWriter(facts_of(figures, moment), read.links, access).written(figures)

        return cut.found(stored_figures(cut.rows), written, lambda row: cut.keyset.row(row[0]))

    def item(self, row: Measurement, read: Read) -> MeasurementItem:
        """Return one figure."""
        review = _review(row, access_of(read.user))
        return measurement_item(row, read.links, review=review, locked=_annotated(row, "is_locked"))


def _annotated(row: Measurement, name: str) -> bool:
    return bool(getattr(row, name, False))


def _review(row: Measurement, access: Access) -> Review:
    """That the head sent a figure back, and why, stays with who reads corrections too."""
    if _annotated(row, "is_validated"):
        return Review("validated")
    inside = sees_corrections(access, row.indicator.owner_id)
    if not inside or not _annotated(row, "is_returned"):
        return Review("provisional")
    return Review("returned", str(getattr(row, "review_reason", "")))
