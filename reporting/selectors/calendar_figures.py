"""When figures and milestones of approved objectives are due."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery

from objectives.indicators.models import Indicator, Measurement, Obligation
from objectives.indicators.periods import Period
from objectives.planning.models import ObjectiveIndicator, OperationalObjective, OperationalPlan
from objectives.strategy.models import Milestone
from personnel.access import Access
from personnel.models import OrganisationUnit
from personnel.structure import all_units
from reporting.choices import CalendarKind
from reporting.selectors.calendar_item import COMMITTED, CalendarItem


def figure_items(plans: Sequence[OperationalPlan], access: Access) -> list[CalendarItem]:
    """Return one item a plan, period, due date and unit that owes figures: one query.

    A figure that its head still has to validate is given; a period declared not applicable owes
    none. The unit is the one that owns the indicators.
    """
    visible = Indicator.objects.visible_to(access).values("pk")
    used = ObjectiveIndicator.objects.current().filter(
        indicator=OuterRef("indicator"),
        objective__plan__year=OuterRef("period_end__year"),
        objective__plan__in=[plan.pk for plan in plans],
        objective__state__in=COMMITTED,
    )
    given = Measurement.objects.filter(
        indicator=OuterRef("indicator"),
        period_start=OuterRef("period_start"),
        resolution=OuterRef("resolution"),
        breakdown_key="",
    ).order_by("-recorded_at", "-pk")
    rows = (
        Obligation.objects.current()
        .filter(Exists(used), indicator__in=visible, not_applicable_reason="")
        .alias(given_at=Subquery(given.values("recorded_at")[:1]))
        .order_by()
        .values("indicator__owner", "period_start", "resolution", "due_on")
        .annotate(
            expected=Count("pk"),
            given=Count("given_at"),
            last_given=Max("given_at"),
            since=Max("known_from"),
        )
    )
    listed = list(rows)
    units = {unit.pk: unit for unit in all_units()}
    by_year = {plan.year: plan for plan in plans}
    return [_figures_item(row, by_year, units) for row in listed]


def _figures_item(
    row: Mapping[str, Any],
    by_year: Mapping[int, OperationalPlan],
    units: Mapping[int, OrganisationUnit],
) -> CalendarItem:
    period = Period(row["period_start"], row["resolution"])
    plan, unit = by_year[period.end.year], units[row["indicator__owner"]]
    is_done = row["given"] >= row["expected"]
    moments = [moment for moment in (row["last_given"], row["since"]) if moment is not None]
    return CalendarItem(
        key=f"figures:{plan.uuid}:{unit.uuid}:{period}:{row['due_on'].isoformat()}",
        kind=CalendarKind.FIGURES,
        day=row["due_on"],
        plan=plan,
        unit=unit,
        period=period,
        expected=row["expected"],
        given=row["given"],
        is_done=is_done,
        open_unit_ids=frozenset() if is_done else frozenset({unit.pk}),
        changed_at=max(moments),
    )


def milestone_items(plans: Sequence[OperationalPlan], access: Access) -> list[CalendarItem]:
    """Return the milestones of the activities of approved objectives: two queries."""
    objectives = {
        row.uuid: row
        for row in OperationalObjective.objects.visible_to(access)
        .filter(plan__in=[plan.pk for plan in plans], state__in=COMMITTED)
        .select_related("unit")
    }
    rows = (
        Milestone.objects.current()
        .filter(
            Q(activity__known_until=None),
            activity__target_type=OperationalObjective.type_name(),
            activity__target_uuid__in=_uuids_of(plans, access),
        )
        .select_related("activity")
    )
    by_pk = {plan.pk: plan for plan in plans}
    return [
        _milestone_item(row, objectives[row.activity.target_uuid], by_pk)
        for row in rows
        if row.activity.target_uuid in objectives
    ]


def _uuids_of(plans: Sequence[OperationalPlan], access: Access) -> Any:
    """Return the subquery: a list of all their UUIDs could be too long for a database."""
    return (
        OperationalObjective.objects.visible_to(access)
        .filter(plan__in=[plan.pk for plan in plans], state__in=COMMITTED)
        .order_by()
        .values("uuid")
    )


def _milestone_item(
    row: Milestone, objective: OperationalObjective, by_pk: Mapping[int, OperationalPlan]
) -> CalendarItem:
    is_done = row.done_on is not None
    return CalendarItem(
        key=f"milestone:{row.uuid}",
        kind=CalendarKind.MILESTONE,
        day=row.due_on,
        plan=by_pk[objective.plan_id],
        unit=objective.unit,
        text=row.title,
        is_done=is_done,
        done_on=row.done_on,
        open_unit_ids=frozenset() if is_done else frozenset({objective.unit_id}),
        changed_at=row.known_from,
        objective_uuid=objective.uuid,
    )
