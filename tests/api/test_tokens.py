"""What a client's token is good for: its scopes, its narrowing, its life."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone, translation

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.errors import DomainError
from ibzplan.core.models import ApiToken, HistoryEntry
from ibzplan.core.services import token_create, token_find, token_revoke, token_rotate
from ibzplan.core.services.tokens import LIFE_MAX_DAYS
from personnel.access import access_of
from personnel.choices import UnitKind
from personnel.feed_rights import rights_told, user_with
from personnel.models import User
from tests.api.conftest import World, codes
from tests.api.writers import Writer, objective_body

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.urls("tests.api.urlconf")

# Both plans and the organisation are public: a token that is narrowed reads them too.
PUBLIC = {
    "missions",
    "strategicObjectives",
    "goals",
    "werven",
    "operationalPlans",
    "organisationUnits",
    "ministers",
    "securityThemes",
    "securityObjectives",
    "kivDimensions",
    "policyFrameworks",
    "enablingConditions",
}
OF_UNITS = {
    "operationalObjectives",
    "indicators",
    "targets",
    "measurements",
    "statuses",
    "amendments",
    "credits",
    "creditExecutions",
    "staffing",
    "questions",
}


def ask(key: str, path: str, accept: str = "application/json") -> "Response":
    headers = {"Authorization": f"Bearer {key}", "Accept": accept}
    return Client().get(f"/api/v1/{path}", headers=headers)


def narrowed(world: World, user: str, *, units: str = "", ministers: str = "") -> str:
    """Return a key of a user that is narrowed to units and ministers, by their codes."""
    _token, key = token_create(
        user=world.users[user],
        name=f"{units}{ministers}",
        units=[world.units[code].uuid for code in units.split()],
        ministers=[world.ministers[code].uuid for code in ministers.split()],
    )
    return key


def both(world: World) -> None:
    """Give both directorates one of everything; what is of ADVP says ADVP."""
    for code, minister in (("ADVP", "BZ"), ("DVZ", "AM")):
        objective = world.objective(code, code)
        indicator = world.indicator(code, code, is_submitted=True, submitted_year=2026)
        world.link(objective, indicator)
        world.figure(indicator, "2026-T1", "1", day="2026-04-02")
        world.target(indicator, "9", day="2026-01-02", due="2026-12-31")
        world.amendment(objective, unit=world.units[code])
        world.deadline(code, unit=code)
        world.report(minister=minister)
        world.means(code, code)
        world.question(objective, minister=minister)


def whose(name: str, item: dict[str, Any]) -> str:
    """Return the unit, or of a report the minister, that an item is of."""
    if name == "progressReports":
        return str(item["minister"]["code"])
    if name in ("targets", "measurements"):
        return str(item["indicator"]["code"])
    if name == "questions":
        return str(item["about"]["code"]) if "about" in item else str(item["unit"]["code"])
    if name in ("operationalObjectives", "indicators", "statuses"):
        return str(item["code"])
    return str(item["unit"]["code"]) if "unit" in item else ""


def seen(key: str, name: str) -> set[str]:
    response = ask(key, name)
    assert response.status_code == 200, response.content
    return {whose(name, item) for item in response.json()["items"]}


@pytest.mark.parametrize(
    ("user", "units", "ministers", "own", "reports"),
    [
        ("auditor", "", "", {"ADVP", "DVZ"}, {"BZ", "AM"}),
        ("auditor", "ADVP", "", {"ADVP"}, set()),
        ("auditor", "", "BZ", {"ADVP"}, {"BZ"}),
        # Each narrows further; and a report is of a minister as a whole.
        ("auditor", "ADVP", "BZ", {"ADVP"}, set()),
        ("auditor", "ADVP DVZ", "BZ", {"ADVP"}, set()),
        ("auditor", "DVZ", "BZ", set(), set()),
        ("corporate", "DVZ", "", {"DVZ"}, set()),
        ("corporate", "", "AM", {"DVZ"}, {"AM"}),
        ("planner", "DVZ", "", {"DVZ"}, set()),
        ("cabinet", "", "BZ", {"ADVP"}, {"BZ"}),
    ],
)
def test_a_narrowed_token_reads_only_what_is_of_its_units_and_ministers(
    world: World, user: str, units: str, ministers: str, own: set[str], reports: set[str]
) -> None:
    both(world)
    key = narrowed(world, user, units=units, ministers=ministers)

    found = {one.name: seen(key, one.name) for one in COLLECTIONS if one.name not in PUBLIC}

    assert found.pop("progressReports") == reports
    # Of other units a planner reads no days and no questions.
    for name in ("deadlines", "questions"):
        assert found.pop(name) == (set() if user == "planner" else own)
    assert found == dict.fromkeys(OF_UNITS - {"questions"}, own)


def test_a_narrowed_token_takes_whole_lists_of_the_same_rows(world: World) -> None:
    both(world)
    key = narrowed(world, "auditor", units="ADVP")

    for name in OF_UNITS | {"deadlines"}:
        listed = [item["id"] for item in ask(key, name).json()["items"]]
        whole = b"".join(ask(key, name, "application/x-ndjson"))
        assert [json.loads(line)["id"] for line in whole.splitlines()] == listed, name
        assert listed, name


def test_a_narrowed_token_follows_the_same_rows(world: World) -> None:
    both(world)
    key = narrowed(world, "auditor", units="ADVP")
    followed = [one.name for one in COLLECTIONS if one.feed and one.name in OF_UNITS]

    for name in followed:
        listed = {item["id"] for item in ask(key, name).json()["items"]}
        changes = ask(key, f"{name}?changedSince=start").json()
        assert {item["id"] for item in changes["items"]} == listed, name
    assert {"measurements", "indicators", "amendments"} <= set(followed)


def test_a_token_that_names_a_minister_reads_no_questions_of_another(world: World) -> None:
    common = world.unit("P", "BZ")
    common.kind = UnitKind.STAFF_DIRECTORATE
    common.save()
    objective = world.objective("P", "P")
    for minister in ("BZ", "AM"):
        world.question(objective, minister=minister)

    def asked(ministers: str) -> int:
        key = narrowed(world, "auditor", units=common.code, ministers=ministers)
        return len(ask(key, "questions").json()["items"])

    assert (asked(""), asked("BZ"), asked("AM")) == (2, 1, 1)


def test_a_token_never_widens_what_its_user_reads(world: World) -> None:
    world.objective("DRAFT", "ADVP", state="draft")
    indicator = world.indicator("I1", "ADVP")
    world.link(world.objective("O1", "ADVP"), indicator)
    world.figure(indicator, "2026-T1", "1", day="2026-04-02")
    key = narrowed(world, "other cabinet", units="ADVP", ministers="BZ")

    assert codes(ask(key, "operationalObjectives")) == ["O1"]
    assert codes(ask(key, "measurements")) == []
    assert codes(ask(key, "indicators")) == ["I1"]


def test_what_lies_outside_is_404_and_of_an_unknown_unit_nothing_is_left(world: World) -> None:
    outside = world.objective("OUT", "DVZ")
    inside = world.objective("IN", "ADVP")
    token = ApiToken.objects.get(
        pk=token_create(user=world.users["auditor"], name="t", units=[outside.uuid])[0].pk
    )

    key = narrowed(world, "auditor", units="ADVP")
    assert ask(key, f"operationalObjectives/{outside.uuid}").status_code == 404
    assert ask(key, f"operationalObjectives/{inside.uuid}").status_code == 200

    account = token.user
    account.acts_with = token
    assert access_of(account).only_unit_ids == frozenset()


@pytest.mark.parametrize("units", [(), ("ADVP",)])
@pytest.mark.parametrize("ministers", [(), ("BZ",)])
def test_what_a_token_reaches_is_read_back_from_a_cursor(
    world: World, units: tuple[str, ...], ministers: tuple[str, ...]
) -> None:
    account = world.users["auditor"]
    account.acts_with, _key = token_create(
        user=account,
        name="t",
        units=[world.units[code].uuid for code in units],
        ministers=[world.ministers[code].uuid for code in ministers],
    )

    then = user_with(account, rights_told(account))

    assert then is not None and access_of(then) == access_of(account)


def test_two_tokens_of_one_user_keep_apart_in_one_process(world: World) -> None:
    both(world)
    narrow, wide = narrowed(world, "auditor", units="DVZ"), narrowed(world, "auditor")

    for _again in range(2):
        assert seen(narrow, "indicators") == {"DVZ"}
        assert seen(wide, "indicators") == {"ADVP", "DVZ"}


def test_a_read_token_writes_nothing_and_is_told_which_scope_it_lacks(writer: Writer) -> None:
    planner = writer.ministry.users["planner_adcv"]
    writer.keys["planner_adcv"] = token_create(user=planner, name="reads")[1]

    response = writer.post("operationalObjectives", objective_body())

    assert response.status_code == 403
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "write" in response.json()["detail"]


def test_a_write_stays_within_the_narrowing(writer: Writer) -> None:
    ministry = writer.ministry
    planner = ministry.users["planner_adcv"]

    for unit, status in ((ministry.dvz, 403), (ministry.adcv, 201)):
        writer.keys["planner_adcv"] = token_create(
            user=planner, name=unit.code, scopes=["write"], units=[unit.uuid]
        )[1]
        response = writer.post("operationalObjectives", objective_body())
        assert response.status_code == status, response.content


def test_a_browser_writes_with_its_session_and_the_csrf_token_only(writer: Writer) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(writer.ministry.users["planner_adcv"])
    body = json.dumps(objective_body())

    def send(**headers: str) -> int:
        return browser.post(
            "/api/v1/operationalObjectives", body, "application/json", headers=headers
        ).status_code

    assert send() == 403
    browser.cookies["csrftoken"] = "a" * 32
    assert send(**{"X-CSRFToken": "a" * 32}) == 201


def test_the_last_use_is_noted_once_a_minute(world: World) -> None:
    token, key = token_create(user=world.users["auditor"], name="t")

    def used_after(seconds: int) -> Any:
        before = timezone.now() - timedelta(seconds=seconds)
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=before)
        assert ask(key, "goals").status_code == 200
        token.refresh_from_db()
        return token.last_used_at != before

    assert not used_after(50)
    assert used_after(61)


def test_a_rotated_key_works_on_for_a_day_and_the_new_one_may_do_the_same(world: World) -> None:
    auditor = world.users["auditor"]
    token, key = token_create(
        user=auditor, name="t", scopes=["write"], units=[world.units["ADVP"].uuid]
    )

    new, new_key = token_rotate(actor=auditor, token=token)

    token.refresh_from_db()
    assert token.expires_at is not None and new.expires_at is not None
    assert timedelta(hours=23) < token.expires_at - timezone.now() <= timedelta(hours=24)
    assert new.expires_at - timezone.now() > timedelta(days=364)
    assert (new.scopes, new.unit_uuids, new.replaces) == (
        ["read", "write"],
        [str(world.units["ADVP"].uuid)],
        token,
    )
    assert ask(key, "goals").status_code == ask(new_key, "goals").status_code == 200
    with pytest.raises(DomainError):
        token_rotate(actor=auditor, token=token)


def test_a_key_that_was_revoked_meanwhile_is_not_rotated(world: World) -> None:
    auditor = world.users["auditor"]
    stale, _key = token_create(user=auditor, name="t")
    token_revoke(actor=auditor, token=ApiToken.objects.get())

    with pytest.raises(DomainError):
        token_rotate(actor=auditor, token=stale)


@pytest.mark.parametrize("days", [0, -1, LIFE_MAX_DAYS + 1])
def test_a_life_that_is_over_or_too_long_is_refused(world: World, days: int) -> None:
    ends = timezone.now() + timedelta(days=days, minutes=1 if days > 0 else -1)

    with translation.override("en"), pytest.raises(DomainError) as refused:
        token_create(user=world.users["auditor"], name="t", expires_at=ends)

    assert refused.value.field == "expires_at"
    assert str(LIFE_MAX_DAYS) in refused.value.message


def test_the_key_is_kept_nowhere(world: World) -> None:
    token, key = token_create(user=world.users["auditor"], name="t")

    told = json.dumps(
        [list(ApiToken.objects.values()), list(HistoryEntry.objects.values("changes"))], default=str
    )
    assert key not in told and key.startswith(token.prefix)
    found = token_find(key=key)
    assert found is not None and isinstance(found.user, User)
    assert get_user_model() is User
