"""Reads about units and ministers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import rows_known
from ibzplan.core.steady import steady
from personnel.choices import PLANNING_KINDS
from personnel.models import (
    FunctionHolder,
    ManagementFunction,
    OrganisationUnit,
    SupervisingMinister,
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
    return list(_functions(_pinned(clocks)))


def all_functions() -> tuple[ManagementFunction, ...]:
    """Return the register of functions as it is now, by unit."""
    return _functions(None)


def holders_known(
    functions: Sequence[ManagementFunction], clocks: Clocks
) -> dict[int, list[FunctionHolder]]:
    """Return by function who holds it or held it, the first one first: two queries at most."""
    holders = _holders(_pinned(clocks))
    return {row.pk: list(holders.get(row.pk, ())) for row in functions}


def _pinned(clocks: Clocks) -> datetime | None:
    """Return the moment that a page is of, None for a page of now."""
    return clocks.moment_asked


@steady
def _functions(moment: datetime | None) -> tuple[ManagementFunction, ...]:
    """Return the register of functions as it stood: a small table."""
    then = rows_known(ManagementFunction.objects.select_related("unit"), moment)
    return tuple(sorted(then, key=lambda row: (row.unit.order, row.unit.code, row.order, row.code)))


@steady
def _holders(moment: datetime | None) -> Mapping[int, tuple[FunctionHolder, ...]]:
    """Return by function who holds or held it as was known: a small table too."""
    then = rows_known(FunctionHolder.objects.select_related("user"), moment)
    found: dict[int, list[FunctionHolder]] = defaultdict(list)
    for row in sorted(then, key=_first_day):
        found[row.function_id].append(row)
    return {key: tuple(held) for key, held in found.items()}


@dataclass(frozen=True, slots=True)
class HeldFunction:
    """A management function, and who held it on a day; None when nobody is known."""

    function: ManagementFunction
    holder: FunctionHolder | None


def functions_held(unit: OrganisationUnit, clocks: Clocks) -> list[HeldFunction]:
    """Return the functions of a unit on the reference date with who held them, the first first."""
    functions, day = functions_known(clocks), clocks.reference_date
    holders = holders_known(functions, clocks)
    return [
        HeldFunction(row, _on_day(holders.get(row.pk, ()), day))
        for row in functions
        if row.unit_id == unit.pk and (row.valid_from or day) <= day <= (row.valid_to or day)
    ]


def _on_day(holders: Iterable[FunctionHolder], day: date) -> FunctionHolder | None:
    return next((row for row in holders if held_between(row, day, day)), None)


def _first_day(row: FunctionHolder) -> tuple[date, int]:
    return row.holds_from or date.min, row.pk


def held_between(holder: FunctionHolder, first: date, last: date) -> bool:
    """Tell whether a holder held the function on one of those days."""
    return (holder.holds_from or first) <= last and (holder.holds_to or last) >= first
