"""What the roles of a user open, taken together."""

import pytest

from personnel.access import access_of
from personnel.choices import Role
from personnel.models import User
from personnel.services import role_assign
from tests.factories import Ministry


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
