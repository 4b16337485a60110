"""The rules of design.md, section 8, held against every collection; the details of each have tests
of their own beside this module.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.api.base import BaseCollection
from ibzplan.core.api.openapi import openapi_document
from ibzplan.core.services import token_create
from tests.api.conftest import World
from tests.api.whole_world import known_ids, make_whole_world

URLS = "tests.api.urlconf"
pytestmark = [pytest.mark.urls(URLS), pytest.mark.django_db]

DOCUMENT = openapi_document(COLLECTIONS)
# The collections that the specification names.
NAMED = set(
    """
    missions strategicObjectives goals werven operationalPlans operationalObjectives indicators
    targets measurements statuses organisationUnits ministers credits staffing securityThemes
    securityObjectives kivDimensions policyFrameworks enablingConditions progressReports
    deadlines amendments
    """.split()  # noqa: SIM905 (a list of one word a line says no more)
)
TRACE = "6f2c1a34-0000-4000-8000-000000000001"
CAMEL = re.compile(r"[a-z][a-zA-Z0-9]*")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")

Api = Callable[..., Any]


@pytest.fixture(scope="module")
def whole(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Make the world once: nothing here is written."""
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(ROOT_URLCONF=URLS):
        yield make_whole_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def ids(whole: World) -> dict[str, list[str]]:
    return known_ids(whole)


@pytest.fixture(scope="module")
def api(whole: World) -> Api:
    """Return api(path, method, **headers): one request of the auditor, or of the planner."""
    keys = {
        name: token_create(user=whole.users[name], name=name, scopes=[scope])[1]
        for name, scope in (("auditor", "read"), ("planner", "write"))
    }

    def ask(path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Any:
        user = "auditor" if method in ("GET", "HEAD") else "planner"
        sent = {"Authorization": f"Bearer {keys[user]}", "Accept-Encoding": "identity"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        kind = sent.pop("Content-Type", "application/json")
        return Client().generic(method, f"/api/v1{path}", body, content_type=kind, headers=sent)

    return ask


def members(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every member of a JSON value, however deep, with its name."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield name, below
            yield from members(below)
    elif isinstance(value, list):
        for below in value:
            yield from members(below)


def test_every_collection_that_is_named_is_there() -> None:
    assert {collection.name for collection in COLLECTIONS} >= NAMED


def test_addresses_end_without_a_slash_and_every_name_is_written_in_one_way() -> None:
    for path, operations in DOCUMENT["paths"].items():
        assert path == "/" or not path.endswith("/")
        names = [part.strip("{}") for part in path.split("/") if part]
        for operation in operations.values():
            names += [one["name"] for one in operation["parameters"] if one.get("in") == "query"]
        assert all(CAMEL.fullmatch(name) for name in names), names
    for shape in DOCUMENT["components"]["schemas"].values():
        assert all(CAMEL.fullmatch(name) for name in shape.get("properties", {}))


def is_a_page(_collection: BaseCollection[Any], page: Any) -> None:
    assert set(page) <= {"items", "total", "self", "next", "prev"}
    assert page["total"] == len(page["items"]) >= 1
    assert page["self"].startswith("http")


def has_an_address_in_each_item(collection: BaseCollection[Any], page: Any) -> None:
    for item in page["items"]:
        address = f"http://testserver/api/v1/{collection.name}/{item['id']}"
        assert item["href"].partition("?")[0] == address


def leaves_nulls_out(_collection: BaseCollection[Any], page: Any) -> None:
    # A JSON schema may name null; a value of the API never is.
    assert [name for name, value in members(page) if value is None] == []


def says_the_offset_of_each_moment(_collection: BaseCollection[Any], page: Any) -> None:
    for name, value in members(page):
        if name.endswith("At") and isinstance(value, str):
            assert MOMENT.fullmatch(value), (name, value)


def has_a_text_a_language(_collection: BaseCollection[Any], page: Any) -> None:
    for name, value in members(page):
        if name in ("title", "narrative") and value is not None:
            assert set(value) <= {"nl", "fr", "en", "de"}, (name, value)


def tells_no_database_key(_collection: BaseCollection[Any], page: Any) -> None:
    named = {name for name, _value in members(page)}
    assert not named & {"pk", "_id"}
    for item in page["items"]:
        assert not isinstance(item["id"], int)


@pytest.mark.parametrize(
    "rule",
    [
        is_a_page,
        has_an_address_in_each_item,
        leaves_nulls_out,
        says_the_offset_of_each_moment,
        has_a_text_a_language,
        tells_no_database_key,
    ],
)
def test_every_list(api: Api, rule: Callable[[BaseCollection[Any], Any], None]) -> None:
    for collection in COLLECTIONS:
        response = api(f"/{collection.name}")
        assert response.status_code == 200
        rule(collection, response.json())


def test_every_read_has_a_tag_and_is_not_sent_twice(api: Api, ids: dict[str, list[str]]) -> None:
    for collection in COLLECTIONS:
        for path in (f"/{collection.name}", f"/{collection.name}/{ids[collection.name][0]}"):
            first = api(path)
            again = api(path, If_None_Match=first.headers["ETag"])
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["ETag"] == first.headers["ETag"]
            assert {"Authorization", "Accept-Language"} <= set(first.headers["Vary"].split(", "))
            assert "private" in first.headers["Cache-Control"]


def test_every_answer_has_the_trace_id_of_its_request(api: Api) -> None:
    for collection in COLLECTIONS:
        for path in (f"/{collection.name}", f"/{collection.name}/none", f"/{collection.name}?x=1"):
            assert api(path, BelGov_Trace_Id=TRACE).headers["BelGov-Trace-Id"] == TRACE


def test_every_address_refuses_a_parameter_that_it_does_not_know(
    api: Api, ids: dict[str, list[str]]
) -> None:
    for collection in COLLECTIONS:
        for path in (f"/{collection.name}", f"/{collection.name}/{ids[collection.name][0]}"):
            response = api(f"{path}?colour=red")
            assert response.status_code == 400
            assert response.headers["Content-Type"] == "application/problem+json"
            (issue,) = response.json()["issues"]
            assert (issue["in"], issue["name"], issue["value"]) == ("query", "colour", "red")


def test_a_parameter_without_a_value_is_refused_and_no_words_find_everything(api: Api) -> None:
    for name in ("page", "sort", "select", "asOf", "code", "fictional", "frequency"):
        response = api(f"/indicators?{name}=")
        assert response.status_code == 400
        assert [issue["name"] for issue in response.json()["issues"]] == [name]
    assert api("/indicators?q=").json()["total"] == api("/indicators").json()["total"]


def test_every_list_is_read_by_both_clocks(api: Api) -> None:
    for collection in COLLECTIONS:
        response = api(
            f"/{collection.name}?asOf=2026-07-01T10:00:00%2B02:00&referenceDate=2026-06-30"
        )
        assert response.status_code == 200, (collection.name, response.content)
    assert all(one.has_history for one in COLLECTIONS if one.name in ("measurements", "targets"))


def test_every_list_is_taken_whole_at_its_own_address(api: Api) -> None:
    for collection in COLLECTIONS:
        for kind in ("text/csv", "application/x-ndjson", "application/vnd.apache.parquet"):
            response = api(f"/{collection.name}", "HEAD", Accept=kind)
            assert response.status_code == 200
            assert response.headers["Content-Type"].startswith(kind)


def test_what_users_change_can_be_followed(api: Api) -> None:
    followed = [one.name for one in COLLECTIONS if one.feed is not None]
    assert {"indicators", "measurements", "operationalObjectives", "targets"} <= set(followed)
    for name in followed:
        page = api(f"/{name}?changedSince=start").json()
        assert {"items", "removed", "cursor", "hasMore", "self", "next"} <= set(page)


def test_every_write_refuses_a_member_that_it_does_not_know(api: Api) -> None:
    for collection in COLLECTIONS:
        if collection.writes is None:
            assert api(f"/{collection.name}", "POST", b"{}").status_code == 405
            continue
        response = api(f"/{collection.name}", "POST", b'{"colour": "red"}')
        assert response.status_code == 400
        found = {(issue["in"], issue["name"]) for issue in response.json()["issues"]}
        assert ("body", "colour") in found


def test_every_change_asks_for_the_state_that_was_read(api: Api, ids: dict[str, list[str]]) -> None:
    changed = [c for c in COLLECTIONS if c.writes is not None and c.writes.update_type is not None]
    assert {one.name for one in changed} == {"operationalObjectives", "indicators"}
    for collection in changed:
        path = f"/{collection.name}/{ids[collection.name][0]}"
        assert api(path, "PATCH", b"{}").status_code == 428
        stale = api(path, "PATCH", b"{}", If_Match='"stale"')
        assert stale.status_code == 412
        assert stale.headers["ETag"] == api(path).headers["ETag"]


def test_a_read_on_condition_tells_that_it_does_not_hold(api: Api) -> None:
    response = api("/indicators", If_Match='"stale"')
    assert response.status_code == 412
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["ETag"] == api("/indicators").headers["ETag"]


def test_a_slot_says_what_its_value_means() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    states = schemas["MeasurementItem"]["properties"]["valueState"]["enum"]
    assert set(states) <= {"measured", "missing", "notApplicable", "notYetDue"}
    assert "valueState" in schemas["MeasurementItem"]["required"]
    every = {
        word
        for shape in schemas.values()
        for word in shape.get("properties", {}).get("valueState", {}).get("enum", ())
        if word is not None  # a body may leave it open
    }
    assert every == {"measured", "missing", "notApplicable", "notYetDue"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/nothing", {}, 404),
        ("GET", "/indicators/00000000-0000-4000-8000-000000000000", {}, 404),
        ("DELETE", "/indicators", {}, 405),
        ("PUT", "/measurements/batch", {}, 405),
        ("GET", "/indicators", {"Accept": "application/xml"}, 406),
        ("POST", "/indicators", {"Content-Type": "text/csv"}, 415),
        ("POST", "/measurements/batch", {"Content-Type": "application/xml"}, 415),
        ("PATCH", "/indicators/00000000-0000-4000-8000-000000000000", {"If-Match": "*"}, 404),
    ],
)
def test_every_refusal_is_a_problem(
    api: Api, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    response = api(path, method, b"{}", **headers)

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["type"].startswith("urn:problem-type:")
    assert (status == 405) == ("Allow" in response.headers and status == 405)
    if status == 405:
        assert set(response.headers["Allow"].split(", ")) <= {"GET", "HEAD", "POST", "PATCH"}


def test_a_body_that_is_too_large_is_a_problem(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ibzplan.core.api.writing.BODY_MOST_BYTES", 1024)

    response = api("/measurements", "POST", b'{"period": "' + b"x" * 2000 + b'"}')

    assert response.status_code == 413
    assert response.headers["Content-Type"] == "application/problem+json"
