"""Errors: problem+json, each issue with its place, name and value."""

import json
from typing import Any

import pytest
from django.test import Client, RequestFactory
from rest_framework.exceptions import ValidationError

from ibzplan.core.api import problems
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from personnel.models import OrganisationUnit
from tests.api.conftest import Get, World

pytestmark = pytest.mark.urls("tests.api.urlconf")


def test_an_unknown_parameter_is_refused_by_name(world: World, get: Get) -> None:
    response = get("auditor", "indicators", pagesize="3", format="csv")

    body = response.json()
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [(i["in"], i["name"], i["value"]) for i in body["issues"]] == [
        ("query", "pagesize", "3"),
        ("query", "format", "csv"),
    ]
    assert all(i["type"].endswith(":unknownInput") and i["detail"] for i in body["issues"])
    assert "pageSize" in body["issues"][0]["detail"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page", "-1"),
        ("page", "x"),
        ("page", "99999999999999999999"),
        ("page", "²"),
        ("pageSize", "10001"),
        ("pageSize", "0"),
        ("sort", "title"),
        ("sort", "code,code"),
        ("sort", ""),
        ("select", "pk"),
        ("q", "x" * 201),
        ("q", "a\x00"),
        ("asOf", "yesterday"),
        ("asOf", "2026-13-01"),
        ("asOf", "0001-01-01T00:00:00Z"),
        ("asOf", "9999-12-31T23:59:59-23:00"),
        ("referenceDate", "2026-02-30"),
        ("referenceDate", "0001-01-01"),
        ("includeHistory", "yes"),
        ("period", "2026-T5"),
        ("period", "0000"),
        ("updated", "soon"),
        ("updated", "9999-12-31T23:59:59-23:00"),
        ("updated", "0001-01-01"),
        ("fictional", "maybe"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(
    world: World, get: Get, name: str, value: str
) -> None:
    response = get("auditor", "measurements", **{name: value})

    assert response.status_code == 400
    assert [(i["name"], i["value"]) for i in response.json()["issues"]] == [(name, value)]


def test_pages_of_records_are_smaller_than_those_of_figures(world: World, get: Get) -> None:
    assert get("auditor", "measurements", pageSize="10000").status_code == 200
    assert get("auditor", "indicators", pageSize="1000").status_code == 200
    assert get("auditor", "indicators", pageSize="1001").status_code == 400


def test_a_date_filter_reads_iso_dates_only(world: World, get: Get) -> None:
    assert get("auditor", "targets", dueFrom="2026-01-31").status_code == 200
    assert get("auditor", "targets", dueFrom="31/01/2026").status_code == 400


@pytest.mark.parametrize("year", ["0", "99999999999999999999", "abc", "1e400"])
def test_a_year_that_cannot_be_is_refused(world: World, get: Get, year: str) -> None:
    assert get("auditor", "operationalPlans", year=year).status_code == 400
    assert get("auditor", "operationalObjectives", year=year).status_code == 400


def test_a_parameter_is_given_once(world: World, get: Get) -> None:
    response = get("auditor", "indicators?page=1&page=2")

    assert response.status_code == 400
    assert response.json()["issues"][0]["value"] == ["1", "2"]


@pytest.mark.parametrize(
    "path",
    [
        "nothing",
        "nothing/at/all",
        "indicators/",
        "indicators/not-a-uuid",
        "indicators/00000000-0000-4000-8000-000000000000",
    ],
)
def test_an_address_that_is_not_there(world: World, get: Get, path: str) -> None:
    response = get("auditor", path)

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "urn:problem-type:belgif:resourceNotFound"


def test_other_methods_are_refused_with_what_is_allowed(world: World) -> None:
    client = Client()
    client.force_login(world.users["auditor"])

    for method in (client.post, client.put, client.patch, client.delete, client.options):
        response = method("/api/v1/goals")
        assert response.status_code == 405
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.headers["Allow"] == "GET, HEAD"


def test_head_answers_like_get_without_a_body(world: World) -> None:
    client = Client()
    client.force_login(world.users["auditor"])

    response = client.head("/api/v1/goals")

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["ETag"] == client.get("/api/v1/goals").headers["ETag"]


def test_a_format_that_is_not_there(world: World, get: Get) -> None:
    response = get("auditor", "goals", headers={"Accept": "application/xml"})

    assert response.status_code == 406
    assert response.headers["Content-Type"] == "application/problem+json"


def test_the_trace_id_is_echoed_in_header_and_problem(world: World, get: Get) -> None:
    trace = "6f2c1a34-0000-4000-8000-000000000001"

    response = get("auditor", "nothing", headers={"BelGov-Trace-Id": trace})

    assert response.headers["BelGov-Trace-Id"] == trace
    assert response.json()["instance"] == f"urn:uuid:{trace}"


def answer(error: Exception) -> tuple[int, dict[str, object]]:
    response = problems.problem_handler(error, {})
    assert response is not None
    return response.status_code, response.data


def test_domain_errors_have_their_status() -> None:
    status, body = answer(DomainError("value_required", "Give the value.", "due_on"))
    assert status == 400
    assert body["issues"] == [
        {
            "type": "urn:problem-type:ibzplan:value_required",
            "in": "body",
            "name": "dueOn",
            "detail": "Give the value.",
            "value": None,
        }
    ]
    assert answer(NotAllowed("not_your_unit", "No."))[0] == 403
    unit = OrganisationUnit(code="ADVP")
    status, body = answer(EditConflict("Changed.", {"due_on": "2026-12-31", "unit": unit}))
    assert (status, body["theirs"]) == (412, {"dueOn": "2026-12-31", "unit": unit.uuid})


def test_validation_errors_name_each_field() -> None:
    status, body = answer(ValidationError({"rows": [{"value": ["Too big."]}, {"level": ["No."]}]}))

    issues = body["issues"]
    assert status == 400
    assert isinstance(issues, list)
    assert [i["name"] for i in issues] == ["rows[0].value", "rows[1].level"]


def test_a_fault_of_ours_is_a_problem_too_and_says_nothing_of_the_inside(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("objectives.strategy.api.Goals.visible", fail)
    client = Client(raise_request_exception=False)
    client.force_login(world.users["auditor"])

    response = client.get("/api/v1/goals")

    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    assert b"secret" not in response.content


def test_the_handlers_leave_pages_alone() -> None:
    api, page = RequestFactory().get("/api/v2/x"), RequestFactory().get("/plan")

    assert problems.is_api(api)
    assert not problems.is_api(page)
    assert json.loads(problems.page_not_found(api, Exception()).content)["status"] == 404
    assert json.loads(problems.bad_request(api, Exception()).content)["status"] == 400
    assert json.loads(problems.permission_denied(api, Exception()).content)["status"] == 403


@pytest.mark.parametrize("path", ["/api/v2/x", "/api/v1/%00", "/doc/openapi.json"])
def test_debug_mode_tells_machines_no_more_of_an_unknown_address(path: str, settings: Any) -> None:
    settings.DEBUG = True

    response = Client().get(path)

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] and b"urlpatterns" not in response.content
    page = Client().get("/plan/nothing")
    assert page.status_code == 404 and page.headers["Content-Type"].startswith("text/html")


def test_debug_mode_shows_machines_no_traceback(
    world: World, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("secret inside")

    settings.DEBUG = True
    monkeypatch.setattr("objectives.strategy.api.Goals.visible", fail)
    client = Client(raise_request_exception=False)
    client.force_login(world.users["auditor"])

    response = client.get("/api/v1/goals")

    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    assert b"secret" not in response.content and "BelGov-Trace-Id" in response.headers
