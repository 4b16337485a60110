"""What the roles of a user open, taken together."""

from typing import Any

import pytest

from ibzplan.core.models import HistoryEntry
from personnel.access import access_of
from personnel.choices import Role
from personnel.models import RoleAssignment, User
from personnel.services import role_assign
from tests.factories import Ministry, roles_assign


@pytest.mark.parametrize("role", [Role.RESOURCES, Role.COMMITTEE, Role.API_CLIENT])
def test_a_planner_does_not_plan_for_a_unit_that_another_role_names(
    ministry: Ministry, role: str
) -> None:
    planner = ministry.users["planner_adcv"]
    role_assign(actor=None, user=planner, role=role, unit=ministry.dvz)
    access = access_of(User.objects.get(pk=planner.pk))
    assert access.plans_for(ministry.adcv.pk)
    assert not access.plans_for(ministry.dvz.pk)
    assert access.unit_ids == {ministry.adcv.pk}


# Its own to each role, whoever writes it.
OWN = {"id", "uuid", "user_id", "created_at", "target_uuid", "at"}


def _written(row: RoleAssignment) -> list[dict[str, object]]:
    """Return what the database holds of a role and of its history, but for what is its own."""
    history = HistoryEntry.objects.filter(
        target_type=RoleAssignment.type_name(), target_uuid=row.uuid
    )
    (role,) = RoleAssignment.objects.filter(pk=row.pk).values()
    (entry,) = history.values()
    assert entry["changes"].pop("user") == [None, row.user.username]
    return [
        {name: value for name, value in one.items() if name not in OWN} for one in (role, entry)
    ]


def test_roles_given_at_once_are_written_as_those_given_one_by_one(ministry: Ministry) -> None:
    """What most tests begin with is what the service makes."""
    scopes: list[tuple[str, dict[str, Any]]] = [
        (Role.PLANNER, {"unit": ministry.adcv}),
        (Role.CABINET, {"minister": ministry.vbz}),
        (Role.AUDITOR, {}),
    ]
    people = [User.objects.create(username=f"new-{place}") for place in range(6)]
    at_once = roles_assign(
        [(user, role, scope) for user, (role, scope) in zip(people, scopes, strict=False)]
    )
    one_by_one = [
        role_assign(actor=None, user=user, role=role, **scope)
        for user, (role, scope) in zip(people[3:], scopes, strict=True)
    ]
    assert [_written(row) for row in at_once] == [_written(row) for row in one_by_one]
    assert [access_of(row.user).unit_ids for row in at_once] == [
        access_of(row.user).unit_ids for row in one_by_one
    ]
