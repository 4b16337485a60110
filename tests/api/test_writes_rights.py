"""Who may write what, as one table; and what every write has in common."""

import json
from datetime import date
from typing import Any, Final

import pytest
from django.test import Client

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.api import writing
from ibzplan.core.api.openapi import openapi_document
from ibzplan.core.services import token_create
from objectives.indicators.models import Indicator, Measurement, Target
from objectives.planning.models import OperationalObjective
from tests.api.writers import Writer, indicator_body, issues, measured, objective_body
from tests.factories import Ministry

pytestmark = pytest.mark.urls("tests.api.urlconf")

# Statuses by user for: a new objective, its change, a new indicator, its change, a target, a
# figure, a batch. All of ADCV, in a draft, which others do not know of (404, or no such name).
RIGHTS: Final = {
    "planner_adcv": (201, 200, 201, 200, 201, 201, 201),
    "head_adcv": (201, 200, 201, 200, 201, 201, 201),
    "planner_dvz": (403, 404, 400, 404, 400, 400, 400),
    "corporate": (403, 404, 400, 404, 400, 400, 400),
    "committee": (403, 404, 400, 404, 400, 400, 400),
    "cabinet_vbz": (403, 404, 400, 404, 400, 400, 400),
    "auditor": (403, 403, 403, 403, 403, 403, 403),
    "outsider": (403, 404, 400, 404, 400, 400, 400),
}


@pytest.mark.parametrize("user", RIGHTS)
def test_who_may_write_what(writer: Writer, ministry: Ministry, user: str) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    target = Target.objects.get()
    figure = {"indicator": indicator.code, "period": "2026-T1", "value": 90}
    retarget = {
        "indicator": indicator.code,
        "dueOn": "2026-12-31",
        "value": 97,
        "replaces": str(target.uuid),
        "reason": "Meer kan",
    }

    statuses = (
        writer.post("operationalObjectives", objective_body(), user=user).status_code,
        writer.patch(
            f"operationalObjectives/{objective.uuid}", {"endsOn": "2026-11-30"}, user=user
        ).status_code,
        writer.post("indicators", indicator_body(objective), user=user).status_code,
        writer.patch(f"indicators/{indicator.uuid}", {"tolerance": 1}, user=user).status_code,
        writer.post("targets", retarget, user=user).status_code,
        writer.post("measurements", figure, user=user).status_code,
        writer.post(
            "measurements/batch", {"items": [{**figure, "period": "2026-T2"}]}, user=user
        ).status_code,
    )

    assert statuses == RIGHTS[user]
    if user not in ("planner_adcv", "head_adcv"):
        assert OperationalObjective.objects.get().ends_on == date(2026, 12, 31)
        assert Indicator.objects.get().tolerance is None
        assert not Measurement.objects.exists()


def test_what_is_approved_is_seen_by_others_and_not_written(
    writer: Writer, ministry: Ministry
) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    figure = {"indicator": indicator.code, "period": "2026-T1", "value": 90}

    for user in ("planner_dvz", "cabinet_vbz", "corporate"):
        assert writer.post("measurements", figure, user=user).status_code == 403
        batch = writer.post("measurements/batch", {"items": [figure]}, user=user)
        assert batch.status_code == 403
        path = f"operationalObjectives/{objective.uuid}"
        assert writer.patch(path, {"endsOn": "2026-11-30"}, user=user).status_code == 403


def test_a_browser_needs_its_csrf_token(ministry: Ministry) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ministry.users["planner_adcv"])
    body = json.dumps(objective_body())
    address = "/api/v1/operationalObjectives"

    refused = client.post(address, body, content_type="application/json")
    client.cookies["csrftoken"] = "a" * 32
    made = client.post(
        address, body, content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )

    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert made.status_code == 201, made.content


def test_a_token_that_only_reads_writes_nothing(writer: Writer, ministry: Ministry) -> None:
    _token, key = token_create(user=ministry.users["planner_adcv"], name="reader")
    writer.keys["planner_adcv"] = key

    for path in ("operationalObjectives", "measurements/batch"):
        assert writer.post(path, b"nonsense").status_code == 403
    assert not OperationalObjective.objects.exists()


def test_without_a_token_nothing_is_written(ministry: Ministry) -> None:
    response = Client().post(
        "/api/v1/operationalObjectives", objective_body(), content_type="application/json"
    )

    assert response.status_code == 401


NO_BODY: Final = (
    b"",
    b"{",
    b"nul",
    b"[]",
    b'"text"',
    b'{"year": NaN}',
    b'{"year": 1, "year": 2}',
    b'{"year": 1e99999999999999999999}',
    b'{"title": {"nl": "\xff"}}',
    b'{"title": {"nl": "\\ud800"}}',
    b'{"\\ud800": 1}',
    b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"year": ' + b"9" * 5000 + b"}",
    b'{"year": 1e400}',
    b'{"year": 2026.5}',
    b"\xef\xbb\xbf{}",
)


def test_a_body_that_cannot_be_is_a_problem_and_never_a_fault_of_ours(writer: Writer) -> None:
    for body in NO_BODY:
        for path in ("operationalObjectives", "measurements/batch"):
            response = writer.post(path, body)

            assert response.status_code == 400, body[:50]
            assert issues(response)


def test_another_content_type_is_refused(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)

    form = writer.post("measurements", b"a=1", content_type="application/x-www-form-urlencoded")
    patch = writer.post("measurements", b"{}", content_type="application/merge-patch+json")
    told = writer.post(
        "measurements",
        {"indicator": indicator.code, "period": "2026-T1", "value": 90},
        content_type="application/json; charset=utf-8",
    )

    assert (form.status_code, patch.status_code, told.status_code) == (415, 415, 201)
    assert form.headers["Content-Type"] == "application/problem+json"


def test_a_body_that_is_too_large_is_refused(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "BODY_MOST_BYTES", 1000)

    response = writer.post("measurements", {"reason": "x" * 1000})

    assert response.status_code == 413
    assert response.json()["type"].endswith(":payloadTooLarge")


NOT_TAKEN: Final = (
    ("PUT", "measurements"),
    ("DELETE", "indicators/00000000-0000-4000-8000-000000000000"),
    ("PATCH", "measurements/00000000-0000-4000-8000-000000000000"),
    ("PATCH", "targets/00000000-0000-4000-8000-000000000000"),
    ("POST", "goals"),
    ("POST", "statuses"),
    ("PATCH", "measurements/batch"),
)


def test_what_a_collection_does_not_take_is_405(writer: Writer) -> None:
    for method, path in NOT_TAKEN:
        response = writer.send("planner_adcv", method, path, {})

        assert response.status_code == 405, path
        assert method not in response.headers["Allow"]


def test_what_is_not_there_is_not_changed(writer: Writer) -> None:
    for identifier in ("x", "00000000-0000-4000-8000-000000000000"):
        response = writer.patch(f"indicators/{identifier}", {"tolerance": 1}, If_Match="*")

        assert response.status_code == 404


def test_a_write_takes_no_parameters(writer: Writer) -> None:
    response = writer.post("measurements?asOf=2026-01-01", {})

    assert response.status_code == 400
    assert issues(response) == [("asOf", "2026-01-01")]


def test_the_document_says_what_is_written() -> None:
    document = openapi_document(COLLECTIONS)
    paths, schemas = document["paths"], document["components"]["schemas"]

    for collection in COLLECTIONS:
        taken = {"post"} & paths[f"/{collection.name}"].keys()
        assert bool(taken) == (collection.writes is not None)
    change = paths["/operationalObjectives/{id}"]["patch"]
    named = {one.get("name") for one in change["parameters"]}
    assert {"id", "If-Match", "Idempotency-Key"} <= named
    assert {"200", "412", "428"} <= change["responses"].keys()
    figure = schemas["NewMeasurement"]
    assert (figure["required"], figure["additionalProperties"]) == (["indicator", "period"], False)
    assert schemas["IndicatorChange"]["properties"]["tolerance"]["nullable"]
    batch = paths["/measurements/batch"]["post"]["requestBody"]["content"]["application/json"]
    assert batch["schema"]["properties"]["items"]["maxItems"] == 10_000


def test_a_list_longer_than_its_limit_is_refused(writer: Writer) -> None:
    body: dict[str, Any] = objective_body(goals=["D1"] * 101)

    response = writer.post("operationalObjectives", body)

    assert [name for name, _value in issues(response)] == ["goals"]
