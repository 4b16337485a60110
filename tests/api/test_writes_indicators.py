"""Indicators and targets through the API: definitions with their versions, targets that stay."""

from datetime import date
from typing import Any

import pytest

from ibzplan.core.models import HistoryEntry
from objectives.indicators.models import Indicator, IndicatorDefinition, Target
from objectives.planning.models import ObjectiveIndicator
from tests.api.writers import Writer, indicator_body, issues, measured
from tests.factories import Ministry
from tests.objectives.operations import REGIONS

pytestmark = pytest.mark.urls("tests.api.urlconf")


def history(indicator: Indicator) -> list[tuple[str, list[str]]]:
    rows = HistoryEntry.objects.filter(target_uuid=indicator.uuid).order_by("at", "pk")
    return [(row.action, sorted(row.changes)) for row in rows]


def test_an_indicator_is_made_as_by_the_page(writer: Writer, ministry: Ministry) -> None:
    objective = ministry.objective()
    by_page = ministry.indicator(objective)

    response = writer.post(
        "indicators",
        indicator_body(
            objective,
            target={"value": 95.5, "interim": [{"dueOn": "2026-06-30", "value": 90}]},
            weight=3,
            key=True,
            frequency="S",
            disaggregations=[
                {
                    "code": "region",
                    "title": {"nl": "Gewest"},
                    "addsUp": True,
                    "members": [
                        {"code": "bru", "title": {"nl": "Brussel"}},
                        {"code": "vl", "title": {"nl": "Vlaanderen"}},
                    ],
                }
            ],
        ),
    )

    item = response.json()
    assert response.status_code == 201, response.content
    assert response.headers["Location"] == item["href"]
    made = Indicator.objects.get(uuid=item["id"])
    assert (item["frequency"], item["baseline"], item["decimals"]) == ("S", 88, 1)
    assert [one["code"] for one in item["disaggregations"][0]["members"]] == ["bru", "vl"]
    link = ObjectiveIndicator.objects.get(indicator=made)
    assert (link.weight, link.is_key) == (3, True)
    assert [(t.due_on, t.value, t.is_final) for t in made.targets.all()] == [
        (date(2026, 6, 30), 90, False),
        (date(2026, 12, 31), made.targets.get(is_final=True).value, True),
    ]
    assert {str(row.period) for row in made.obligations.current()} == {"2026-S1", "2026-S2"}
    assert history(made) == history(by_page)


def test_an_ordinal_indicator_aims_at_a_level(writer: Writer, ministry: Ministry) -> None:
    objective = ministry.objective()
    levels = [{"nl": "Laag"}, {"nl": "Midden"}, {"nl": "Hoog"}]
    body = indicator_body(objective, targetKind="ordinal", levels=levels, decimals=0)
    del body["baseline"], body["baselineDate"]

    made = writer.post("indicators", {**body, "target": {"level": 2}})
    refused = writer.post("indicators", {**body, "target": {"value": 2}})

    assert made.status_code == 201, made.content
    assert [level["nl"] for level in made.json()["levels"]] == ["Laag", "Midden", "Hoog"]
    assert Target.objects.get(indicator__uuid=made.json()["id"]).level == 2
    assert issues(refused) == [("target.value", 2)]


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"target": {"value": 80}}, "target.value"),
    ({"target": {"value": 95, "dueOn": "2024-01-01"}}, "target.dueOn"),
    (
        {"target": {"value": 95, "interim": [{"dueOn": "2026-06-30", "value": 1}]}},
        "target.interim[0].value",
    ),
    (
        {"target": {"value": 95, "interim": [{"dueOn": "2026-06-30"}]}},
        "target.interim[0].value",
    ),
    ({"targetKind": "milestone", "baseline": None}, "target.value"),
    (
        {"targetKind": "range", "target": {"interim": [{"dueOn": "2026-06-30"}]}},
        "target.interim[0]",
    ),
    ({"baselineDate": None}, "baselineDate"),
    ({"ratio": True, "unitAggregation": "sum"}, "unitAggregation"),
    ({"tolerance": -1}, "tolerance"),
    ({"weight": 0}, "weight"),
    ({"frequency": "W"}, "frequency"),
    ({"derivedFrom": "NONE"}, "derivedFrom"),
    ({"disaggregations": [{"code": "A b"}]}, "disaggregations[0].code"),
]


def test_a_broken_rule_is_told_at_its_member(writer: Writer, ministry: Ministry) -> None:
    objective = ministry.objective()

    told = [writer.post("indicators", indicator_body(objective, **more)) for more, _ in BROKEN]

    assert {response.status_code for response in told} == {400}
    for response, (_more, name) in zip(told, BROKEN, strict=True):
        assert name in [found for found, _value in issues(response)]
    assert dict(issues(told[0])) == {"target.value": 80}
    assert not Indicator.objects.exists()


def test_another_definition_has_a_reason_and_a_first_day(
    writer: Writer, ministry: Ministry
) -> None:
    indicator = measured(ministry, disaggregations=[REGIONS])
    figure = {"indicator": indicator.code, "period": "2026-T1", "value": 90}
    writer.post("measurements", {**figure, "confirmedChecks": ["breakdownIncomplete"]})
    path = f"indicators/{indicator.uuid}"
    change = {"definition": {"nl": "Zo geteld."}, "tolerance": 1.5}

    unexplained = writer.patch(path, change)
    done = writer.patch(path, {**change, "reason": "Duidelijker", "validFrom": "2026-07-01"})

    item = done.json()
    assert (unexplained.status_code, issues(unexplained)) == (400, [("reason", None)])
    assert done.status_code == 200, done.content
    assert (item["definitionVersion"], item["validFrom"]) == (2, "2026-07-01")
    assert (item["tolerance"], item["definition"]) == (1.5, {"nl": "Zo geteld."})
    newest = IndicatorDefinition.objects.get(number=2)
    assert (newest.reason, newest.disaggregations) == ("Duidelijker", [REGIONS])
    assert [action for action, _names in history(indicator)] == ["created", "redefined"]


def test_a_definition_for_a_later_year_changes_the_tag_too(
    writer: Writer, ministry: Ministry
) -> None:
    path = f"indicators/{measured(ministry).uuid}"
    before = writer.get(path)

    writer.patch(path, {"tolerance": 2, "validFrom": "2027-01-01", "reason": "Nieuw plan"})
    after = writer.get(path)
    late = writer.patch(path, {"tolerance": 3}, If_Match=before.headers["ETag"])

    # What holds today says the same, so only the number of the last version tells.
    assert "tolerance" not in after.json()
    assert after.json()["latestDefinitionVersion"] == 2
    assert late.status_code == 412


def test_after_approval_the_head_defines(writer: Writer, ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    path, change = f"indicators/{indicator.uuid}", {"tolerance": 1, "reason": "Afronding"}

    assert writer.patch(path, change).status_code == 403
    assert writer.patch(path, change, user="head_adcv").status_code == 200


# Targets


def set_target(indicator: Indicator, **more: Any) -> dict[str, Any]:
    return {"indicator": indicator.code, "dueOn": "2026-12-31", "value": 96, **more}


def test_a_target_takes_the_place_of_the_one_it_names(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)
    before = str(Target.objects.get().uuid)

    unseen = writer.post("targets", set_target(indicator, reason="Meer kan"))
    no_reason = writer.post("targets", set_target(indicator, replaces=before))
    done = writer.post("targets", set_target(indicator, replaces=before, reason="Meer kan"))
    again = writer.post("targets", set_target(indicator))

    item = done.json()
    assert unseen.status_code == 409
    assert (no_reason.status_code, issues(no_reason)) == (400, [("reason", None)])
    assert done.status_code == 201, done.content
    assert (item["value"], item["final"], item["reason"]) == (96, True, "Meer kan")
    assert (item["planYear"], done.headers["Location"]) == (2026, item["href"])
    assert (again.status_code, again.json()["id"]) == (200, item["id"])
    assert Target.objects.count() == 2
    actions = HistoryEntry.objects.filter(action="indicator_retargeted")
    assert actions.get().reason == "Meer kan"


def test_an_interim_target_leaves_the_rest_of_the_path(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)
    first = writer.post("targets", set_target(indicator, dueOn="2026-03-31", value=89, final=False))
    second = writer.post(
        "targets", set_target(indicator, dueOn="2026-06-30", value=91, final=False)
    )
    wrong = writer.post("targets", set_target(indicator, dueOn="2027-06-30", value=91, final=False))

    assert (first.status_code, second.status_code) == (201, 201), second.content
    assert [(str(t.due_on), t.value, t.is_final) for t in indicator.targets.all()] == [
        ("2026-03-31", 89, False),
        ("2026-06-30", 91, False),
        ("2026-12-31", 95, True),
    ]
    assert [name for name, _value in issues(wrong)] == ["dueOn"]


def test_an_interim_target_goes_and_stays_on_record(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)
    interim = set_target(indicator, dueOn="2026-06-30", value=91, final=False)
    first = writer.post("targets", interim).json()
    gone = {"indicator": indicator.code, "dueOn": "2026-06-30", "final": False, "lifted": True}

    contradicting = writer.post("targets", {**gone, "value": 91, "final": True})
    done = writer.post("targets", {**gone, "replaces": first["id"], "reason": "Niet nodig"})
    again = writer.post("targets", {**gone, "replaces": first["id"], "reason": "Niet nodig"})

    assert [name for name, _value in issues(contradicting)] == ["value", "final"]
    assert (done.status_code, "value" in done.json()) == (201, False), done.content
    assert [name for name, _value in issues(again)] == ["dueOn"]
    listed = writer.get("targets").json()["items"]
    assert [item["dueOn"] for item in listed] == ["2026-12-31"]
    assert Target.objects.count() == 3


def test_a_milestone_aims_at_a_day_only(writer: Writer, ministry: Ministry) -> None:
    milestone = ministry.milestone(ministry.objective(), date(2026, 12, 31))
    before = str(Target.objects.get().uuid)
    moved = {"indicator": milestone.code, "dueOn": "2026-11-30", "replaces": before, "reason": "x"}

    done = writer.post("targets", moved)
    value = writer.post("targets", {**moved, "value": 1})
    interim = writer.post("targets", {**moved, "final": False})

    assert (done.status_code, done.json()["dueOn"]) == (201, "2026-11-30"), done.content
    assert issues(value) == [("value", 1)]
    assert issues(interim) == [("final", False)]


def test_a_target_of_a_plan_in_force_needs_an_amendment(writer: Writer, ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    before = str(Target.objects.get().uuid)

    response = writer.post("targets", set_target(indicator, replaces=before, reason="Meer kan"))

    assert response.status_code == 409
    assert response.json()["type"].endswith(":objective_in_force")
    assert Target.objects.count() == 1


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"value": 80}, ["value"]),
    ({"value": 95.25}, ["value"]),
    ({"dueOn": "2025-01-01"}, ["dueOn"]),
    ({"level": 1}, ["level"]),
    ({"planYear": 2044}, ["planYear"]),
    ({"indicator": "NONE"}, ["indicator"]),
    ({"dueOn": "31/12/2026", "final": "yes"}, ["dueOn", "final"]),
]


def test_a_wrong_target_is_told_at_its_member(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)
    body = set_target(indicator, replaces=str(Target.objects.get().uuid), reason="x")

    told = [writer.post("targets", {**body, **more}) for more, _ in WRONG]

    assert {response.status_code for response in told} == {400}
    assert [[name for name, _ in issues(one)] for one in told] == [names for _, names in WRONG]
