"""When figures and milestones of approved objectives are due."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q

from ibzplan.core.steady import steady
from objectives.indicators.models import Indicator
from objectives.indicators.periods import Period
from objectives.indicators.selectors.recorded import last_given
from objectives.planning.models import ObjectiveIndicator, OperationalObjective, OperationalPlan
from objectives.strategy.models import Milestone
from personnel.access import Access
from personnel.models import OrganisationUnit
from personnel.structure import all_units
from reporting.choices import CalendarKind
from reporting.selectors.calendar_item import COMMITTED, CalendarItem


@dataclass(slots=True)
class _Owed:
    """The figures that one unit owes of a period by one day, and those that it gave."""

    expected: int = 0
    given: int = 0
    moments: list[datetime] = field(default_factory=list)


def figure_items(plans: Sequence[OperationalPlan], access: Access) -> list[CalendarItem]:
    """Return one item a plan, period, due date and unit that owes figures: two queries.

    A figure that its head still has to validate is given; a period declared not applicable owes
    none. The unit is the one that owns the indicators. After a figure one query, for figures.
    """
    slots = _slots(tuple(plan.pk for plan in plans), access)
    given = last_given({slot[1] for slot in slots})
    owed: dict[tuple[int, Period, date], _Owed] = defaultdict(_Owed)
    for _pk, indicator, owner, start, resolution, due_on, since in slots:
        given_at = given.get((indicator, start, resolution))
        slot = owed[(owner, Period(start, resolution), due_on)]
        slot.expected += 1
        slot.given += given_at is not None
        slot.moments += [moment for moment in (given_at, since) if moment is not None]
    units = {unit.pk: unit for unit in all_units()}
    by_year = {plan.year: plan for plan in plans}
    return [
        _figures_item(by_year[period.end.year], units[owner], period, due_on, slot)
        for (owner, period, due_on), slot in owed.items()
    ]


@steady
def _slots(plan_ids: tuple[int, ...], access: Access) -> tuple[tuple[Any, ...], ...]:
    """Return what is owed in these plans, in the order of its keys: key, indicator, owner, begin
    and resolution of the period, due date, and since when it is owed.

    From the objectives down: PostgreSQL judged a grouping with subqueries over tables that it has
    no statistics of by trying every pair. A figure that serves several objectives is one figure.
    """
    rows = ObjectiveIndicator.objects.current().filter(
        objective__plan__in=plan_ids,
        objective__state__in=COMMITTED,
        indicator__in=Indicator.objects.visible_to(access).values("pk"),
        indicator__obligations__known_until=None,
        indicator__obligations__not_applicable_reason="",
        indicator__obligations__period_end__year=F("objective__plan__year"),
    )
    found = rows.order_by().values_list(
        "indicator__obligations__pk",
        "indicator",
        "indicator__owner",
        "indicator__obligations__period_start",
        "indicator__obligations__resolution",
        "indicator__obligations__due_on",
        "indicator__obligations__known_from",
    )
    return tuple(sorted(set(found), key=_by_pk))


def _by_pk(row: tuple[Any, ...]) -> int:
    pk: int = row[0]
    return pk


def _figures_item(
    plan: OperationalPlan, unit: OrganisationUnit, period: Period, due_on: date, owed: _Owed
) -> CalendarItem:
    is_done = owed.given >= owed.expected
    return CalendarItem(
        key=f"figures:{plan.uuid}:{unit.uuid}:{period}:{due_on.isoformat()}",
        kind=CalendarKind.FIGURES,
        day=due_on,
        plan=plan,
        unit=unit,
        period=period,
        expected=owed.expected,
        given=owed.given,
        is_done=is_done,
        open_unit_ids=frozenset() if is_done else frozenset({unit.pk}),
        changed_at=max(owed.moments),
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
