"""Chainable filters of indicators and figures; they import no models."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from ibzplan.core.querysets import KnownSpanQuerySet

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

    def known_at(self, moment: datetime) -> "IndicatorQuerySet":
        """Keep those that were defined on or before `moment`."""
        return self.filter(Exists(self._versions(moment)))

    def with_definition(self, *, day: date, known_at: datetime) -> "IndicatorQuerySet":
        """Annotate `held_definition`, the key of the version that speaks of `day`, as known then.

        The rule is that of selectors.definitions, so that a filter finds what an item says.
        """
        held = self._versions(known_at).filter(valid_from__lte=day)
        last = held.order_by("-valid_from", "-recorded_at", "-pk").values("pk")[:1]
        rows: IndicatorQuerySet = self.annotate(held_definition=Subquery(last))
        return rows

    def _versions(self, moment: datetime) -> models.QuerySet[Any]:
        definitions = self.model._meta.get_field("definitions").related_model
        assert definitions is not None and not isinstance(definitions, str)  # noqa: S101
        rows: models.QuerySet[Any] = definitions._default_manager.filter(
            indicator=OuterRef("pk"), recorded_at__lte=moment
        )
        return rows

    def with_latest_figure(
        self, *, reference_date: date, known_at: datetime
    ) -> "IndicatorQuerySet":
        """Annotate `latest_figure`, the key of the newest figure of the whole, or None.

        One probe of the index (indicator, -period_start, -id) each, at any length of history.
        The key follows the order of recording, so that of one period the last row comes first.
        Every figure counts, also one that some users may not see.
        """
        measurements = self.model._meta.get_field("measurements").related_model
        assert measurements is not None and not isinstance(measurements, str)  # noqa: S101
        newest = (
            measurements._default_manager.filter(
                indicator=OuterRef("pk"),
                breakdown_key="",
                period_end__lte=reference_date,
                recorded_at__lte=known_at,
            )
            .order_by("-period_start", "-pk")
            .values("pk")[:1]
        )
        rows: IndicatorQuerySet = self.annotate(latest_figure=Subquery(newest))
        return rows


class TargetQuerySet(models.QuerySet[Any]):
    """Targets, append-only: the row recorded last for a date counts."""

    def known_at(self, moment: datetime) -> "TargetQuerySet":
        """Keep rows recorded on or before `moment`."""
        return self.filter(recorded_at__lte=moment)

    def visible_to(self, access: "Access") -> "TargetQuerySet":
        """Keep the targets of visible indicators; those of a draft plan are the unit's own."""
        indicators = self.model._meta.get_field("indicator").related_model
        assert indicators is not None and not isinstance(indicators, str)  # noqa: S101
        visible = indicators._default_manager.visible_to(access).values("pk")
        rows = self.filter(indicator__in=visible)
        if access.is_superuser or access.sees_drafts:
            return rows
        own = Q(indicator__owner_id__in=access.unit_ids)
        own = own if access.has("planner", "head") else Q(pk=None)
        limit = "submitted_year" if access.sees_submitted else "released_year"
        return rows.filter(own | Q(plan_year__lte=F(f"indicator__{limit}")))

    def current_for(self, access: "Access", moment: datetime) -> "TargetQuerySet":
        """Keep, of each date, the target set last among those known then that the user may see."""
        seen = self.model._default_manager.all().visible_to(access).known_at(moment)
        again = Q(recorded_at=OuterRef("recorded_at"), pk__gt=OuterRef("pk"))
        later = seen.filter(
            Q(recorded_at__gt=OuterRef("recorded_at")) | again,
            indicator=OuterRef("indicator"),
            due_on=OuterRef("due_on"),
        )
        return self.visible_to(access).known_at(moment).filter(~Exists(later))


class ObligationQuerySet(KnownSpanQuerySet):
    """Figures due."""


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
        """Annotate `is_validated` and `is_returned` as known at `moment`: the last review says so.

        A head reviews a figure as a whole: a part of a breakdown follows the total that was
        recorded with it. Locking is not a review: a figure that a report showed as provisional
        stays provisional.
        """
        last = self._reviews(moment).values("kind")[:1]
        reviewed = self._with_total().annotate(last_review=Subquery(last))
        rows: MeasurementQuerySet = reviewed.annotate(
            is_validated=models.Case(
                models.When(last_review="validated", then=True), default=False
            ),
            is_returned=models.Case(models.When(last_review="returned", then=True), default=False),
        )
        return rows

    def with_return_reason(self, moment: datetime) -> "MeasurementQuerySet":
        """Annotate `review_reason`: what the last review known at `moment` gives as its reason."""
        last = self._reviews(moment).values("reason")[:1]
        rows: MeasurementQuerySet = self._with_total().annotate(review_reason=Subquery(last))
        return rows

    def with_lock(self, moment: datetime) -> "MeasurementQuerySet":
        """Annotate `is_locked`: by `moment` a report was issued on a figure of the same period."""
        locks = self._events(moment).filter(
            kind="locked",
            measurement__indicator=OuterRef("indicator"),
            measurement__period_start=OuterRef("period_start"),
            measurement__resolution=OuterRef("resolution"),
        )
        rows: MeasurementQuerySet = self.annotate(is_locked=Exists(locks))
        return rows

    def _with_total(self) -> "MeasurementQuerySet":
        """Let `total` be the key of the figure of the whole that this row was recorded with."""
        total = self.model._default_manager.filter(
            indicator=OuterRef("indicator"),
            period_start=OuterRef("period_start"),
            resolution=OuterRef("resolution"),
            breakdown_key="",
            recorded_at=OuterRef("recorded_at"),
        )
        rows: MeasurementQuerySet = self.alias(
            total=models.Case(
                models.When(breakdown_key="", then=F("pk")),
                default=Subquery(total.values("pk")[:1]),
            )
        )
        return rows

    def _reviews(self, moment: datetime) -> models.QuerySet[Any]:
        """Return the reviews of a row's `total` known then, the newest first."""
        return (
            self._events(moment)
            .filter(measurement=OuterRef("total"), kind__in=["validated", "returned"])
            .order_by("-recorded_at", "-pk")
        )

    def _events(self, moment: datetime) -> models.QuerySet[Any]:
        events = self.model._meta.get_field("events").related_model
        assert events is not None and not isinstance(events, str)  # noqa: S101
        rows: models.QuerySet[Any] = events._default_manager.filter(recorded_at__lte=moment)
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
        """Keep the figures of visible indicators; cabinets see others' only when validated.

        That goes for the parts of a breakdown as for their total: see with_validation.
        """
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
