"""Who has to act for a unit, and who runs the cycle of the whole department."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from personnel.choices import Role
from personnel.models import OrganisationUnit, RoleAssignment, User

_OF_UNITS = (Role.PLANNER, Role.HEAD)
_OF_ALL = (Role.CORPORATE, Role.COMMITTEE)


@dataclass(frozen=True, slots=True)
class People:
    """Active accounts by role, those of planners and heads by the unit they were given it for."""

    of_units: Mapping[tuple[str, int], tuple[User, ...]]
    of_all: Mapping[str, tuple[User, ...]]
    parents: Mapping[int, int | None]

    def acting(self, role: str, unit_ids: Iterable[int]) -> dict[User, list[int]]:
        """Return who has the role in these units, each with the units that they answer for.

        Of a unit without anyone it is whoever has the role in the nearest unit above.
        """
        found: dict[User, list[int]] = defaultdict(list)
        for unit_id in unit_ids:
            for user in self._nearest(role, unit_id):
                found[user].append(unit_id)
        return dict(found)

    def _nearest(self, role: str, unit_id: int) -> tuple[User, ...]:
        at: int | None = unit_id
        while at is not None:
            if people := self.of_units.get((role, at)):
                return people
            at = self.parents.get(at)
        return ()


def acting_people() -> People:
    """Return everyone who has to act in the plan cycle: two queries."""
    rows = (
        RoleAssignment.objects.filter(
            role__in=[*_OF_UNITS, *_OF_ALL], user__is_active=True, user__is_client=False
        )
        .select_related("user")
        .order_by("user__username", "pk")
    )
    of_units: dict[tuple[str, int], dict[int, User]] = defaultdict(dict)
    of_all: dict[str, dict[int, User]] = defaultdict(dict)
    for row in rows:
        if row.role in _OF_ALL:
            of_all[row.role][row.user_id] = row.user
        elif row.unit_id is not None:
            of_units[row.role, row.unit_id][row.user_id] = row.user
    return People(
        {key: tuple(users.values()) for key, users in of_units.items()},
        {key: tuple(users.values()) for key, users in of_all.items()},
        dict(OrganisationUnit.objects.values_list("pk", "parent_id")),
    )
