"""The plan's structure and the offices as they stood at the moment of a snapshot."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from ibzplan.core.models import Record
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.security.selectors.structure import all_security_objectives, all_themes
from objectives.strategy.models import PlanEntry, StrategicObjective, Werf
from objectives.strategy.selectors.structure import (
    all_source_plans,
    all_strategic_objectives,
    all_werven,
    goals_of,
)
from personnel.models import ManagementFunction, OfficeHolder, SupervisingMinister
from personnel.structure import all_ministers, all_units
from reporting.snapshot.then import Then

Entry = TypeVar("Entry", bound=PlanEntry)


@dataclass(frozen=True, slots=True)
class Structure:
    """Strategic objectives in their order, each with its werven by its key, as they stood."""

    objectives: tuple[StrategicObjective, ...]
    werven: Mapping[int, Sequence[Werf]]

    def in_order(self, objectives: Iterable[OperationalObjective]) -> list[OperationalObjective]:
        """Return objectives in the order of the plan, then by code."""
        werven = (werf for row in self.objectives for werf in self.werven.get(row.pk, ()))
        places = {werf.pk: place for place, werf in enumerate(werven)}
        last = len(places)
        return sorted(objectives, key=lambda row: (places.get(row.werf_id, last), row.code, row.pk))


def frame_records(plan: OperationalPlan, holders: Iterable[OfficeHolder]) -> list[Record]:
    """Return all that frames a snapshot of a plan year, as it is now, to be led back at once."""
    return [
        plan,
        *all_source_plans(),
        *(row for row in all_strategic_objectives() if row.plan_id == plan.plan_id),
        *(row for row in all_werven() if row.objective.plan_id == plan.plan_id),
        *goals_of(plan.plan_id),
        *all_themes(),
        *all_security_objectives(),
        *all_units(),
        *all_ministers(),
        *holders,
        *ManagementFunction.objects.all(),
    ]


def structure_then(
    plan: OperationalPlan, objectives: Iterable[OperationalObjective], then: Then
) -> Structure:
    """Return the structure of a plan; what holds an objective stays, whenever it was written.

    A transversal objective has no werven: its KPIs stand on the page of its addendum.
    """
    held = {row.werf_id for row in objectives}
    of_plan = [row for row in all_werven() if row.objective.plan_id == plan.plan_id]
    werven: dict[int, list[Werf]] = defaultdict(list)
    for werf in sorted(_there(of_plan, held, then), key=_place):
        werven[werf.objective_id].append(werf)
    parents = {werf.objective_id for rows in werven.values() for werf in rows if werf.pk in held}
    listed = [row for row in all_strategic_objectives() if row.plan_id == plan.plan_id]
    rows = [row for row in _there(listed, parents, then) if row.addendum_id is None]
    return Structure(tuple(sorted(rows, key=_place)), werven)


def _there(rows: Sequence[Entry], held: Collection[int], then: Then) -> list[Entry]:
    known = then.there(rows)
    there = {row.pk for row in known}
    return [*known, *(then.of(row) for row in rows if row.pk in held and row.pk not in there)]


def _place(row: PlanEntry) -> tuple[int, int]:
    return row.order, row.pk


def office_holders() -> list[OfficeHolder]:
    """Return everyone who holds or held an office: a small table."""
    return list(OfficeHolder.objects.order_by("pk"))


def minister_part(
    minister: SupervisingMinister, holders: Sequence[OfficeHolder], on: date, then: Then
) -> dict[str, Any]:
    """Return the minister's office with who held it on a day, as known then."""
    known = then.of(minister)
    return {
        "code": known.code,
        "title": known.title.as_json(),
        "shortTitle": known.short_title.as_json(),
        "holder": holder_part(holders, minister, on, then),
    }


def holder_part(
    holders: Sequence[OfficeHolder], minister: SupervisingMinister | None, on: date, then: Then
) -> dict[str, Any] | None:
    """Return who held an office on a day (of None: who presided); often the source has no dates."""
    key = minister.pk if minister else None
    rows = [
        row
        for row in then.there(row for row in holders if row.minister_id == key)
        if (row.holds_from or on) <= on <= (row.holds_to or on)
    ]
    # The latest first day holds; without one it is 'since always'.
    rows.sort(key=lambda row: (-(row.holds_from or date.min).toordinal(), row.pk))
    return {"name": rows[0].name, "office": rows[0].office.as_json()} if rows else None
