"""Chainable filters of indicators and figures; they import no models."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Concat, ExtractYear

if TYPE_CHECKING:
    from personnel.access import Access


def _related(model: type[models.Model], name: str) -> type[Any]:
    """Return the model at the other end of a relation; it cannot be imported from here."""
    found = model._meta.get_field(name).related_model
    assert found is not None and not isinstance(found, str)  # noqa: S101 (for the type checker)
    return found


def _of_own_units(access: "Access", owner: str) -> Q:
    """Return the condition that `owner` names a unit for which the user plans or that they head."""
    if not access.has("planner", "head"):
        return Q(pk=None)
    return Q(**{f"{owner}__in": access.unit_ids})


class IndicatorQuerySet(models.QuerySet[Any]):
    """Indicators."""

    def visible_to(self, access: "Access") -> "IndicatorQuerySet":
        """Keep what the user may see: those of visible objectives, their own, not confidential.

        An indicator is confidential to its unit and that unit's minister. `is_submitted`,
        `is_released` and `is_security_linked` follow the objectives that use it.
        """
        rows = self.filter(access.within("owner_id"))
        if access.is_superuser or access.sees_drafts:
            return rows
        own = _of_own_units(access, "owner_id")
        if access.has("corporate", "committee"):
            return rows.filter(own | Q(is_submitted=True, is_confidential=False))
        if access.roles == {"steering_group"}:
            return rows.filter(is_released=True, is_security_linked=True, is_confidential=False)
        near = Q(owner_id__in=access.minister_unit_ids)
        open_to_all = Q(is_released=True, is_confidential=False)
        if not access.roles:
            return rows.none()
        return rows.filter(own | open_to_all | (near & Q(is_released=True)))

    def known_at(self, moment: datetime, access: "Access") -> "IndicatorQuerySet":
        """Keep those of which the user reads a definition as known at `moment`."""
        return self.filter(Exists(self._versions(moment, access)))

    def with_definition(
        self, *, day: date, known_at: datetime, access: "Access"
    ) -> "IndicatorQuerySet":
        """Annotate `held_definition`, the key of the version that speaks of `day`, as known then.

        The rule is that of selectors.definitions over what the user reads, so that a filter finds
        what an item says: of the versions that have begun the last one recorded, which takes the
        place of all before it.
        """
        held = self._versions(known_at, access).filter(valid_from__lte=day)
        last = held.order_by("-recorded_at", "-pk").values("pk")[:1]
        rows: IndicatorQuerySet = self.annotate(held_definition=Subquery(last))
        return rows

    def _versions(self, moment: datetime, access: "Access") -> models.QuerySet[Any]:
        definitions = _related(self.model, "definitions")
        rows: models.QuerySet[Any] = (
            definitions._default_manager.all()
            .visible_to(access, moment)
            .filter(indicator=OuterRef("pk"))
        )
        return rows

    def with_latest_figure(
        self, *, reference_date: date, known_at: datetime, access: "Access | None" = None
    ) -> "IndicatorQuerySet":
        """Annotate `latest_figure`, the key of the newest figure of the whole, or None.

        One probe of the index (indicator, -period_start, -id) each, at any length of history.
        The key follows the order of recording, so that of one period the last row comes first.
        With `access` only figures that the user may see count, without it every figure.
        """
        measurements = _related(self.model, "measurements")
        figures = measurements._default_manager.all()
        if access is not None and access.validated_only_outside:
            figures = figures.visible_to(access, known_at)
        newest = (
            figures.filter(
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


class PlannedFactQuerySet(models.QuerySet[Any]):
    """What is set out in the plan of a year, append-only: a draft until that plan is approved."""

    def _of_plans(
        self, access: "Access", moment: datetime, *, year: Any, slot: str
    ) -> "PlannedFactQuerySet":
        """Keep what the user may read at `moment`; `year` is the plan year of a row.

        The unit and the auditor read everything, the corporate cell and the committee what belongs
        to a plan that was submitted. All others read what was approved by then, and of that what
        still counted at the approval: not what another row for the same `slot` had replaced.
        """
        rows: PlannedFactQuerySet = self.filter(recorded_at__lte=moment)
        if access.is_superuser or access.sees_drafts:
            return rows
        rows = rows.alias(of_year=year)
        own = _of_own_units(access, "indicator__owner_id")
        if access.sees_submitted:
            return rows.filter(own | Q(of_year__lte=F("indicator__submitted_year")))
        rows, approved = rows._with_approval(moment, slot=slot)
        return rows.filter(own | (approved & Q(of_year__lte=F("indicator__released_year"))))

    def _with_approval(self, moment: datetime, *, slot: str) -> "tuple[Any, Q]":
        """Return the rows with the condition that they were approved by `moment`, and counted then.

        Needs the alias `of_year`.
        """
        replaced = self.model._default_manager.filter(
            indicator=OuterRef("indicator"),
            recorded_at__gt=OuterRef("recorded_at"),
            recorded_at__lte=OuterRef("public_from"),
            **{slot: OuterRef(slot)},
        )
        rows = self.alias(public_from=Subquery(self._approvals()))
        return rows, Q(~Exists(replaced), public_from__lte=moment)

    def _approvals(self) -> models.QuerySet[Any]:
        """Return when the indicator was first approved in a plan of the row's `of_year` or later.

        An objective that had given the indicator up before its approval does not count.
        """
        indicators = _related(self.model, "indicator")
        links = _related(indicators, "objective_links")
        still = Q(known_until=None) | Q(known_until__gt=F("objective__approved_at"))
        rows: models.QuerySet[Any] = links._default_manager.filter(
            still,
            indicator=OuterRef("indicator"),
            objective__state__in=["approved", "closed", "withdrawn"],
            objective__approved_at__isnull=False,
            objective__plan__year__gte=OuterRef("of_year"),
        )
        return rows.order_by("objective__approved_at").values("objective__approved_at")[:1]


class IndicatorDefinitionQuerySet(PlannedFactQuerySet):
    """Versions of definitions: each speaks of the plan year of its first day and later ones."""

    def visible_to(self, access: "Access", moment: datetime) -> "IndicatorDefinitionQuerySet":
        """Keep what the user may read at `moment` of indicators that they may see."""
        rows: IndicatorDefinitionQuerySet = self._of_plans(  # type: ignore[assignment]
            access, moment, year=ExtractYear("valid_from"), slot="valid_from"
        )
        return rows


class TargetQuerySet(PlannedFactQuerySet):
    """Targets, append-only: the row recorded last for a date counts."""

    def known_at(self, moment: datetime) -> "TargetQuerySet":
        """Keep rows recorded on or before `moment`."""
        return self.filter(recorded_at__lte=moment)

    def visible_to(self, access: "Access", moment: datetime) -> "TargetQuerySet":
        """Keep what the user may read at `moment` of the targets of visible indicators."""
        indicators = _related(self.model, "indicator")
        visible = indicators._default_manager.visible_to(access).values("pk")
        rows: TargetQuerySet = self._of_plans(  # type: ignore[assignment]
            access, moment, year=F("plan_year"), slot="due_on"
        )
        return rows.filter(indicator__in=visible)

    def approved_by(self, moment: datetime) -> "TargetQuerySet":
        """Keep what was approved in a plan by `moment`, wherever its indicator is used now."""
        known: TargetQuerySet = self.alias(of_year=F("plan_year"))
        rows, approved = known._with_approval(moment, slot="due_on")
        found: TargetQuerySet = rows.filter(approved)
        return found

    def current_for(self, access: "Access", moment: datetime) -> "TargetQuerySet":
        """Keep, of each date, the target set last among those known then that the user may see."""
        seen = self.model._default_manager.all().visible_to(access, moment)
        again = Q(recorded_at=OuterRef("recorded_at"), pk__gt=OuterRef("pk"))
        later = seen.filter(
            Q(recorded_at__gt=OuterRef("recorded_at")) | again,
            indicator=OuterRef("indicator"),
            due_on=OuterRef("due_on"),
        )
        rows = self.visible_to(access, moment).filter(~Exists(later))
        return rows.exclude(is_final=False, value=None, level=None)  # see Target.is_lifted


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
        reviewed = self.with_total().annotate(last_review=Subquery(last))
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
        rows: MeasurementQuerySet = self.with_total().annotate(review_reason=Subquery(last))
        return rows

    def with_last_word(self, moment: datetime) -> "MeasurementQuerySet":
        """Annotate `last_word`: kind and reason of the last review known at `moment`, in one text.

        For many rows: "validated ", "returned The total is not right", NULL without a review.
        """
        said = Concat("kind", models.Value(" "), "reason", output_field=models.TextField())
        last = self._reviews(moment).values(said=said)[:1]
        rows: MeasurementQuerySet = self.with_total().annotate(last_word=Subquery(last))
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

    def with_total(self) -> "MeasurementQuerySet":
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
        events = _related(self.model, "events")
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
        """Keep, of each slot, the figure recorded last among those that the user may see."""
        return self.visible_to(access, moment).latest_for(access, moment)

    def latest_for(self, access: "Access", moment: datetime) -> "MeasurementQuerySet":
        """Keep, of rows that the user may see, the one recorded last of each slot.

        Other ministers' cabinets so keep the last validated figure when a correction of it
        still waits for validation. It is asked row by row: the first rows of a sorted list come
        without reading all others.
        """
        if not access.validated_only_outside:
            return self.latest_of_slot(moment)
        seen = self.model._default_manager.all().visible_to(access, moment)
        later = seen.filter(
            indicator=OuterRef("indicator"),
            period_start=OuterRef("period_start"),
            resolution=OuterRef("resolution"),
            breakdown_key=OuterRef("breakdown_key"),
            recorded_at__gt=OuterRef("recorded_at"),
            recorded_at__lte=moment,
        )
        return self.known_at(moment).filter(~Exists(later))

    def visible_to(self, access: "Access", moment: datetime) -> "MeasurementQuerySet":
        """Keep the figures of visible indicators; cabinets see others' only when validated.

        That goes for the parts of a breakdown as for their total: see with_validation.
        """
        if access.is_superuser or access.sees_drafts:
            return self.filter(access.within("indicator__owner_id"))  # as of the indicators
        indicators = _related(self.model, "indicator")
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
