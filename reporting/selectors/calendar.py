"""All dated things of a plan year: what someone entered, and what follows from other facts.

Sending to the ministers follows from the vote on the budget, figures from the due dates of their
periods, milestones from the activities, the steps from the life of the plan. Nothing is stored.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time

from ibzplan.core.steady import steady
from objectives.planning.calendar_rules import sending_due_on
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.plan_years import all_plans
from personnel.access import Access
from reporting.choices import CalendarKind
from reporting.selectors.calendar_deadlines import entered_items
from reporting.selectors.calendar_figures import figure_items, milestone_items
from reporting.selectors.calendar_item import CalendarFilter, CalendarItem


def calendar_items(
    *, plans: Sequence[OperationalPlan], access: Access, filter_: CalendarFilter | None = None
) -> list[CalendarItem]:
    """Return everything dated of these plan years that the user may see, by day.

    `plans` come with their strategic plan. Who has no role sees nothing. Ten queries at most,
    whatever the number of plans, deadlines, figures and milestones.
    """
    if not plans or not (access.roles or access.is_superuser):
        return []
    found = [
        *entered_items(plans, access),
        *figure_items(plans, access),
        *milestone_items(plans, access),
        *_of_plans(plans),
    ]
    return _ordered(found, filter_ or CalendarFilter())


def calendar_of_years(access: Access, years: tuple[int, ...]) -> list[CalendarItem]:
    """Return what `calendar_items` gives of these plan years, each kind kept on its own.

    A figure asks for figures alone. When each entered day last changed is left out.
    """
    if not (access.roles or access.is_superuser):
        return []
    found = [
        *_entered(access, years),
        *_figures(access, years),
        *_milestones(access, years),
        *_of_plans(_plans_of(years)),
    ]
    return _ordered(found, CalendarFilter())


def _plans_of(years: tuple[int, ...]) -> list[OperationalPlan]:
    return [plan for plan in all_plans() if plan.year in years]


@steady
def _entered(access: Access, years: tuple[int, ...]) -> tuple[CalendarItem, ...]:
    return tuple(entered_items(_plans_of(years), access, with_changes=False))


@steady
def _figures(access: Access, years: tuple[int, ...]) -> tuple[CalendarItem, ...]:
    return tuple(figure_items(_plans_of(years), access))


@steady
def _milestones(access: Access, years: tuple[int, ...]) -> tuple[CalendarItem, ...]:
    return tuple(milestone_items(_plans_of(years), access))


def _ordered(found: Iterable[CalendarItem], wanted: CalendarFilter) -> list[CalendarItem]:
    order = {kind: place for place, kind in enumerate(CalendarKind)}
    return sorted(
        (item for item in found if wanted.keeps(item)),
        key=lambda item: (
            item.day,
            order[item.kind],
            str(item.period or ""),
            item.unit.code if item.unit else "",
            item.key,
        ),
    )


def own_items(items: Iterable[CalendarItem], access: Access) -> list[CalendarItem]:
    """Keep what concerns the user: of planners and heads their units, of a cabinet its minister's.

    What belongs to no unit concerns everyone; whoever is bound to no unit keeps all.
    """
    own = access.unit_ids | access.minister_unit_ids
    if not own:
        return list(items)
    return [item for item in items if item.unit is None or item.unit.pk in own]


def next_items(items: Iterable[CalendarItem], today: date) -> list[CalendarItem]:
    """Return what is due next: everything that asks someone on the first such day from today."""
    coming = [item for item in items if item.asks_someone and item.day >= today]
    first = min((item.day for item in coming), default=None)
    return [item for item in coming if item.day == first]


def _of_plans(plans: Iterable[OperationalPlan]) -> Iterator[CalendarItem]:
    for plan in plans:
        yield from _of_plan(plan)


def _of_plan(plan: OperationalPlan) -> list[CalendarItem]:
    """Return the steps of a plan's life, its day of sending and its end."""
    steps: Mapping[str, date | None] = {
        "submitted": plan.submitted_on,
        "approved": plan.approved_on,
        "sent": plan.sent_on,
        "closed": plan.closed_on,
    }
    items = [
        CalendarItem(
            key=f"step:{plan.uuid}:{name}",
            kind=CalendarKind.STEP,
            day=day,
            plan=plan,
            step=name,
            is_done=True,
            done_on=day,
            changed_at=_midnight(day),
        )
        for name, day in steps.items()
        if day is not None
    ]
    sending = sending_item(plan)
    return [*items, *([sending] if sending else []), _year_end(plan)]


def sending_item(plan: OperationalPlan) -> CalendarItem | None:
    """Return the day by which the plan is with the ministers; None before the vote is known."""
    if plan.budget_voted_on is None:
        return None
    return CalendarItem(
        key=f"sending:{plan.uuid}",
        kind=CalendarKind.SENDING,
        day=sending_due_on(plan.budget_voted_on),
        plan=plan,
        article=plan.plan.law,
        is_done=plan.sent_on is not None,
        done_on=plan.sent_on,
        changed_at=_midnight(plan.sent_on or plan.budget_voted_on),
    )


def _year_end(plan: OperationalPlan) -> CalendarItem:
    """Return the last day on which the plan is in force, and so can be amended."""
    day = date(plan.year, 12, 31)
    return CalendarItem(
        key=f"year_end:{plan.uuid}",
        kind=CalendarKind.YEAR_END,
        day=day,
        plan=plan,
        is_done=plan.state == PlanState.CLOSED,
        changed_at=_midnight(plan.closed_on or date(plan.year, 1, 1)),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
