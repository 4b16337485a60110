"""What a planner can choose from for an objective; the services take nothing else."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from objectives.planning.models import OperationalPlan
from objectives.strategy.models import Goal
from personnel.choices import UnitKind
from personnel.models import ManagementFunction, OrganisationUnit
from personnel.selectors import all_functions, planning_units
from personnel.structure import all_units, units_that_plan


def _stands_in(row: ManagementFunction | OrganisationUnit, year: int) -> bool:
    """Tell whether a row is valid on some day of the year, as `_valid_in` keeps it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return (row.valid_from or first) <= last and (row.valid_to or last) >= first


def _valid_in(year: int) -> Q:
    """Keep what is valid on some day of the year; without a date it is so always."""
    begun = Q(valid_from=None) | Q(valid_from__lte=date(year, 12, 31))
    return begun & (Q(valid_to=None) | Q(valid_to__gte=date(year, 1, 1)))


def _parents() -> dict[int, int | None]:
    return {unit.pk: unit.parent_id for unit in all_units()}


def units_above(unit_ids: Iterable[int]) -> set[int]:
    """Return the keys of the units above these, the nearest ones and those above them."""
    parents, found = _parents(), set[int]()
    for pk in unit_ids:
        above = parents.get(pk)
        while above is not None and above not in found:
            found.add(above)
            above = parents.get(above)
    return found


def units_below(unit_ids: Iterable[int]) -> set[int]:
    """Return the keys of the units below these, at any depth."""
    children: dict[int | None, list[int]] = {}
    for pk, parent in _parents().items():
        children.setdefault(parent, []).append(pk)
    found: set[int] = set()
    waiting = list(unit_ids)
    while waiting:
        for pk in children.get(waiting.pop(), []):
            if pk not in found:
                found.add(pk)
                waiting.append(pk)
    return found


def sub_units_offered(units: Iterable[OrganisationUnit], year: int) -> QuerySet[OrganisationUnit]:
    """Return the units below these that exist in the plan year. Two queries."""
    below = units_below(unit.pk for unit in units)
    return OrganisationUnit.objects.filter(_valid_in(year), pk__in=below)


def sub_units_of(units: Iterable[OrganisationUnit], year: int) -> list[OrganisationUnit]:
    """Return what `sub_units_offered` gives, from the units that are kept."""
    below = units_below(unit.pk for unit in units)
    return [unit for unit in all_units() if unit.pk in below and _stands_in(unit, year)]


def holders_offered(units: Iterable[OrganisationUnit], year: int) -> list[ManagementFunction]:
    """Return the functions that can answer for an objective of these units.

    Those of the units themselves come first, then those of the units above, then those of the
    FPS. All are valid on some day of the plan year.
    """
    own = {unit.pk for unit in units}
    above = units_above(own)
    rows = [
        row
        for row in all_functions()
        if _stands_in(row, year) and (row.unit_id in own | above or row.unit.kind == UnitKind.FPS)
    ]

    def nearness(function: ManagementFunction) -> int:
        return 0 if function.unit_id in own else 1 if function.unit_id in above else 2

    return sorted(rows, key=nearness)


def goals_offered(plan: OperationalPlan) -> QuerySet[Goal]:
    """Return the goals of the strategic plan that the operational plan carries out."""
    return (
        Goal.objects.filter(objective__plan=plan.plan_id)
        .select_related("objective")
        .order_by("objective__order", "objective_id", "order", "pk")
    )


def co_owners_possible(year: int) -> QuerySet[OrganisationUnit]:
    """Return the units that own objectives in the plan year."""
    return planning_units().filter(_valid_in(year))


def units_sharing(year: int) -> list[OrganisationUnit]:
    """Return what `co_owners_possible` gives, from the units that are kept."""
    return [unit for unit in units_that_plan() if _stands_in(unit, year)]
