"""Operational objectives through the API: drafts made and changed by the rules of the pages."""

from datetime import date
from typing import Any

import pytest

from ibzplan.core.models import HistoryEntry
from objectives.planning.models import OperationalObjective
from objectives.planning.services import objective_update
from objectives.planning.services.table import sheet_as_stored
from tests.api.writers import Writer, issues, objective_body
from tests.factories import Ministry, function_of, text

pytestmark = pytest.mark.urls("tests.api.urlconf")


def history(objective: OperationalObjective) -> list[tuple[str, dict[str, Any]]]:
    rows = HistoryEntry.objects.filter(target_uuid=objective.uuid).order_by("at", "pk")
    return [(row.action, row.changes) for row in rows]


def test_a_draft_is_made_with_all_that_the_form_asks(writer: Writer) -> None:
    body = objective_body(
        description={"nl": "Hoe"},
        holder="ADCV-DG",
        startsOn="2026-02-01",
        origin="policyNote",
        originReference="blz. 12",
        coOwners=["DVZ"],
    )

    response = writer.post("operationalObjectives", body)

    item = response.json()
    assert response.status_code == 201, response.content
    assert response.headers["Location"] == item["href"]
    assert response.headers["ETag"] == writer.get(f"operationalObjectives/{item['id']}")["ETag"]
    assert (item["code"], item["state"], item["startsOn"]) == ("2.6.1", "draft", "2026-02-01")
    assert (item["endsOn"], item["origin"]) == ("2026-12-31", "policyNote")
    assert [unit["code"] for unit in item["coOwners"]] == ["DVZ"]
    assert item["holder"]["code"] == "ADCV-DG"
    stored = OperationalObjective.objects.get(uuid=item["id"])
    assert stored.holder == function_of("ADCV")


def test_the_history_is_that_of_the_page(writer: Writer, ministry: Ministry) -> None:
    by_page = ministry.objective(title="Noodcentrales bezetten")
    by_api = writer.post(
        "operationalObjectives",
        objective_body(
            title={"nl": "Noodcentrales bezetten", "fr": "Exécuter Noodcentrales bezetten"},
            holder=str(function_of("ADCV").uuid),
        ),
    ).json()

    made = OperationalObjective.objects.get(uuid=by_api["id"])

    assert [action for action, _changes in history(made)] == ["created"]
    assert history(made)[0][1]["title"] == history(by_page)[0][1]["title"]
    entry = HistoryEntry.objects.get(target_uuid=made.uuid)
    assert entry.actor == ministry.users["planner_adcv"]
    assert entry.at == made.created_at


def test_a_patch_changes_what_it_names_and_nothing_else(writer: Writer, ministry: Ministry) -> None:
    objective = ministry.objective(description=text("Hoe", "Comment"))
    path = f"operationalObjectives/{objective.uuid}"

    response = writer.patch(
        path,
        {"title": {"fr": "Mieux"}, "description": None, "holder": None, "endsOn": "2026-06-30"},
        content_type="application/merge-patch+json",
    )

    item = response.json()
    assert response.status_code == 200, response.content
    assert item["title"] == {"nl": "Masterplan NCU uitvoeren", "fr": "Mieux"}
    assert "description" not in item and "holder" not in item
    assert (item["startsOn"], item["endsOn"]) == ("2026-01-01", "2026-06-30")
    assert response.headers["ETag"] == writer.get(path).headers["ETag"]
    objective.refresh_from_db()
    # As in the form: a text that was left as it was is outdated by the other one.
    assert objective.title.state("nl") == "outdated"
    assert [action for action, _changes in history(objective)] == ["created", "changed"]


def test_an_answer_is_in_the_language_that_is_asked_for(writer: Writer, ministry: Ministry) -> None:
    path = f"operationalObjectives/{ministry.objective().uuid}"

    told = writer.patch(path, {"endsOn": "2026-11-30"}, Accept_Language="fr")

    assert list(told.json()["title"]) == ["fr"]
    assert told.headers["Content-Language"] == "fr"
    # The tag is that of the whole resource, in whatever language it was shown.
    assert writer.patch(path, {}, If_Match=told.headers["ETag"]).status_code == 200


def test_without_if_match_nothing_changes(writer: Writer, ministry: Ministry) -> None:
    path = f"operationalObjectives/{ministry.objective().uuid}"

    response = writer.send("planner_adcv", "PATCH", path, {"endsOn": "2026-06-30"})

    assert response.status_code == 428
    assert response.headers["Content-Type"] == "application/problem+json"


def test_who_read_an_earlier_state_is_told_the_present_one(
    writer: Writer, ministry: Ministry
) -> None:
    objective = ministry.objective()
    path = f"operationalObjectives/{objective.uuid}"
    read = writer.get(path).headers["ETag"]
    objective_update(
        actor=ministry.users["head_adcv"],
        objective=objective,
        sheet=sheet_as_stored(objective),
        expected_version=objective.version,
        co_owners=[ministry.dvz],
    )

    refused = writer.patch(path, {"endsOn": "2026-06-30"}, If_Match=read)

    assert refused.status_code == 412
    assert refused.headers["ETag"] == writer.get(path).headers["ETag"] != read
    assert OperationalObjective.objects.get().ends_on == date(2026, 12, 31)
    again = writer.patch(path, {"endsOn": "2026-06-30"}, If_Match=refused.headers["ETag"])
    assert again.status_code == 200


def test_if_match_takes_weak_tags_lists_and_any(writer: Writer, ministry: Ministry) -> None:
    path = f"operationalObjectives/{ministry.objective().uuid}"

    for month, form in enumerate(("W/{etag}", '"x", {etag}', "*"), start=1):
        wanted = form.format(etag=writer.get(path).headers["ETag"])
        told = writer.patch(path, {"startsOn": f"2026-{month:02}-02"}, If_Match=wanted)
        assert told.status_code == 200, told.content


def test_what_is_in_force_is_changed_by_an_amendment(writer: Writer, ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)

    response = writer.patch(f"operationalObjectives/{objective.uuid}", {"endsOn": "2026-06-30"})

    assert response.status_code == 409
    assert response.json()["type"].endswith(":objective_in_force")
    added = writer.post(
        "indicators", {**_minimal_indicator(), "operationalObjective": objective.code}
    )
    assert added.status_code == 409


def _minimal_indicator() -> dict[str, Any]:
    return {
        "title": {"nl": "Aantal"},
        "unitOfMeasure": {"nl": "stuks"},
        "targetKind": "increase",
        "dataSource": {"nl": "Register"},
        "baseline": 1,
        "baselineDate": "2025-12-31",
        "target": {"value": 2},
    }


def test_all_faults_are_told_at_once(writer: Writer) -> None:
    response = writer.post(
        "operationalObjectives",
        {
            "year": "2026",
            "werf": "",
            "unit": 4,
            "startsOn": "2026-02-30",
            "origin": "hearsay",
            "goals": "D1",
            "title": {"nl": "x" * 201, "it": "Titolo"},
            "colour": "red",
        },
    )

    assert response.status_code == 400
    assert dict(issues(response)) == {
        "year": "2026",
        "werf": "",
        "unit": 4,
        "startsOn": "2026-02-30",
        "origin": "hearsay",
        "goals": "D1",
        "title.nl": "x" * 200,
        "title.it": "Titolo",
        "colour": "red",
    }
    assert not OperationalObjective.objects.exists()


def test_all_references_that_lead_nowhere_are_told_at_once(writer: Writer) -> None:
    response = writer.post(
        "operationalObjectives",
        objective_body(year=2044, werf="9.9", holder="NOBODY", goals=["D99"]),
    )

    assert response.status_code == 400
    assert dict(issues(response)) == {
        "year": 2044,
        "werf": "9.9",
        "holder": "NOBODY",
        "goals[0]": "D99",
    }
    kinds = {issue["type"].rpartition(":")[2] for issue in response.json()["issues"]}
    assert kinds == {"referencedResourceNotFound"}


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"title": {"nl": " "}}, "title"),
    ({"startsOn": "2027-01-01"}, "startsOn"),
    ({"startsOn": "2026-05-01", "endsOn": "2026-04-01"}, "endsOn"),
    ({"originReference": "blz. 1"}, "origin"),
    ({"holder": "DVZ-DG"}, "holder"),
    ({"coOwners": ["ADCV"]}, "coOwners"),
    ({"subUnit": "DVZ"}, "subUnit"),
]


def test_a_broken_rule_is_told_at_its_member(writer: Writer) -> None:
    told = [writer.post("operationalObjectives", objective_body(**more)) for more, _ in BROKEN]

    assert {response.status_code for response in told} == {400}
    assert [[name for name, _ in issues(one)] for one in told] == [[name] for _, name in BROKEN]


def test_null_cannot_empty_what_is_always_there(writer: Writer, ministry: Ministry) -> None:
    path = f"operationalObjectives/{ministry.objective().uuid}"

    response = writer.patch(path, {"startsOn": None, "title": None})

    assert response.status_code == 400
    assert [name for name, _value in issues(response)] == ["title", "startsOn"]
