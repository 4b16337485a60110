"""Who may ask, and what each role sees."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ibzplan.core.services import token_create
from personnel.models import User
from tests.api.conftest import Get, World, codes

pytestmark = pytest.mark.urls("tests.api.urlconf")


@pytest.mark.parametrize("header", ["", "Bearer nonsense", "Bearer ", "Bearer \xe9", "Basic eDp5"])
def test_without_a_good_token_the_answer_is_401_with_a_challenge(world: World, header: str) -> None:
    response = Client().get("/api/v1/indicators", headers={"Authorization": header})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 401


def test_a_bad_token_is_told_apart_from_none(world: World) -> None:
    bad = Client().get("/api/v1/indicators", headers={"Authorization": "Bearer x"}).json()
    none = Client().get("/api/v1/indicators").json()

    assert bad["type"].endswith(":invalidAccessToken")
    assert none["type"].endswith(":noAccessToken")


def test_expired_revoked_and_inactive_clients_are_refused(world: World) -> None:
    now = timezone.now()
    expired_token, expired = token_create(user=world.users["auditor"], name="a")
    expired_token.expires_at = now
    expired_token.save()
    revoked_token, revoked = token_create(user=world.users["auditor"], name="b")
    revoked_token.revoked_at = now - timedelta(days=1)
    revoked_token.save()
    gone = User.objects.create(username="gone", is_active=False)
    inactive = token_create(user=gone, name="c")[1]

    for key in (expired, revoked, inactive):
        response = Client().get("/api/v1/goals", headers={"Authorization": f"Bearer {key}"})
        assert response.status_code == 401


def test_a_signed_in_browser_needs_no_token(world: World) -> None:
    client = Client()
    client.force_login(world.users["auditor"])

    assert client.get("/api/v1/goals").status_code == 200


def test_drafts_are_for_their_unit_and_auditors(world: World, get: Get) -> None:
    world.objective("DRAFT", "ADVP", state="draft")
    world.objective("SENT", "ADVP", state="submitted")
    world.objective("DONE", "ADVP", state="approved")

    seen = {user: codes(get(user, "operationalObjectives")) for user in world.users}

    assert seen == {
        "planner": ["DONE", "DRAFT", "SENT"],
        "other planner": ["DONE"],
        "cabinet": ["DONE"],
        "other cabinet": ["DONE"],
        "corporate": ["DONE", "SENT"],
        "auditor": ["DONE", "DRAFT", "SENT"],
    }


def test_a_hidden_objective_answers_404_like_one_that_is_not_there(world: World, get: Get) -> None:
    draft = world.objective("DRAFT", "ADVP", state="draft")

    assert get("planner", f"operationalObjectives/{draft.uuid}").status_code == 200
    assert get("cabinet", f"operationalObjectives/{draft.uuid}").status_code == 404


def test_cabinets_see_provisional_figures_of_their_own_minister_only(
    world: World, get: Get
) -> None:
    indicator = world.indicator("I1", "ADVP")
    world.figure(indicator, "2026-T1", "1", day="2026-04-02")
    validated = world.figure(indicator, "2026-T2", "2", day="2026-07-02")
    world.validate(validated, day="2026-07-03")

    own = get("cabinet", "measurements").json()["items"]
    other = get("other cabinet", "measurements").json()["items"]

    assert [(i["period"], i["provisional"]) for i in own] == [("2026-T1", True), ("2026-T2", False)]
    assert [i["period"] for i in other] == ["2026-T2"]


def test_confidential_indicators_stay_out_of_lists_links_and_figures(
    world: World, get: Get
) -> None:
    objective = world.objective("O1", "ADVP")
    secret = world.indicator("SECRET", "ADVP", is_confidential=True)
    world.link(objective, world.indicator("OPEN", "ADVP"))
    world.link(objective, secret)
    world.figure(secret, "2026-T1", "1", day="2026-04-02")
    world.target(secret, "9", day="2026-01-02", due="2026-12-31")

    def seen(user: str) -> list[list[str]]:
        linked = get(user, "operationalObjectives").json()["items"][0]["indicators"]
        lists = [codes(get(user, name)) for name in ("indicators", "measurements", "targets")]
        return [*lists, [item["code"] for item in linked]]

    assert seen("cabinet") == [["OPEN", "SECRET"], ["SECRET"], ["SECRET"], ["OPEN", "SECRET"]]
    assert seen("other cabinet") == [["OPEN"], [], [], ["OPEN"]]


def test_cabinets_do_not_learn_of_plans_in_draft(world: World, get: Get) -> None:
    world.year.state = "draft"
    world.year.save()

    assert get("cabinet", "operationalPlans").json()["total"] == 0
    assert get("planner", "operationalPlans").json()["total"] == 1


def test_a_user_without_a_role_reads_the_public_plan_and_no_figures(world: World, get: Get) -> None:
    world.users["nobody"] = User.objects.create(username="nobody")
    world.figure(world.indicator("I1", "ADVP"), "2026-T1", "1", day="2026-04-02")
    world.objective("O1", "ADVP")

    assert get("nobody", "goals").json()["total"] == 1
    for name in ("indicators", "measurements", "operationalObjectives", "operationalPlans"):
        assert get("nobody", name).json()["total"] == 0
