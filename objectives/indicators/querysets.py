"""Chainable filters of indicators and figures; they import no models."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

if TYPE_CHECKING:
    from personnel.access import Access


class IndicatorQuerySet(models.QuerySet[Any]):
    """Indicators."""

    def visible_to(self, access: "Access") -> "IndicatorQuerySet":
        """Keep what the user may see: those of visible objectives, their own, not confidential.

        An indicator is confidential to its unit and that unit's minister. `is_submitted`,
        `is_released` and `is_security_linked` follow the objectives that use it.
        """
        if access.is_superuser or access.sees_drafts:
            return self
        own = Q(owner_id__in=access.unit_ids) if access.has("planner", "head") else Q(pk=None)
        if access.has("corporate", "committee"):
            return self.filter(own | Q(is_submitted=True, is_confidential=False))
        if access.roles == {"steering_group"}:
            return self.filter(is_released=True, is_security_linked=True, is_confidential=False)
        near = Q(owner_id__in=access.minister_unit_ids)
        open_to_all = Q(is_released=True, is_confidential=False)
        if not access.roles:
            return self.none()
        return self.filter(own | open_to_all | (near & Q(is_released=True)))


class MeasurementQuerySet(models.QuerySet[Any]):
    """Figures, append-only: the row recorded last for a slot is its figure."""

    def known_at(self, moment: datetime) -> "MeasurementQuerySet":
        """Keep rows recorded on or before `moment`."""
        return self.filter(recorded_at__lte=moment)

    def until(self, reference_date: date) -> "MeasurementQuerySet":
        """Keep figures of periods that ended on or before the reference date."""
        return self.filter(period_end__lte=reference_date)

    def totals(self) -> "MeasurementQuerySet":
        """Keep the figures of the whole, without breakdowns."""
        return self.filter(breakdown_key="")

    def with_validation(self, moment: datetime) -> "MeasurementQuerySet":
        """Annotate `is_validated` as it was known at `moment`: the latest event says so."""
        events = self.model._meta.get_field("events").related_model
        assert events is not None and not isinstance(events, str)  # noqa: S101 (for the type checker)
        latest = (
            events._default_manager.filter(measurement=OuterRef("pk"), recorded_at__lte=moment)
            .order_by("-recorded_at", "-pk")
            .values("kind")[:1]
        )
        said_valid = models.When(last_event__in=["validated", "locked"], then=True)
        rows: MeasurementQuerySet = self.annotate(last_event=Subquery(latest)).annotate(
            is_validated=models.Case(said_valid, default=False)
        )
        return rows

    def latest_of_slot(self, moment: datetime) -> "MeasurementQuerySet":
        """Keep, of each indicator, period and breakdown, the row recorded last as known then."""
        later = self.model._default_manager.filter(
            indicator=OuterRef("indicator"),
            period_start=OuterRef("period_start"),
            resolution=OuterRef("resolution"),
            breakdown_key=OuterRef("breakdown_key"),
            recorded_at__gt=OuterRef("recorded_at"),
            recorded_at__lte=moment,
        )
        return self.known_at(moment).filter(~Exists(later))

    def current_for(self, access: "Access", moment: datetime) -> "MeasurementQuerySet":
        """Keep, of each slot, the figure recorded last among those that the user may see.

        Other ministers' cabinets so keep the last validated figure when a correction of it
        still waits for validation.
        """
        if not access.validated_only_outside:
            return self.visible_to(access, moment).latest_of_slot(moment)
        seen = self.model._default_manager.all().visible_to(access, moment)
        later = seen.filter(
            indicator=OuterRef("indicator"),
            period_start=OuterRef("period_start"),
            resolution=OuterRef("resolution"),
            breakdown_key=OuterRef("breakdown_key"),
            recorded_at__gt=OuterRef("recorded_at"),
            recorded_at__lte=moment,
        )
        return self.visible_to(access, moment).known_at(moment).filter(~Exists(later))

    def visible_to(self, access: "Access", moment: datetime) -> "MeasurementQuerySet":
        """Keep the figures of visible indicators; cabinets see others' only when validated."""
        indicators = self.model._meta.get_field("indicator").related_model
        assert indicators is not None and not isinstance(indicators, str)  # noqa: S101
        visible = indicators._default_manager.visible_to(access).values("pk")
        rows = self.filter(indicator__in=visible)
        if access.validated_only_outside:
            rows = rows.with_validation(moment).filter(
                Q(is_validated=True) | Q(indicator__owner_id__in=access.minister_unit_ids)
            )
        return rows

    def in_order(self) -> "MeasurementQuerySet":
        """Order by indicator, period and time of recording."""
        return self.order_by(
            "indicator_id", "period_start", "breakdown_key", F("recorded_at"), "pk"
        )
