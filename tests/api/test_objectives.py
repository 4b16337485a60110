"""Operational objectives in the API, as they stood at a moment."""

from datetime import date
from typing import Any

import pytest

from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import record_change
from objectives.planning.models import (
    CoOwner,
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    Risk,
)
from objectives.strategy.models import Activity, Milestone
from personnel.models import ManagementFunction, OrganisationUnit
from tests.api.conftest import Get, World, codes, moment, text

pytestmark = pytest.mark.urls("tests.api.urlconf")


def test_an_objective_says_what_it_said_then(world: World, get: Get) -> None:
    objective = world.objective("O1", "ADVP")
    director = ManagementFunction.objects.create(
        code="ADVP-DG", unit=objective.unit, title=text("Directeur"), level="n-1"
    )
    record_change(
        actor=None,
        target=objective,
        values={
            "title": text("Nieuwe titel"),
            "holder": director,
            "state": "closed",
            "waits_for": "",
        },
        at=moment("2026-05-01"),
    )

    def title(**query: str) -> tuple[str, str | None, str]:
        item = get("cabinet", "operationalObjectives", **query).json()["items"][0]
        one = get("cabinet", f"operationalObjectives/{objective.uuid}", **query).json()
        assert one == item
        holder = item.get("holder", {}).get("code")
        return item["title"]["nl"], holder, item["state"]

    assert title() == ("Nieuwe titel", "ADVP-DG", "closed")
    assert title(asOf="2026-04-30") == ("Objective O1", None, "approved")
    assert title(asOf="2026-05-01T10:00:00Z") == title()


def test_the_means_are_those_of_then_in_both_languages(world: World, get: Get) -> None:
    objective = world.objective("O1", "ADVP")
    record_change(
        actor=None,
        target=objective,
        values={"means": LocalisedText({"nl": "4 VTE; dotatie", "fr": "4 ETP ; dotation"})},
        at=moment("2026-05-01"),
    )

    def item(**query: str) -> Any:
        return get("cabinet", "operationalObjectives", **query).json()["items"][0]

    assert item()["means"] == {"nl": "4 VTE; dotatie", "fr": "4 ETP ; dotation"}
    assert "means" not in item(asOf="2026-04-30")


def test_weights_and_links_are_those_of_then(world: World, get: Get) -> None:
    objective, indicator = world.objective("O1", "ADVP"), world.indicator("I1", "ADVP")
    world.link(objective, indicator)
    changed = moment("2026-03-01")
    ObjectiveIndicator.objects.update(known_until=changed)
    ObjectiveIndicator.objects.create(
        objective=objective,
        indicator=indicator,
        weight=3,
        is_key=True,
        known_from=changed,
        known_until=moment("2026-09-01"),
    )

    def links(**query: str) -> list[tuple[str, int, bool]]:
        item = get("auditor", "operationalObjectives", **query).json()["items"][0]
        return [(link["code"], link["weight"], link["key"]) for link in item["indicators"]]

    def using(**query: str) -> list[str]:
        return codes(get("auditor", "operationalObjectives", indicator="I1", **query))

    assert links(asOf="2026-02-28") == [("I1", 1, False)]
    assert links(asOf="2026-03-01T10:00:00Z") == [("I1", 3, True)]
    assert links() == []
    assert (using(asOf="2026-03-02"), using()) == (["O1"], [])


def test_the_filter_by_indicator_betrays_no_confidential_one(world: World, get: Get) -> None:
    secret = world.indicator("SECRET", "ADVP", is_confidential=True)
    world.link(world.objective("O1", "ADVP"), secret)

    assert codes(get("cabinet", "operationalObjectives", indicator="SECRET")) == ["O1"]
    for name in ("SECRET", str(secret.uuid)):
        assert codes(get("other cabinet", "operationalObjectives", indicator=name)) == []


def test_a_draft_of_then_stays_readable_to_its_unit_only(world: World, get: Get) -> None:
    objective = world.objective("O1", "ADVP", state="draft")
    OperationalObjective.objects.update(created_at=moment("2025-11-01"))
    for state, day in (("submitted", "2025-12-01"), ("approved", "2025-12-20")):
        approved_at = moment(day) if state == "approved" else None
        record_change(
            actor=None,
            target=objective,
            values={
                "state": state,
                "waits_for": "committee" if state == "submitted" else "",
                "approved_at": approved_at,
            },
            at=moment(day),
        )

    def states(user: str, day: str) -> list[str]:
        items = get(user, "operationalObjectives", asOf=day).json()["items"]
        rows = get(user, "statuses", year="2026", asOf=day).json()["items"]
        assert len(rows) == len(items)
        return [item["state"] for item in items]

    for user in ("planner", "auditor"):
        assert states(user, "2025-10-31") == []
        assert states(user, "2025-11-15") == ["draft"], user
        assert states(user, "2025-12-10") == ["submitted"]
    assert states("corporate", "2025-11-15") == []
    assert states("corporate", "2025-12-10") == ["submitted"]
    assert states("corporate", "2025-12-21") == ["approved"]
    for user in ("cabinet", "other planner"):
        assert states(user, "2025-11-15") == states(user, "2025-12-10") == [], user
        assert states(user, "2025-12-21") == ["approved"]


def test_what_an_objective_contributed_to_then(world: World, get: Get) -> None:
    world.objective("O1", "ADVP")
    ObjectiveSecurityLink.objects.update(known_until=moment("2026-05-01"))

    def linked(**query: str) -> list[str]:
        item = get("cabinet", "operationalObjectives", **query).json()["items"][0]
        return [one["code"] for one in item["securityObjectives"]]

    def found(**query: str) -> list[str]:
        return codes(get("cabinet", "operationalObjectives", securityObjective="V1", **query))

    assert (linked(asOf="2026-04-30"), found(asOf="2026-04-30")) == (["V1"], ["O1"])
    assert (linked(), found()) == ([], [])


def test_a_plan_is_as_it_stood_then(world: World, get: Get) -> None:
    record_change(
        actor=None, target=world.year, values={"state": "closed"}, at=moment("2026-05-01")
    )

    def states(user: str, **query: str) -> list[str]:
        items = get(user, "operationalPlans", **query).json()["items"]
        return [item["state"] for item in items]

    assert states("cabinet") == ["closed"]
    assert states("cabinet", asOf="2026-04-30") == ["approved"]
    assert states("auditor", asOf="2024-12-31") == []
    one = get("cabinet", f"operationalPlans/{world.year.uuid}", asOf="2026-04-30").json()
    assert one["state"] == "approved"
    record_change(actor=None, target=world.year, values={"state": "draft"}, at=moment("2026-05-02"))
    record_change(
        actor=None, target=world.year, values={"state": "approved"}, at=moment("2026-05-03")
    )
    assert states("cabinet", asOf="2026-05-02T12:00:00Z") == []
    assert states("auditor", asOf="2026-05-02T12:00:00Z") == ["draft"]


def test_who_answers_for_an_objective_and_what_hung_below_it_then(world: World, get: Get) -> None:
    objective = world.objective("O1", "ADVP")
    part = OrganisationUnit.objects.create(code="ADVP-1", kind="service", parent=objective.unit)
    spring, summer = moment("2026-03-01"), moment("2026-07-01")
    CoOwner.objects.create(objective=objective, unit=world.units["DVZ"], known_from=spring)
    activity = Activity.objects.create(
        target_type=OperationalObjective.type_name(),
        target_uuid=objective.uuid,
        kind="project",
        title=text("Opleiden"),
        known_from=spring,
    )
    milestone = Milestone.objects.create(
        activity=activity, title=text("Eerste les"), due_on=date(2026, 6, 30), known_from=spring
    )
    risk = Risk.objects.create(
        objective=objective,
        title=text("Uitval"),
        likelihood=4,
        impact=3,
        response="reduce",
        known_from=spring,
    )
    record_change(
        actor=None,
        target=objective,
        values={"sub_unit": part, "origin": "policy_note", "origin_reference": "p. 12"},
        at=summer,
    )
    record_change(actor=None, target=milestone, values={"done_on": date(2026, 6, 29)}, at=summer)
    record_change(actor=None, target=risk, values={"impact": 5}, at=summer)

    def item(day: str) -> Any:
        return get("cabinet", "operationalObjectives", asOf=day).json()["items"][0]

    winter = item("2026-02-28")
    assert (winter["coOwners"], winter["activities"], winter["risks"]) == ([], [], [])
    then = item("2026-04-01")
    assert "subUnit" not in then
    assert "origin" not in then
    assert [one["code"] for one in then["coOwners"]] == ["DVZ"]
    assert then["activities"][0]["milestones"] == [
        {"id": str(milestone.uuid), "title": {"nl": "Eerste les"}, "dueOn": "2026-06-30"}
    ]
    assert (then["risks"][0]["impact"], then["risks"][0]["score"]) == (3, 12)
    now = item("2026-07-02")
    assert (now["subUnit"]["code"], now["origin"], now["originReference"]) == (
        "ADVP-1",
        "policyNote",
        "p. 12",
    )
    assert now["activities"][0]["milestones"][0]["doneOn"] == "2026-06-29"
    assert now["risks"][0]["score"] == 20
