"""The pages of API keys: made, shown once, looked at, renewed, ended; their end announced."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ibzplan.core.models import ApiToken, Notification
from ibzplan.core.notifications.registry import told
from ibzplan.core.services import clock_hold, token_create, token_find, token_rotate
from ibzplan.core.services.tokens import LIFE_MAX_DAYS
from personnel.models import User
from personnel.services import api_keys
from personnel.tasks import tell_of_ending_keys
from tests.factories import Ministry

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

ADDRESS = "/api-sleutels/"


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def browser(ministry: Ministry, user: str = "planner_adcv") -> Client:
    client = Client()
    client.force_login(ministry.users[user])
    return client


def sheet(**more: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=90)
    return {"name": "Power BI", "may": "read", "ends_on": day.isoformat(), **more}


def key_on(response: "Response") -> str:
    found = re.search(r'id="api-key"[^>]*>([^<]+)<', response.content.decode())
    assert found is not None
    return found[1]


def test_a_key_is_shown_once_with_an_example_that_works(ministry: Ministry) -> None:
    client = browser(ministry)

    made = client.post(f"{ADDRESS}nieuw/", sheet())

    key = key_on(made)
    assert made.status_code == 200
    assert "no-store" in made.headers["Cache-Control"]
    assert f"Bearer {key}" in made.content.decode().replace("&quot;", '"')
    answer = Client().get("/api/v1/indicators", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    token = ApiToken.objects.get()
    for address in (ADDRESS, f"{ADDRESS}{token.uuid}/"):
        page = client.get(address).content.decode()
        assert key not in page and token.prefix in page


def test_a_key_may_what_was_asked_until_the_day_is_over(ministry: Ministry) -> None:
    narrow = {"units": [str(ministry.adcv.uuid)], "ministers": [str(ministry.vbz.uuid)]}
    browser(ministry).post(f"{ADDRESS}nieuw/", sheet(may="write", **narrow))

    token = ApiToken.objects.get()
    assert token.scopes == ["read", "write"]
    assert (token.unit_uuids, token.minister_uuids) == (narrow["units"], narrow["ministers"])
    assert token.expires_at is not None
    ends = timezone.localtime(token.expires_at)
    assert (ends.hour, ends.date()) == (0, timezone.localdate() + timedelta(days=91))
    page = browser(ministry).get(ADDRESS).content.decode()
    assert str(ministry.adcv.title) in page and "read and write" in page
    assert "(as far as that answers to" in page and str(ministry.vbz.short_title) in page


def test_directorates_of_none_of_the_ministers_are_refused_with_what_to_do(
    ministry: Ministry,
) -> None:
    chosen = {"units": [str(ministry.adcv.uuid)], "ministers": [str(ministry.am.uuid)]}
    answer = browser(ministry).post(f"{ADDRESS}nieuw/", sheet(**chosen))

    assert (answer.status_code, ApiToken.objects.count()) == (422, 0)
    (said,) = answer.context["form"].errors["units"]
    assert "the key would open nothing" in said
    # With both ministers the directorate is of one of them.
    chosen["ministers"].append(str(ministry.vbz.uuid))
    assert browser(ministry).post(f"{ADDRESS}nieuw/", sheet(**chosen)).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "This field is required"),
        ({"ends_on": "morgen"}, "“morgen” is not a date"),
        ({"ends_on": "2020-01-01"}, f"to {LIFE_MAX_DAYS} days from now"),
        ({"ends_on": "9999-12-31"}, f"to {LIFE_MAX_DAYS} days from now"),
        ({"may": "everything"}, "everything"),
        ({"units": ["x"]}, "“x” is not a valid UUID"),
        ({"units": [str(uuid4())]}, "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    ministry: Ministry, wrong: dict[str, Any], said: str
) -> None:
    answer = browser(ministry).post(f"{ADDRESS}nieuw/", sheet(**wrong))

    page = answer.content.decode()
    assert (answer.status_code, ApiToken.objects.count()) == (422, 0)
    assert said in page and "invalid-feedback" in page
    assert "name" in wrong or "Power BI" in page


def test_a_name_is_given_once_and_free_again_when_its_key_is_over(ministry: Ministry) -> None:
    client = browser(ministry)
    client.post(f"{ADDRESS}nieuw/", sheet())

    again = client.post(f"{ADDRESS}nieuw/", sheet())
    assert (
        again.status_code == 422 and "You have a key “Power BI” already" in again.content.decode()
    )

    client.post(f"{ADDRESS}{ApiToken.objects.get().uuid}/intrekken/")
    assert client.post(f"{ADDRESS}nieuw/", sheet()).status_code == 200


def test_a_name_that_another_request_takes_first_is_refused(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tabs, or a double click: the second one waits for the first, and then sees its key."""

    def wait_for_another() -> None:
        clock_hold()
        token_create(user=ministry.users["planner_adcv"], name="Power BI")

    monkeypatch.setattr(api_keys, "clock_hold", wait_for_another)

    answer = browser(ministry).post(f"{ADDRESS}nieuw/", sheet())

    assert answer.status_code == 422
    assert "You have a key “Power BI” already" in answer.content.decode()


def test_a_new_key_takes_the_place_of_the_old_one_after_a_question(ministry: Ministry) -> None:
    client = browser(ministry)
    old_key = key_on(client.post(f"{ADDRESS}nieuw/", sheet(may="write")))
    old = ApiToken.objects.get()
    address = f"{ADDRESS}{old.uuid}/vernieuwen/"

    assert "24 hours" in client.get(address).content.decode()
    assert ApiToken.objects.count() == 1
    key = key_on(client.post(address))

    new = ApiToken.objects.exclude(pk=old.pk).get()
    assert (new.name, new.scopes) == (old.name, old.scopes)
    assert token_find(key=key) == new and token_find(key=old_key) == old
    assert client.post(address).status_code == 302  # it is not renewed twice
    assert ApiToken.objects.count() == 2
    page = client.get(f"{ADDRESS}{old.uuid}/").content.decode()
    assert "another key takes its place" in page and new.prefix in page


def test_an_ended_key_opens_nothing_and_stays_in_the_list(ministry: Ministry) -> None:
    client = browser(ministry)
    key = key_on(client.post(f"{ADDRESS}nieuw/", sheet()))
    token = ApiToken.objects.get()
    address = f"{ADDRESS}{token.uuid}/intrekken/"

    assert "cannot be undone" in client.get(address).content.decode()
    assert token_find(key=key) == token
    assert "opens nothing any more" in client.post(address, follow=True).content.decode()

    assert token_find(key=key) is None
    assert "was ended before" in client.post(address, follow=True).content.decode()
    page = client.get(ADDRESS).content.decode()
    assert "ended" in page and "Power BI" in page


def test_others_learn_nothing_of_a_key_but_the_corporate_cell_sees_and_ends_it(
    ministry: Ministry,
) -> None:
    token, key = token_create(user=ministry.users["planner_adcv"], name="Maandblad")
    address = f"{ADDRESS}{token.uuid}/"
    other, corporate = browser(ministry, "planner_dvz"), browser(ministry, "corporate")

    assert "Maandblad" not in other.get(ADDRESS).content.decode()
    for step in ("", "vernieuwen/", "intrekken/"):
        assert other.get(f"{address}{step}").status_code == 404
    assert other.post(f"{address}intrekken/").status_code == 404

    assert "planner_adcv" in corporate.get(ADDRESS).content.decode()
    assert corporate.post(f"{address}vernieuwen/").status_code == 403
    assert token_find(key=key) == token
    corporate.post(f"{address}intrekken/")
    assert token_find(key=key) is None


def test_the_corporate_cell_renews_the_key_of_a_client_that_cannot_sign_in(
    ministry: Ministry, capsys: pytest.CaptureFixture[str]
) -> None:
    def client(name: str, role: str) -> ApiToken:
        call_command("create_token", name, role=role)
        made = token_find(key=capsys.readouterr().out.strip())
        assert made is not None
        return made

    token, wider = client("Dashboard", "api_client"), client("Control", "auditor")
    corporate = browser(ministry, "corporate")

    answer = corporate.post(f"{ADDRESS}{token.uuid}/vernieuwen/")

    new = token_find(key=key_on(answer))
    assert new is not None and new.user == token.user
    # That key would open more than is theirs.
    assert corporate.post(f"{ADDRESS}{wider.uuid}/vernieuwen/").status_code == 403
    call_command("create_token", "Loader", role="api_client", unit="ADCV", write=True)
    writes = token_find(key=capsys.readouterr().out.strip())
    assert writes is not None
    assert corporate.post(f"{ADDRESS}{writes.uuid}/vernieuwen/").status_code == 403
    User.objects.filter(username="auditor").update(is_superuser=True)
    answer = browser(ministry, "auditor").post(f"{ADDRESS}{writes.uuid}/vernieuwen/")
    new = token_find(key=key_on(answer))
    assert new is not None and (new.user, new.unit_uuids) == (writes.user, writes.unit_uuids)


def test_the_menu_of_an_account_leads_to_its_keys(ministry: Ministry) -> None:
    link = f'href="{ADDRESS}"'

    assert link in browser(ministry, "auditor").get("/meldingen/").content.decode()
    assert link not in browser(ministry, "outsider").get("/meldingen/").content.decode()


def test_the_list_takes_the_same_queries_with_more_keys(ministry: Ministry) -> None:
    client = browser(ministry, "corporate")

    def queries(count: int) -> int:
        for n in range(count):
            user = ministry.users["planner_adcv" if n % 2 else "auditor"]
            token, _key = token_create(user=user, name=f"k{n}", units=[ministry.adcv.uuid])
            if n % 3 == 0:
                token_rotate(actor=user, token=token)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ADDRESS).status_code == 200
        return len(captured)

    client.get(ADDRESS)
    assert queries(3) == queries(9)


def test_owners_are_told_once_two_weeks_before_the_end(ministry: Ministry) -> None:
    now = timezone.now()
    planner = ministry.users["planner_adcv"]

    def key(name: str, days: float, user: User = planner, **more: Any) -> ApiToken:
        token, _key = token_create(user=user, name=name, **more)
        ApiToken.objects.filter(pk=token.pk).update(expires_at=now + timedelta(days=days))
        token.refresh_from_db()
        return token

    client = User.objects.create(username="client:x", is_client=True)
    key("soon", 13)
    key("later", 15)
    key("over", -1)
    successor, _key = token_rotate(actor=planner, token=key("replaced", 10))
    ApiToken.objects.filter(pk=successor.pk).update(expires_at=now + timedelta(days=90))
    key("of a client", 5, client)
    key("of a client made by someone", 5, client, actor=planner)

    assert tell_of_ending_keys() == 3
    assert tell_of_ending_keys() == 0

    said = {
        (row.user.username, told(row).title.split("”")[0].split("“")[1])
        for row in Notification.objects.select_related("user")
    }
    assert said == {
        ("planner_adcv", "soon"),
        ("corporate", "of a client"),
        ("planner_adcv", "of a client made by someone"),
    }
    row = Notification.objects.get(key__endswith=str(ApiToken.objects.get(name="soon").uuid))
    assert browser(ministry).get(told(row).url).status_code == 200
