"""All dated things of a plan year: what someone entered, and what follows from other facts.

Sending to the ministers follows from the vote on the budget, figures from the due dates of their
periods, milestones from the activities, the steps from the life of the plan. Nothing is stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery

from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry
from objectives.indicators.models import Indicator, Measurement, Obligation
from objectives.indicators.periods import Period
from objectives.planning.calendar_rules import sending_due_on
from objectives.planning.choices import EvaluationState, PlanState, WaitsFor
from objectives.planning.models import ObjectiveIndicator, OperationalObjective, OperationalPlan
from objectives.strategy.models import Milestone
from personnel.access import Access
from personnel.choices import Role
from personnel.models import OrganisationUnit
from personnel.selectors import planning_units
from reporting.choices import CalendarKind
from reporting.models import Deadline

# Objectives whose figures and milestones are commitments: a draft has none yet.
_COMMITTED: Final = (PlanState.APPROVED, PlanState.CLOSED)
# Kinds of entered deadlines that each directorate meets for itself, unless they name one.
_OF_EACH_UNIT: Final = (CalendarKind.SUBMISSION, CalendarKind.EVALUATION)
_CORPORATE_KINDS: Final = (CalendarKind.REVIEW, CalendarKind.REPORT, CalendarKind.SENDING)
# Days that only say something: nobody has to act.
_TELLING_KINDS: Final = (CalendarKind.STEP, CalendarKind.YEAR_END)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarItem:
    """One dated thing; `key` stays the same as long as it is the same thing.

    `unit` None concerns every unit. `given` of `expected` counts figures. `open_unit_ids` are the
    units (database keys) that still have to act, of those that the reader may see. `changed_at` is
    when it last changed, as far as is kept. `text` is what was entered, '' for what is computed.
    """

    key: str
    kind: CalendarKind
    day: date
    plan: OperationalPlan
    unit: OrganisationUnit | None = None
    text: LocalisedText = field(default_factory=LocalisedText)
    article: LocalisedText = field(default_factory=LocalisedText)
    period: Period | None = None
    step: str = ""
    expected: int = 0
    given: int = 0
    is_done: bool = False
    done_on: date | None = None
    open_unit_ids: frozenset[int] = frozenset()
    changed_at: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    deadline: Deadline | None = None
    objective_uuid: UUID | None = None

    @property
    def missing(self) -> int:
        """Return how many figures are still to be given."""
        return self.expected - self.given

    @property
    def asks_someone(self) -> bool:
        """Tell whether someone has to act before the day is over; nobody in a closed plan."""
        is_closed = self.plan.state == PlanState.CLOSED
        return not (self.is_done or is_closed or self.kind in _TELLING_KINDS)

    @property
    def roles(self) -> tuple[Role, ...]:
        """Return who has to act; planners and heads those of the units that are still open."""
        if self.kind in _TELLING_KINDS:
            return ()
        if self.kind == CalendarKind.COMMITTEE:
            return (Role.COMMITTEE,)
        if self.kind in _CORPORATE_KINDS or not self._is_of_units:
            return (Role.CORPORATE,)
        return (Role.PLANNER, Role.HEAD)

    @property
    def _is_of_units(self) -> bool:
        return self.unit is not None or self.kind in _OF_EACH_UNIT

    def is_late(self, today: date) -> bool:
        """Tell whether its day is over and someone still has to act."""
        return self.asks_someone and self.day < today

    def days_until(self, today: date) -> int:
        """Return how many days are left; below zero it is past."""
        return (self.day - today).days


@dataclass(frozen=True, slots=True)
class CalendarFilter:
    """What the address of the calendar asks for; empty means all."""

    unit: OrganisationUnit | None = None
    kind: str = ""

    def keeps(self, item: CalendarItem) -> bool:
        """Tell whether the item is asked for; what concerns every unit concerns each of them."""
        of_unit = self.unit is None or item.unit is None or item.unit.pk == self.unit.pk
        return of_unit and self.kind in ("", item.kind)


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
        *_entered(plans, access),
        *_figures(plans, access),
        *_milestones(plans, access),
        *(item for plan in plans for item in _of_plan(plan)),
    ]
    wanted = filter_ or CalendarFilter()
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


def next_items(items: Iterable[CalendarItem], today: date) -> list[CalendarItem]:
    """Return what is due next: everything that asks someone on the first such day from today."""
    coming = [item for item in items if item.asks_someone and item.day >= today]
    first = min((item.day for item in coming), default=None)
    return [item for item in coming if item.day == first]


# What someone entered ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Desks:
    """Of one plan: which units have what still open."""

    with_objectives: frozenset[int]
    drafting: frozenset[int]
    reviewing: frozenset[int]
    unevaluated: frozenset[int]


def _entered(plans: Sequence[OperationalPlan], access: Access) -> list[CalendarItem]:
    by_pk = {plan.pk: plan for plan in plans}
    rows = list(Deadline.objects.visible_to(access).filter(plan__in=by_pk).select_related("unit"))
    if not rows:
        return []
    changed = dict(
        HistoryEntry.objects.filter(
            target_type=Deadline.type_name(), target_uuid__in=[row.uuid for row in rows]
        )
        .order_by()
        .values_list("target_uuid")
        .annotate(last=Max("at"))
    )
    units = frozenset(planning_units().values_list("pk", flat=True))
    desks = _desks(by_pk)
    return [
        _entered_item(row, by_pk[row.plan_id], units, desks[row.plan_id], changed.get(row.uuid))
        for row in rows
    ]


def deadline_items(rows: Iterable[Deadline]) -> list[CalendarItem]:
    """Return days that their asker knows to be open, without the units that have to act."""
    return [
        CalendarItem(
            key=f"deadline:{row.uuid}",
            kind=CalendarKind(row.kind),
            day=row.due_on,
            plan=row.plan,
            unit=row.unit,
            text=row.title,
            article=row.article,
            deadline=row,
        )
        for row in rows
    ]


def _entered_item(
    row: Deadline,
    plan: OperationalPlan,
    units: frozenset[int],
    desks: _Desks,
    changed_at: datetime | None,
) -> CalendarItem:
    kind = CalendarKind(row.kind)
    asked = units if row.unit_id is None else frozenset({row.unit_id})
    still_open = _open_units(kind, plan, asked, desks) if row.done_on is None else frozenset()
    return CalendarItem(
        key=f"deadline:{row.uuid}",
        kind=kind,
        day=row.due_on,
        plan=plan,
        unit=row.unit,
        text=row.title,
        article=row.article,
        is_done=not still_open,
        done_on=row.done_on,
        open_unit_ids=still_open,
        changed_at=changed_at or row.created_at,
        deadline=row,
    )


def _open_units(
    kind: CalendarKind, plan: OperationalPlan, asked: frozenset[int], desks: _Desks
) -> frozenset[int]:
    """Return of the units asked those that still have to act, or wait for someone who has.

    Handed in is a unit with objectives of which none is a draft any more. Reviewed is a plan of
    which no objective lies with a planner, a head or the corporate cell. Decided is a plan in
    force, evaluated a unit whose objectives all have their evaluation handed in. A report, and
    whatever else, is done when someone says so.
    """
    if kind == CalendarKind.COMMITTEE and plan.approved_on is not None:
        return frozenset()
    if kind == CalendarKind.EVALUATION:
        return asked & desks.unevaluated
    if plan.approved_on is None and plan.state not in _COMMITTED:
        if kind == CalendarKind.SUBMISSION:
            return asked & (desks.drafting | (asked - desks.with_objectives))
        if kind == CalendarKind.REVIEW:
            return asked & (desks.drafting | desks.reviewing) if desks.with_objectives else asked
    elif kind in (CalendarKind.SUBMISSION, CalendarKind.REVIEW, CalendarKind.COMMITTEE):
        return frozenset()
    return asked


def _desks(plan_ids: Iterable[int]) -> dict[int, _Desks]:
    """Return where the objectives of each plan lie: one query."""
    places: dict[int, dict[str, set[int]]] = {
        pk: {name: set() for name in _Desks.__slots__} for pk in plan_ids
    }
    rows = OperationalObjective.objects.filter(plan__in=places).order_by()
    for plan_id, unit_id, state, desk, evaluated in rows.values_list(
        "plan", "unit", "state", "waits_for", "final_evaluation__state"
    ).distinct():
        found = places[plan_id]
        found["with_objectives"].add(unit_id)
        if state == PlanState.DRAFT:
            found["drafting"].add(unit_id)
        if desk == WaitsFor.CORPORATE:
            found["reviewing"].add(unit_id)
        if state == PlanState.APPROVED and evaluated != EvaluationState.HANDED_IN:
            found["unevaluated"].add(unit_id)
    return {
        pk: _Desks(**{name: frozenset(units) for name, units in found.items()})
        for pk, found in places.items()
    }


# What follows from the plan itself ---------------------------------------------------------------


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


# Figures and milestones --------------------------------------------------------------------------


def _figures(plans: Sequence[OperationalPlan], access: Access) -> list[CalendarItem]:
    """Return one item a plan, period, due date and unit that owes figures: one query.

    A figure that its head still has to validate is given; a period declared not applicable owes
    none. The unit is the one that owns the indicators.
    """
    visible = Indicator.objects.visible_to(access).values("pk")
    used = ObjectiveIndicator.objects.current().filter(
        indicator=OuterRef("indicator"),
        objective__plan__year=OuterRef("period_end__year"),
        objective__plan__in=[plan.pk for plan in plans],
        objective__state__in=_COMMITTED,
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
    units = OrganisationUnit.objects.in_bulk({row["indicator__owner"] for row in listed})
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


def _milestones(plans: Sequence[OperationalPlan], access: Access) -> list[CalendarItem]:
    """Return the milestones of the activities of approved objectives: two queries."""
    objectives = {
        row.uuid: row
        for row in OperationalObjective.objects.visible_to(access)
        .filter(plan__in=[plan.pk for plan in plans], state__in=_COMMITTED)
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
        .filter(plan__in=[plan.pk for plan in plans], state__in=_COMMITTED)
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
