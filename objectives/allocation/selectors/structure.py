"""The lines above and below a line, as they stand now, and whose it is."""

from uuid import UUID

from budget.models import CreditLine
from objectives.allocation.models import CreditAllocation, StaffAllocation
from objectives.allocation.selectors.lines import Line
from personnel.models import OrganisationUnit


def _parents(line: Line) -> dict[int, int | None]:
    rows = type(line)._default_manager.values_list("pk", "parent_id")
    return dict(rows)


def lines_above(line: Line) -> list[int]:
    """Return the keys of the lines above, the nearest first: one query."""
    parents, found = _parents(line), list[int]()
    place = line.parent_id
    while place is not None and place not in found:
        found.append(place)
        place = parents.get(place)
    return found


def lines_below(line: Line) -> list[int]:
    """Return the keys of all lines below: one query."""
    children: dict[int | None, list[int]] = {}
    for key, parent in _parents(line).items():
        children.setdefault(parent, []).append(key)
    found: list[int] = []
    waiting = list(children.get(line.pk, ()))
    while waiting:
        key = waiting.pop()
        found.append(key)
        waiting.extend(children.get(key, ()))
    return found


def unit_of(line: Line) -> OrganisationUnit | None:
    """Return the unit of a line, else that of the nearest line above with one: a query a step.

    What is hosted below a line does not go with it.
    """
    place: Line | None = line
    while place is not None:
        if place.unit is not None:
            return place.unit
        is_hosted = isinstance(place, CreditLine) and place.is_hosted
        place = None if is_hosted else place.parent
    return None


def withdrawn_from(line: Line, uuid: UUID) -> int | None:
    """Return the key of the objective that a withdrawn share of a line was for, if it is one."""
    model = CreditAllocation if isinstance(line, CreditLine) else StaffAllocation
    rows = model._default_manager.filter(uuid=uuid, line=line.pk, withdrawn_at__isnull=False)
    found: int | None = rows.values_list("objective_id", flat=True).first()
    return found
