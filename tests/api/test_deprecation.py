"""What became old says so in its answers, and says what to use when its end has come."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.api import deprecation
from ibzplan.core.api.deprecation import Deprecated, deprecated_by
from ibzplan.core.api.links import API_PATH
from ibzplan.core.api.openapi import openapi_document
from tests.api.conftest import Get, World

SINCE = datetime(2026, 12, 31, 23, tzinfo=UTC)
INSTEAD = "/api/v2/targets"


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> list[Deprecated]:
    """Return the table of what became old, made up for a test."""
    rows: list[Deprecated] = []
    monkeypatch.setattr(deprecation, "DEPRECATED", rows)
    return rows


def test_what_is_old_says_since_when_until_when_and_what_instead(
    world: World, get: Get, old: list[Deprecated]
) -> None:
    end = timezone.now().replace(microsecond=0) + timedelta(days=400)
    old.append(Deprecated("GET", "/goals", SINCE, INSTEAD, end))

    response = get("auditor", "goals")
    again = get("auditor", "goals", headers={"If-None-Match": response.headers["ETag"]})

    assert response.status_code == 200
    assert response.headers["Deprecation"] == "@1798758000"
    assert response.headers["Sunset"] == end.strftime("%a, %d %b %Y %H:%M:%S GMT")
    links = response.headers["Link"]
    assert '</doc/guides/deprecation/>; rel="deprecation"' in links
    assert f'<{INSTEAD}>; rel="successor-version"' in links
    assert (again.status_code, again.headers["Sunset"]) == (304, response.headers["Sunset"])
    # Neither another operation of the same address, nor one below it, is old.
    goal = get("auditor", f"goals/{world.goal.uuid}")
    assert goal.status_code == 200 and "Deprecation" not in goal.headers


def test_a_file_keeps_its_own_links(world: World, get: Get, old: list[Deprecated]) -> None:
    old.append(Deprecated("GET", "/goals", SINCE, INSTEAD))

    response = get("auditor", "goals", headers={"Accept": "text/csv"})

    assert "Sunset" not in response.headers
    assert 'rel="describedby"' in response.headers["Link"]
    assert 'rel="deprecation"' in response.headers["Link"]


def test_what_has_ended_answers_410_and_names_what_takes_its_place(
    world: World, get: Get, old: list[Deprecated]
) -> None:
    old.append(Deprecated("GET", "/goals/{id}", SINCE, INSTEAD, timezone.now()))

    assert get("auditor", "goals").status_code == 200
    response = get("auditor", f"goals/{world.goal.uuid}")

    assert response.status_code == 410
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == "urn:problem-type:ibzplan:operationEnded"
    assert INSTEAD in body["detail"] and "Sunset" in response.headers


def test_the_document_marks_what_is_old(old: list[Deprecated]) -> None:
    old.append(Deprecated("PATCH", "/indicators/{id}", SINCE, INSTEAD))

    path = openapi_document(COLLECTIONS)["paths"]["/indicators/{id}"]

    assert path["patch"]["deprecated"] and INSTEAD in path["patch"]["description"]
    assert "410" in path["patch"]["responses"]
    assert "deprecated" not in path["get"]


def test_every_entry_speaks_of_an_operation_that_there_is() -> None:
    """An entry that fits nothing would say nothing; and what is old stays for a year at least."""
    paths = openapi_document(COLLECTIONS)["paths"]
    for one in deprecation.DEPRECATED:
        assert one.method.lower() in paths[one.path]
        assert one.sunset is None or one.sunset - one.since >= timedelta(days=365)


def test_every_operation_of_the_document_can_become_old(
    rf: RequestFactory, old: list[Deprecated]
) -> None:
    for path, operations in openapi_document(COLLECTIONS)["paths"].items():
        address = f"/{API_PATH}{path}".replace("{id}", str(uuid4())).replace("{format}", "pdf")
        for method in {"get", "post", "patch"} & operations.keys():
            old[:] = [Deprecated(method.upper(), path, SINCE, INSTEAD)]
            request = rf.generic(method.upper(), address)
            request.resolver_match = resolve(address)
            assert deprecated_by(request) is old[0], (method, path)
