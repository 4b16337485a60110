"""Statuses: computed, by both clocks, for who may see what they are about."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from objectives.indicators.models import Indicator, Obligation
from objectives.planning.models import OperationalObjective, OperationalPlan, StatusOverride
from tests.api.conftest import Get, World, codes, moment

pytestmark = pytest.mark.urls("tests.api.urlconf")

AT_JUNE = {"year": "2026", "referenceDate": "2026-06-30"}


@pytest.fixture
def objective(world: World) -> OperationalObjective:
    """O1 with I1: from 0 on 1 January to 12 on 31 December 2026, and 3 on 30 June."""
    made = world.objective("O1", "ADVP")
    indicator = world.indicator(
        "I1", "ADVP", frequency="S", baseline=Decimal(0), baseline_date=date(2025, 12, 31)
    )
    world.link(made, indicator)
    world.target(indicator, "12", day="2026-01-02", due="2026-12-31")
    Obligation.objects.create(
        indicator=indicator,
        period_start=date(2026, 1, 1),
        resolution="S",
        period_end=date(2026, 6, 30),
        due_on=date(2026, 7, 15),
        known_from=moment("2026-01-02"),
    )
    world.figure(indicator, "2026-S1", "3", day="2026-07-02")
    return made


def test_an_indicator_has_its_figures_and_its_explanation(
    world: World, get: Get, objective: OperationalObjective
) -> None:
    item = get("planner", "statuses", kind="indicator", **AT_JUNE).json()["items"][0]

    # By hand: 181 of 365 days gone, so 12 x 181/365 = 5.9507 expected. D = max(5.9507, 3);
    # 1 + (3 - 5.9507) / 5.9507 = 0.5041, below 0.70.
    assert item["kind"] == "indicator"
    assert (item["code"], item["indicator"]["code"]) == ("I1", "I1")
    assert item["status"] == "offTrack"
    assert (item["actual"], item["expected"], item["attainment"]) == (3, 5.9507, 0.5041)
    assert item["measuredTo"] == "2026-06-30"
    assert (item["stale"], item["provisional"]) == (False, True)
    assert (item["year"], item["referenceDate"], item["ruleVersion"]) == (2026, "2026-06-30", 1)
    steps = {step["code"]: step["values"] for step in item["steps"]}
    assert steps["thresholds"]["status"] == "offTrack"
    assert steps["actual"]["value"] == "3"
    assert "asOf" not in item


def test_an_objective_rolls_its_indicators_up(
    world: World, get: Get, objective: OperationalObjective
) -> None:
    items = get("planner", "statuses", **AT_JUNE).json()["items"]

    assert [item["code"] for item in items] == ["I1", "O1"]
    rolled = items[1]
    assert rolled["kind"] == "operationalObjective"
    assert (rolled["status"], rolled["attainment"]) == ("offTrack", 0.5041)
    assert rolled["operationalObjective"]["id"] == rolled["id"] == str(objective.uuid)
    assert "actual" not in rolled


def test_as_of_takes_the_figure_away_again(
    world: World, get: Get, objective: OperationalObjective
) -> None:
    moment = "2026-07-01T00:00:00Z"

    item = get("planner", "statuses", kind="indicator", asOf=moment, **AT_JUNE).json()["items"][0]

    assert item["status"] in ("notStarted", "noData")
    assert item["asOf"] == moment
    assert "actual" not in item


def test_who_sees_no_provisional_figures_gets_no_status_from_them(
    world: World, get: Get, objective: OperationalObjective
) -> None:
    own = get("cabinet", "statuses", kind="indicator", **AT_JUNE).json()["items"][0]
    other = get("other cabinet", "statuses", kind="indicator", **AT_JUNE).json()["items"][0]

    assert own["actual"] == 3
    assert "actual" not in other


def test_only_what_the_caller_sees_has_a_status(world: World, get: Get) -> None:
    draft = world.objective("DRAFT", "ADVP", state="draft")
    world.link(draft, world.indicator("HIDDEN", "ADVP", released=False))
    done = world.objective("DONE", "ADVP")
    world.link(done, world.indicator("OPEN", "ADVP", is_submitted=True))
    secret = world.indicator("SECRET", "ADVP", is_confidential=True)
    world.link(done, secret)
    world.indicator("UNUSED", "ADVP")

    seen = {user: codes(get(user, "statuses", year="2026")) for user in world.users}

    assert seen == {
        "planner": ["DONE", "DRAFT", "HIDDEN", "OPEN", "SECRET"],
        "other planner": ["DONE", "OPEN"],
        "cabinet": ["DONE", "OPEN", "SECRET"],
        "other cabinet": ["DONE", "OPEN"],
        "corporate": ["DONE", "OPEN"],
        "auditor": ["DONE", "DRAFT", "HIDDEN", "OPEN", "SECRET"],
    }
    assert get("cabinet", f"statuses/{draft.uuid}").status_code == 404
    assert get("other cabinet", f"statuses/{secret.uuid}?year=2026").status_code == 404
    assert get("cabinet", f"statuses/{secret.uuid}?year=2026").status_code == 200


def test_the_judgement_of_the_head_stands_beside_the_computed_status(
    world: World, get: Get, objective: OperationalObjective
) -> None:
    def judge(status: str, *, day: str) -> None:
        StatusOverride.objects.create(
            objective=objective,
            status=status,
            reason="Aanbesteding hersteld",
            holds_from=date(2026, 6, 1),
            recorded_at=moment(day),
            recorded_by=world.users["planner"],
        )

    def read(**query: str) -> Any:
        kind = {"kind": "operationalObjective", "year": "2026"}
        return get("cabinet", "statuses", **{**kind, "referenceDate": "2026-06-30", **query}).json()

    judge("on_track", day="2026-07-05")
    item = read()["items"][0]
    assert item["status"] == "offTrack"
    assert item["override"] == {
        "status": "onTrack",
        "reason": "Aanbesteding hersteld",
        "holdsFrom": "2026-06-01",
        "recordedAt": "2026-07-05T10:00:00Z",
    }
    assert "override" not in read(asOf="2026-07-04")["items"][0]
    assert "override" not in read(referenceDate="2026-05-31")["items"][0]
    judge("", day="2026-08-01")
    assert "override" not in read()["items"][0]
    assert read(asOf="2026-07-31")["items"][0]["override"]["status"] == "onTrack"


def test_the_version_of_the_rules_can_be_named(
    world: World, get: Get, objective: OperationalObjective
) -> None:
    path = f"statuses/{objective.uuid}"
    assert get("auditor", path, ruleVersion="1").json()["ruleVersion"] == 1
    assert codes(get("auditor", "statuses", ruleVersion="1", **AT_JUNE)) == ["I1", "O1"]
    assert get("auditor", path, ruleVersion="99").status_code == 400


def test_what_was_not_there_yet_has_no_status_then(
    world: World, get: Get, objective: OperationalObjective
) -> None:
    assert codes(get("auditor", "statuses", asOf="2025-12-21", **AT_JUNE)) == ["I1", "O1"]
    assert codes(get("auditor", "statuses", asOf="2025-12-19", **AT_JUNE)) == []
    assert get("auditor", f"statuses/{objective.uuid}", asOf="2025-12-19").status_code == 404


def test_filters_name_a_unit_an_objective_or_an_indicator(world: World, get: Get) -> None:
    first, second = world.objective("O1", "ADVP"), world.objective("O2", "DVZ")
    shared, own = world.indicator("I1", "ADVP"), world.indicator("I2", "DVZ")
    for objective, indicator in ((first, shared), (second, shared), (second, own)):
        world.link(objective, indicator)

    def found(**query: str) -> list[str]:
        return codes(get("auditor", "statuses", year="2026", **query))

    assert found() == ["I1", "I2", "O1", "O2"]
    assert found(unit="DVZ") == ["I2", "O2"]
    assert found(kind="operationalObjective", sort="-code") == ["O2", "O1"]
    assert found(operationalObjective="O1") == ["I1", "O1"]
    assert found(operationalObjective=str(second.uuid), kind="indicator") == ["I1", "I2"]
    assert found(indicator="I2") == ["I2", "O2"]
    assert found(indicator=str(shared.uuid)) == ["I1", "O1", "O2"]
    assert found(sort="unit,-kind") == ["O1", "I1", "O2", "I2"]
    page = get("auditor", "statuses", year="2026", pageSize="3", page="2").json()
    assert ([item["code"] for item in page["items"]], page["total"]) == (["O2"], 4)


def test_the_year_is_by_default_the_one_in_force_on_the_reference_date(
    world: World, get: Get
) -> None:
    world.objective("NOW", "ADVP")
    world.year = OperationalPlan.objects.create(plan=world.plan, year=2025, state="closed")
    past = world.objective("PAST", "ADVP")
    world.year = OperationalPlan.objects.create(plan=world.plan, year=2027, state="draft")
    world.objective("NEXT", "ADVP")

    assert codes(get("auditor", "statuses", referenceDate="2026-03-01")) == ["NOW"]
    assert codes(get("auditor", "statuses", referenceDate="2027-03-01")) == ["NOW"]
    assert codes(get("auditor", "statuses", referenceDate="2025-03-01")) == ["PAST"]
    assert codes(get("auditor", "statuses", year="2027")) == ["NEXT"]
    assert get("auditor", f"statuses/{past.uuid}").json()["year"] == 2025
    assert get("auditor", f"statuses/{past.uuid}?year=2026").status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("year", "0"),
        ("year", "2026.5"),
        ("kind", "werf"),
        ("sort", "status"),
        ("ruleVersion", "0"),
        ("ruleVersion", "99"),
        ("ruleVersion", "1.0"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(world: World, get: Get, name: str, value: str) -> None:
    response = get("auditor", "statuses", **{name: value})

    assert response.status_code == 400
    assert response.json()["issues"][0]["name"] == name


def test_without_any_plan_there_is_nothing(world: World, get: Get) -> None:
    world.year.delete()
    indicator: Indicator = world.indicator("I1", "ADVP")

    assert get("auditor", "statuses").json()["items"] == []
    assert get("auditor", f"statuses/{indicator.uuid}").status_code == 404


@pytest.mark.parametrize("address", ["/api/v1", "/api/v1/"])
def test_the_way_in_lists_every_collection(world: World, address: str) -> None:
    response = Client().get(address)

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    listed = {entry["name"]: entry["href"] for entry in response.json()["collections"]}
    assert listed["statuses"] == "http://testserver/api/v1/statuses"
    client = Client()
    client.force_login(world.users["auditor"])
    for href in [*listed.values(), response.json()["openapi"]]:
        assert client.get(href.removeprefix("http://testserver")).status_code == 200
    assert Client().get(address, {"x": "1"}).status_code == 400
