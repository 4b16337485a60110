"""Following: a button that works without script, a list to stop from, and no more than one sees."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import NotAllowed
from ibzplan.core.follows.selectors import follow_state
from ibzplan.core.models import Follow
from ibzplan.core.services.follows import follow, unfollow
from objectives.strategy.models import Werf
from tests.factories import Ministry

pytestmark = pytest.mark.django_db


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[name])
    return client


def test_the_button_says_whether_one_follows_and_returns_to_the_page(ministry: Ministry) -> None:
    client = client_of(ministry, "cabinet_vbz")
    page = reverse("planning:werf", args=[ministry.werf.code]) + "?year=2026"
    assert 'aria-pressed="false"' in client.get(page).content.decode()
    address = reverse("follows:set", args=[Werf.type_name(), ministry.werf.uuid])
    answer = client.post(address, {"following": "yes", "next": page})
    assert answer["Location"] == page
    assert 'aria-pressed="true"' in client.get(page).content.decode()
    client.post(address, {"following": "no", "next": page})
    assert 'aria-pressed="false"' in client.get(page).content.decode()
    assert not Follow.objects.exists()


def test_an_address_elsewhere_is_not_followed(ministry: Ministry) -> None:
    address = reverse("follows:set", args=[Werf.type_name(), ministry.werf.uuid])
    answer = client_of(ministry, "auditor").post(address, {"next": "https://elsewhere.example/"})
    assert answer["Location"] == reverse("home")


def test_what_one_may_not_see_is_not_followed(ministry: Ministry) -> None:
    draft = ministry.objective()
    indicator = ministry.indicator(draft)
    for target in (draft, indicator):
        with pytest.raises(NotAllowed):
            follow(
                actor=ministry.users["cabinet_vbz"],
                type_name=target.type_name(),
                uuid=target.uuid,
            )
        address = reverse("follows:set", args=[target.type_name(), target.uuid])
        assert client_of(ministry, "cabinet_vbz").post(address).status_code == 404
        assert client_of(ministry, "planner_adcv").post(address).status_code == 302
    address = reverse("follows:set", args=["personnel.user", draft.uuid])
    assert client_of(ministry, "auditor").post(address).status_code == 404


def test_following_twice_is_following_once(ministry: Ministry) -> None:
    actor, name, uuid = ministry.users["auditor"], Werf.type_name(), ministry.werf.uuid
    assert [follow(actor=actor, type_name=name, uuid=uuid) for _n in range(2)] == [True, False]
    assert [unfollow(actor=actor, type_name=name, uuid=uuid) for _n in range(2)] == [True, False]


def test_the_state_costs_one_query(ministry: Ministry) -> None:
    clocks = Clocks.now()
    with CaptureQueriesContext(connection) as captured:
        state = follow_state(ministry.users["auditor"], ministry.werf, clocks)
    assert (len(captured), state.is_followed if state else None) == (1, False)


def test_a_page_of_an_earlier_moment_tells_the_state_and_offers_no_button(
    ministry: Ministry,
) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    indicator = objective.indicator_links.get().indicator
    client = client_of(ministry, "auditor")
    then = {"known": Clocks.now().known_at.isoformat()}
    for name, key, target in (
        ("planning:werf", ministry.werf.code, ministry.werf),
        ("planning:objective", objective.uuid, objective),
        ("planning:indicator", indicator.uuid, indicator),
    ):
        page, button = reverse(name, args=[key]), 'class="follow"'
        assert button in client.get(page).content.decode()
        before = client.get(page, then).content.decode()
        follow(actor=ministry.users["auditor"], type_name=target.type_name(), uuid=target.uuid)
        after = client.get(page, then).content.decode()
        assert button not in before + after
        assert "You do not follow this now" in before
        assert "You follow this now" in after


def test_the_list_shows_what_is_followed_and_nothing_of_what_is_hidden_now(
    ministry: Ministry,
) -> None:
    objective = ministry.objective(title="Geheim voornemen")
    for name in ("auditor", "planner_adcv"):
        follow(actor=ministry.users[name], type_name=objective.type_name(), uuid=objective.uuid)
    Follow.objects.filter(user=ministry.users["auditor"]).update(user=ministry.users["cabinet_vbz"])
    own = client_of(ministry, "planner_adcv").get(reverse("reporting:followed")).content.decode()
    hidden = client_of(ministry, "cabinet_vbz").get(reverse("reporting:followed")).content.decode()
    assert "Geheim voornemen" in own
    assert "Geheim voornemen" not in hidden
    assert "Stop following" in hidden
