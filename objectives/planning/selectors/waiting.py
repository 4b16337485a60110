"""Rows that wait for someone, as querysets: counted in the navigation, listed on the page."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear

from objectives.indicators.models import Correction, Indicator, Measurement, Obligation
from objectives.planning.choices import SUBMITTED_DESKS, PlanState, WaitsFor
from objectives.planning.models import ObjectiveIndicator, OperationalObjective, OperationalPlan
from objectives.planning.selectors.amendments import drafts_in_amendments
from personnel.access import Access
from personnel.choices import Role


def planner_units(access: Access) -> frozenset[int]:
    """Return the units that the user writes for without leading them."""
    return access.unit_ids - access.head_unit_ids if Role.PLANNER in access.roles else frozenset()


def on_desk(access: Access, desk: WaitsFor) -> QuerySet[OperationalObjective]:
    """Return the objectives on the user's own desk, in an open plan: empty for other roles.

    What an amendment brings is decided with that amendment.
    """
    own = {
        WaitsFor.PLANNER: Q(unit__in=planner_units(access)),
        WaitsFor.HEAD: Q() if access.is_superuser else Q(unit__in=access.head_unit_ids),
        WaitsFor.CORPORATE: Q() if access.has(Role.CORPORATE) else Q(pk=None),
        WaitsFor.COMMITTEE: Q() if access.has(Role.COMMITTEE) else Q(pk=None),
    }[desk]
    rows: QuerySet[OperationalObjective] = OperationalObjective.objects.filter(
        own, waits_for=desk
    ).exclude(plan__state=PlanState.CLOSED)
    if desk in SUBMITTED_DESKS:
        rows = rows.exclude(pk__in=drafts_in_amendments().values("pk"))
    return rows


def figures_missing(access: Access, today: date) -> QuerySet[Obligation]:
    """Return the figures that the user's units owe of periods that have ended, oldest due first.

    Of indicators of objectives in force, in a plan that is not closed.
    """
    used = ObjectiveIndicator.objects.current().filter(
        indicator=OuterRef("indicator"),
        objective__state=PlanState.APPROVED,
        objective__plan__year=ExtractYear(OuterRef("period_end")),
    )
    given = Measurement.objects.totals().filter(
        indicator=OuterRef("indicator"),
        period_start=OuterRef("period_start"),
        resolution=OuterRef("resolution"),
    )
    return (
        Obligation.objects.current()
        .filter(
            Exists(used.exclude(objective__plan__state=PlanState.CLOSED)),
            ~Exists(given),
            indicator__owner__in=planner_units(access),
            period_end__lte=today,
            not_applicable_reason="",
        )
        .select_related("indicator", "indicator__owner")
        .order_by("due_on", "indicator__code", "period_start", "pk")
    )


def figures_returned(access: Access, known_at: datetime) -> QuerySet[Measurement]:
    """Return the figures that went back to the user's units, in plan years that are not closed."""
    own = Q(indicator__owner__in=planner_units(access))
    return _figures(access, known_at, own, is_returned=True).filter(_open_year())


def figures_to_validate(access: Access, known_at: datetime) -> QuerySet[Measurement]:
    """Return the figures that wait for the validation of a head."""
    own = Q() if access.is_superuser else Q(indicator__owner__in=access.head_unit_ids)
    return _figures(access, known_at, own, is_returned=False)


def _figures(
    access: Access, known_at: datetime, own: Q, *, is_returned: bool
) -> QuerySet[Measurement]:
    rows: QuerySet[Measurement] = (
        Measurement.objects.filter(own, indicator__in=Indicator.objects.visible_to(access))
        .totals()
        .latest_of_slot(known_at)
        .with_validation(known_at)
        .filter(is_validated=False, is_returned=is_returned)
        .select_related("indicator", "indicator__owner", "recorded_by")
        .order_by("period_end", "indicator__code", "pk")
    )
    return rows


def _open_year() -> Exists:
    used = ObjectiveIndicator.objects.current().filter(
        indicator=OuterRef("indicator"),
        objective__plan__year=ExtractYear(OuterRef("period_end")),
    )
    return Exists(used.exclude(objective__plan__state=PlanState.CLOSED))


def corrections_to_decide(access: Access, user_key: int) -> QuerySet[Correction]:
    """Return the corrections of locked figures for which the user is the second person."""
    every = access.has(Role.CORPORATE)
    own = Q() if every else Q(measurement__indicator__owner__in=access.head_unit_ids)
    return (
        Correction.objects.filter(
            own,
            decided_at=None,
            measurement__indicator__in=Indicator.objects.visible_to(access),
        )
        .exclude(requested_by=user_key)
        .select_related("measurement__indicator__owner", "requested_by")
        .order_by("requested_at", "pk")
    )


def plans_to_approve(access: Access) -> QuerySet[OperationalPlan]:
    """Return the plans that wait for the committee to put them in force."""
    rows = OperationalPlan.objects.filter(state=PlanState.SUBMITTED)
    return rows if access.has(Role.COMMITTEE) else rows.none()
