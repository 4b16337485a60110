"""What comes or goes without an instant of its own: who followed before reads the list anew."""

import pytest
from django.db import transaction

from ibzplan.core.services import clock_rewritten, next_instant
from objectives.planning.models import OperationalPlan
from personnel.models import OrganisationUnit
from reporting.demo.removal import demo_remove
from reporting.models import Deadline
from tests.api.conftest import World
from tests.api.follower import Follower, reader

pytestmark = pytest.mark.urls("tests.api.urlconf")


@pytest.fixture(autouse=True)
@transaction.atomic
def _something_was_recorded(db: None) -> None:
    """The clock has begun, as in every database in use."""
    next_instant()


def following(world: World, collection: str, page_size: int = 100) -> Follower:
    """Return a client of the auditor that begins to read."""
    return Follower(reader(world.users["auditor"]), collection, page_size=page_size)


def is_refused(follower: Follower) -> bool:
    """Tell whether the list is to be read anew; the client then knows nothing any more."""
    response = follower.get(changedSince=follower.cursor, pageSize=follower.page_size)
    if response.status_code != 410:
        assert response.status_code == 200, response.content
        return False
    assert response.json()["type"] == "urn:problem-type:ibzplan:cursorGone"
    follower.rows, follower.cursor = {}, "start"
    return True


def test_who_followed_the_demo_begins_anew_when_it_is_gone(world: World) -> None:
    world.deadline("Echt")
    Deadline.objects.filter(pk=world.deadline("Verzonnen").pk).update(is_demo=True)
    follower = following(world, "deadlines")
    follower.follow()
    assert len(follower.rows) == 2

    demo_remove()

    assert is_refused(follower)
    assert follower.behind() == []
    assert len(follower.rows) == 1
    assert not is_refused(follower)


def test_rows_with_a_past_of_their_own_are_found_by_reading_anew(world: World) -> None:
    units = following(world, "organisationUnits")
    units.follow()

    with transaction.atomic():
        world.unit("ADX", "BZ")
        OrganisationUnit.objects.filter(code="ADX").update(created_at="2020-01-01T00:00:00Z")
        clock_rewritten(at=next_instant())

    assert is_refused(units)
    assert units.behind() == []


def test_a_list_that_is_being_read_is_begun_anew_too(world: World) -> None:
    units = following(world, "organisationUnits", page_size=1)
    assert units.step()["hasMore"]

    with transaction.atomic():
        clock_rewritten(at=next_instant())

    assert is_refused(units)
    assert units.behind() == []


def test_nothing_to_remove_leaves_every_cursor_as_it_is(world: World) -> None:
    assert not OperationalPlan.objects.filter(is_demo=True).exists()
    units = following(world, "organisationUnits")
    units.follow()

    demo_remove()

    assert not is_refused(units)
