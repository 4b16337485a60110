"""Faults of ours, and requests that never reach a view: a problem with the id of the log."""

import logging
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from ibzplan.core.middleware import ReadableAddressMiddleware, TraceIdFilter

TRACE = "6f2c1a34-0000-4000-8000-000000000001"
PROBLEM = "application/problem+json"


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False, headers={"BelGov-Trace-Id": TRACE})


class Records(logging.Handler):
    """Keeps what is logged as the console would show it: with its trace id."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(TraceIdFilter())
        self.found: list[Any] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(record)


def fail(_middleware: Any, _request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret inside")


def test_a_fault_before_any_view_is_a_problem_with_the_id_of_the_log(
    db: None, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReadableAddressMiddleware, "__call__", fail)
    records = Records()
    logging.getLogger("django.request").addHandler(records)

    response = client.get("/api/v1/goals")

    logging.getLogger("django.request").removeHandler(records)
    assert response.status_code == 500
    assert response.headers["Content-Type"] == PROBLEM
    assert response.headers["BelGov-Trace-Id"] == TRACE
    assert response.json()["instance"] == f"urn:uuid:{TRACE}"
    assert b"secret" not in response.content
    (record,) = [record for record in records.found if record.exc_info]
    assert record.trace_id == TRACE


def test_a_host_that_is_not_ours_is_a_problem_too(db: None, client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["plan.example.org"]

    response = client.get("/api/v1/goals", headers={"Host": "elsewhere.example"})

    assert response.status_code == 400
    assert response.headers["Content-Type"] == PROBLEM
    assert response.headers["BelGov-Trace-Id"] == TRACE
    assert response.json()["instance"] == f"urn:uuid:{TRACE}"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "é"])
def test_a_trace_id_that_is_none_is_replaced(db: None, given: str) -> None:
    response = Client(headers={"BelGov-Trace-Id": given}).get("/api/v1")

    assert response.status_code == 200
    assert str(UUID(response.headers["BelGov-Trace-Id"])) == response.headers["BelGov-Trace-Id"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/nothing", 404),
        ("get", "/api/v2/indicators", 404),
        ("get", "/api/v1/goals/00000000-0000-4000-8000-000000000000%00", 404),
        ("get", "/api/v1/goals", 401),
        ("post", "/api/v1", 405),
        ("post", "/api/v1/nothing", 404),
    ],
)
def test_what_is_refused_before_it_is_read_is_a_problem(
    db: None, client: Client, method: str, path: str, status: int
) -> None:
    response = getattr(client, method)(path)

    assert (response.status_code, response.headers["Content-Type"]) == (status, PROBLEM)
    body = response.json()
    assert body["status"] == status and body["title"] and body["detail"]
    assert body["instance"] == f"urn:uuid:{TRACE}"
    assert response.headers["BelGov-Trace-Id"] == TRACE
    assert status != 405 or response.headers["Allow"]
    assert status != 401 or response.headers["WWW-Authenticate"].startswith("Bearer")
