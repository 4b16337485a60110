"""What someone entered in the calendar, and which units still have to act for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from ibzplan.core.models import HistoryEntry
from objectives.planning.choices import EvaluationState, PlanState, WaitsFor
from objectives.planning.models import OperationalObjective, OperationalPlan
from personnel.access import Access
from personnel.structure import units_that_plan
from reporting.choices import CalendarKind
from reporting.models import Deadline
from reporting.selectors.calendar_item import COMMITTED, CalendarItem


@dataclass(frozen=True, slots=True)
class _Desks:
    """Of one plan: which units have what still open."""

    with_objectives: frozenset[int]
    drafting: frozenset[int]
    reviewing: frozenset[int]
    unevaluated: frozenset[int]


def entered_items(
    plans: Sequence[OperationalPlan], access: Access, *, with_changes: bool = True
) -> list[CalendarItem]:
    """Return the entered days of these plans that the user may see: three queries.

    Without `with_changes` when each last changed is not looked up: one query less.
    """
    by_pk = {plan.pk: plan for plan in plans}
    seen = Deadline.objects.current().visible_to(access)
    rows = list(seen.filter(plan__in=by_pk).select_related("unit"))
    if not rows:
        return []
    changed = _last_changes(rows) if with_changes else {}
    units = frozenset(unit.pk for unit in units_that_plan())
    desks = _desks(by_pk)
    return [
        _entered_item(row, by_pk[row.plan_id], units, desks[row.plan_id], changed.get(row.uuid))
        for row in rows
    ]


def _last_changes(rows: Iterable[Deadline]) -> dict[UUID, datetime]:
    """Return when each was last changed, by its UUID: one query."""
    entries = HistoryEntry.objects.filter(
        target_type=Deadline.type_name(), target_uuid__in=[row.uuid for row in rows]
    )
    return dict(entries.order_by().values_list("target_uuid").annotate(last=Max("at")))


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
    if plan.approved_on is None and plan.state not in COMMITTED:
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
