"""Requests that are made up from the OpenAPI document: the API does what it says, whatever comes.

Valid requests are answered as described, invalid ones are refused, nothing is a fault of ours.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.pytest.lazy import get_all_tests

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.api.openapi import openapi_document
from ibzplan.core.api.problems import SCHEMA_VIOLATION, UNKNOWN_INPUT
from ibzplan.core.services import token_create
from tests.api.conftest import World
from tests.api.whole_world import known_ids, make_whole_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXAMPLES = 2
# Of an operation hundreds of cases are made up that are much alike: a wrong value for each member.
# Of those beyond the first ones every third is sent, another third to each database;
# IBZPLAN_MADE_UP=all sends them all.
ALL_UP_TO = 60
ONE_OF = 1 if os.environ.get("IBZPLAN_MADE_UP") == "all" else 3
SENT: Counter[str] = Counter()
# A body that fits its schema may still name what is not there, or break a rule of the plan: those
# answers of 400 are looked at by `refused_for_its_meaning`.
MEANING = ["2xx", "304", "400", "404", "406", "409", "410", "412"]
REFUSED = ["400", "401", "404", "405", "406", "410", "412", "415", "428"]
CONFIG = {
    # What is made up hangs on the document alone: reading the source for constants takes longer
    # than all requests of ten operations.
    "analysis": {"constants": {"enabled": False}},
    "generation": {"max-examples": EXAMPLES, "deterministic": True, "no-shrink": True},
    "phases": {"coverage": {"unexpected-methods": ["delete"]}, "stateful": {"enabled": False}},
    "checks": {
        "positive_data_acceptance": {"expected-statuses": MEANING},
        "missing_required_header": {"expected-statuses": ["428"]},
        "negative_data_rejection": {"expected-statuses": REFUSED},
    },
}

DOCUMENT = openapi_document(COLLECTIONS)
# Ten thousand rows and one more: tests/api/test_writes_batch.py sends them.
_batch = DOCUMENT["paths"]["/measurements/batch"]["post"]["requestBody"]["content"]
del _batch["application/json"]["schema"]["properties"]["items"]["maxItems"]
# A change is the same in either type of content: made up once.
for _operations in DOCUMENT["paths"].values():
    if "patch" in _operations:
        del _operations["patch"]["requestBody"]["content"]["application/json"]
OPERATIONS = [
    f"{method.upper()} {path}"
    for path, operations in DOCUMENT["paths"].items()
    for method in operations
]
SHAPES = {collection.name: collection.item_type.__name__ for collection in COLLECTIONS}
# In the years in which the product lies, as the patterns say.
DAYS = st.dates(min_value=date(1901, 1, 1), max_value=date(2199, 12, 31))
schemathesis.openapi.format("date", DAYS.map(str))
schemathesis.openapi.format(
    "date-time", st.builds(lambda day, time: f"{day}T{time}Z", DAYS, st.times())
)


class Keys:
    """Who reads is the auditor, who writes the planner."""

    of: ClassVar[dict[str, str]] = {}

    @classmethod
    def fill(cls, world: World) -> None:
        for name, scopes in {"auditor": ["read"], "planner": ["write"]}.items():
            _token, key = token_create(user=world.users[name], name="made up", scopes=scopes)
            cls.of[name] = key

    def get(self, case: Any, _context: Any) -> str:
        return self.of["auditor" if case.method == "GET" else "planner"]

    def set(self, case: Any, data: str, _context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


def known_every_other_time(ids: dict[str, list[str]]) -> Any:
    """Return a hook that names a resource that is there for every other id that is made up."""

    def map_path_parameters(context: Any, path_parameters: Any) -> Any:
        known = ids.get(context.operation.path.split("/")[1])
        try:
            number = UUID(path_parameters["id"]).int
        except (ValueError, AttributeError, TypeError, KeyError):
            return path_parameters
        if known and number % 2 == 0:
            return {**path_parameters, "id": known[number // 2 % len(known)]}
        return path_parameters

    return map_path_parameters


@contextmanager
def one_connection() -> Iterator[None]:
    """Let no request close the connection that the world is on, as Django's test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def described(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The document, and the world behind it, once for all operations; it is gone after them."""
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_dict(DOCUMENT, config=config)
    schema.app = get_wsgi_application()
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_whole_world()
        Keys.fill(world)
        schema.auth(refresh_interval=None)(Keys)
        schema.hook(known_every_other_time(known_ids(world)))
        with one_connection():
            yield schema
        transaction.set_rollback(True)


@schemathesis.check
def refused_for_its_meaning(_context: Any, response: Any, case: Any) -> None:
    """What fits the schema is refused for what it means, never for its form."""
    if (
        response.status_code != 400
        or case.meta is None
        or not case.meta.generation.mode.is_positive
    ):
        return
    kinds = {issue["type"] for issue in response.json().get("issues", [])}
    assert not kinds & {SCHEMA_VIOLATION, UNKNOWN_INPUT}, response.text


@schemathesis.check
def whole_unless_selected(_context: Any, response: Any, case: Any) -> None:
    """An item misses none of its members unless `select` asked for some of them."""
    is_list = "application/json" in response.headers.get("content-type", [""])[0]
    if case.method != "GET" or response.status_code != 200 or not is_list:
        return
    _root, name, *below = case.operation.path.split("/")
    shape = None if "files" in below else SHAPES.get(name)
    if shape is None or "select" in (case.query or {}):
        return
    body = response.json()
    needed = DOCUMENT["components"]["schemas"][shape].get("required", [])
    for item in body.get("items", [body]):
        assert not set(needed) - set(item), item


def answered_as_described(case: Any) -> None:
    SENT[case.operation.label] += 1
    number = SENT[case.operation.label]
    is_alike = number > ALL_UP_TO and case.meta.phase.name.value == "coverage"
    place = ["sqlite", "postgresql"].index(connection.vendor) % ONE_OF
    if not is_alike or number % ONE_OF == place:
        case.call_and_validate(headers={"Accept-Encoding": "identity"})


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_does_what_the_document_says(
    described: Any, settings: Any, operation: str
) -> None:
    settings.API_LIMITS = {}
    (found,) = get_all_tests(
        schema=described.include(name=operation),
        test_func=answered_as_described,
        settings=None,
        given_kwargs=None,
    )
    assert isinstance(found, Ok), found
    _operation, run = found.ok()
    run()
