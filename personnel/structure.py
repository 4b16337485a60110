"""Units, ministers, who answers to whom and who has which role: whole tables, read once."""

from collections import defaultdict
from collections.abc import Mapping

from ibzplan.core.steady import steady
from personnel.choices import PLANNING_KINDS
from personnel.models import (
    MinisterUnit,
    OrganisationUnit,
    RoleAssignment,
    SupervisingMinister,
    UnitTransfer,
)

Assignment = tuple[str, int | None, int | None]
"""Role, and the keys of the unit and of the minister that it is bound to."""


@steady
def all_units() -> tuple[OrganisationUnit, ...]:
    """Return every unit, in order."""
    return tuple(OrganisationUnit.objects.all())


@steady
def all_ministers() -> tuple[SupervisingMinister, ...]:
    """Return every minister's office, in order."""
    return tuple(SupervisingMinister.objects.all())


@steady
def all_minister_units() -> tuple[MinisterUnit, ...]:
    """Return which units answer to which minister, with the days on which they do."""
    return tuple(MinisterUnit.objects.all())


@steady
def all_transfers() -> tuple[UnitTransfer, ...]:
    """Return what went over from one unit into another, with both, the first one first."""
    return tuple(UnitTransfer.objects.select_related("from_unit", "to_unit"))


@steady
def transfers_of_type(type_name: str) -> tuple[UnitTransfer, ...]:
    """Return what `all_transfers` does, of the records of one type alone."""
    rows = UnitTransfer.objects.filter(target_type=type_name)
    return tuple(rows.select_related("from_unit", "to_unit"))


@steady
def all_roles() -> Mapping[int, tuple[Assignment, ...]]:
    """Return by user what roles they have."""
    found: dict[int, list[Assignment]] = defaultdict(list)
    for user, role, unit, minister in RoleAssignment.objects.values_list(
        "user_id", "role", "unit_id", "minister_id"
    ):
        found[user].append((role, unit, minister))
    return {user: tuple(rows) for user, rows in found.items()}


def units_that_plan() -> list[OrganisationUnit]:
    """Return the units that own objectives: directorates, staff and president's services."""
    return [unit for unit in all_units() if unit.kind in PLANNING_KINDS]
