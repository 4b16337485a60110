"""Reads about units and ministers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import as_known
from ibzplan.core.steady import steady
from personnel.choices import PLANNING_KINDS
from personnel.models import (
    FunctionHolder,
    ManagementFunction,
    OrganisationUnit,
    SupervisingMinister,
    User,
)
from personnel.structure import all_ministers


def planning_units() -> QuerySet[OrganisationUnit]:
    """Return the units that own objectives: directorates, staff and president's services."""
    return OrganisationUnit.objects.filter(kind__in=PLANNING_KINDS)


def ministers_of_plan(plan_code: str) -> list[SupervisingMinister]:
    """Return the ministers who receive the reports of a plan, in order."""
    return [m for m in all_ministers() if plan_code in m.plan_codes]


def functions_known(clocks: Clocks) -> list[ManagementFunction]:
    """Return the functions of the register as they stood, by unit: two queries at most."""
    rows = ManagementFunction.objects.select_related("unit")
    then = list(rows)
    if clocks.pinned_known:
        then = as_known(list(rows.filter(created_at__lte=clocks.known_at)), clocks.known_at)
    return sorted(then, key=lambda row: (row.unit.order, row.unit.code, row.order, row.code))


def holders_known(
    functions: Sequence[ManagementFunction], clocks: Clocks
) -> dict[int, list[FunctionHolder]]:
    """Return by function who holds it or held it, the first one first: two queries at most."""
    rows = FunctionHolder.objects.filter(function__in=[row.pk for row in functions]).select_related(
        "user"
    )
    then = list(rows)
    if clocks.pinned_known:
        then = as_known(list(rows.filter(created_at__lte=clocks.known_at)), clocks.known_at)
    found: dict[int, list[FunctionHolder]] = defaultdict(list)
    for row in sorted(then, key=_first_day):
        found[row.function_id].append(row)
    return found


@dataclass(frozen=True, slots=True)
class HeldFunction:
    """A management function, and who held it on a day; None when nobody is known."""

    function: ManagementFunction
    holder: FunctionHolder | None


def functions_held(unit: OrganisationUnit, clocks: Clocks) -> list[HeldFunction]:
    """Return the functions of a unit on the reference date with who held them, the first first."""
    functions, holders = _register(clocks)
    day = clocks.reference_date
    return [
        HeldFunction(row, _on_day(holders.get(row.pk, ()), day))
        for row in functions
        if row.unit_id == unit.pk and (row.valid_from or day) <= day <= (row.valid_to or day)
    ]


@steady(ManagementFunction, FunctionHolder, OrganisationUnit, User)
def _register(
    clocks: Clocks,
) -> tuple[list[ManagementFunction], dict[int, list[FunctionHolder]]]:
    """Return the whole register as it stood: four queries at most."""
    functions = functions_known(clocks)
    return functions, holders_known(functions, clocks)


def _on_day(holders: Iterable[FunctionHolder], day: date) -> FunctionHolder | None:
    return next((row for row in holders if held_between(row, day, day)), None)


def _first_day(row: FunctionHolder) -> tuple[date, int]:
    return row.holds_from or date.min, row.pk


def held_between(holder: FunctionHolder, first: date, last: date) -> bool:
    """Tell whether a holder held the function on one of those days."""
    return (holder.holds_from or first) <= last and (holder.holds_to or last) >= first
