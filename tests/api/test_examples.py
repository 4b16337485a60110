"""Every example of the document and of the quick start is sent, and answered as described."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import requests
from django.test import Client

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.api.guides import FOLDER, read_blocks
from ibzplan.core.api.openapi import openapi_document
from ibzplan.core.services import token_create
from objectives.indicators.models import Indicator
from tests.api.commands import API, Command
from tests.api.whole_world import known_ids, make_whole_world
from tests.factories import Ministry

pytestmark = pytest.mark.urls("tests.api.urlconf")

DOCUMENT = openapi_document(COLLECTIONS)


def operations(*methods: str) -> Iterator[tuple[str, str, Any]]:
    """Yield path, method and description of the operations of these methods."""
    for path, found in DOCUMENT["paths"].items():
        for method, operation in found.items():
            if method in methods:
                yield path, method, operation


def expect_as_described(operation: Any, response: Any) -> None:
    """Hold an answer against its description: status, type, headers, shape."""
    answer = operation["responses"][str(response.status_code)]
    kind = response.headers["Content-Type"].partition(";")[0]
    content = answer["content"][kind]
    for name in ("ETag",) if "ETag" in answer["headers"] and kind == "application/json" else ():
        assert name in response.headers
    if kind == "application/json":
        # A shape that refers to others finds them where the document has them.
        schema = {**content["schema"], "components": DOCUMENT["components"]}
        jsonschema_rs.Draft4Validator(schema).validate(response.json())


def key_of(user: Any, *scopes: str) -> str:
    _token, key = token_create(user=user, name="examples", scopes=scopes or ["read"])
    return key


def test_every_example_that_reads_is_answered_as_described(db: None) -> None:
    world = make_whole_world()
    ids, key = known_ids(world), key_of(world.users["auditor"])

    sent = 0
    for path, _method, operation in operations("get"):
        for sample in operation.get("x-codeSamples", ()):
            known = {"TOKEN": key, "ID": next(iter(ids.get(path.split("/")[1], [])), "")}
            response = Command.read(sample["source"], **known).send()
            assert response.status_code == 200, (sample, response.content)
            expect_as_described(operation, response)
            sent += 1
    assert sent >= 2 * len(COLLECTIONS)


@pytest.fixture
def written(ministry: Ministry) -> Ministry:
    """A ministry in which the examples can be written: a draft objective with its indicator."""
    indicator = ministry.indicator(ministry.objective())
    Indicator.objects.filter(pk=indicator.pk).update(code="2.6.1-a")
    return ministry


def test_every_example_that_writes_is_answered_as_described(written: Ministry) -> None:
    key = key_of(written.users["planner_adcv"], "write")
    reading = {"Authorization": f"Bearer {key}"}

    for path, method, operation in operations("post", "patch"):
        known = {"TOKEN": key}
        if method == "patch":
            listed = Client().get(f"/api/v1{path.removesuffix('/{id}')}", headers=reading).json()
            one = listed["items"][0]
            known["ID"] = one["id"]
            known["ETAG"] = Client().get(one["href"], headers=reading).headers["ETag"]
        (sample,) = operation["x-codeSamples"]
        response = Command.read(sample["source"], **known).send()
        assert response.status_code in (200, 201), (path, response.content)
        expect_as_described(operation, response)


def quick_start(language: str) -> list[str]:
    """Return the examples of the quick start in one language."""
    blocks = read_blocks((FOLDER / "quickstart.md").read_text(encoding="utf-8"))
    return ["\n".join(b.lines[1:]) for b in blocks if b.kind == "code" and b.lines[0] == language]


def test_the_commands_of_the_quick_start_work(db: None) -> None:
    world = make_whole_world()
    known = {
        "TOKEN": key_of(world.users["auditor"]),
        "REPORT": known_ids(world)["progressReports"][0],
    }
    commands = [source for source in quick_start("bash") if source.startswith("curl")]

    for source in commands:
        response = Command.read(source, **known).send()
        assert response.status_code == 200, (source, response.content)
    assert len(commands) >= 5


class _InProcess(requests.adapters.BaseAdapter):
    """Sends the requests of a `requests` session to the product in this process."""

    def send(
        self, request: requests.PreparedRequest, *_given: Any, **_options: Any
    ) -> requests.Response:
        headers = {name: str(value) for name, value in request.headers.items()}
        headers["Accept-Encoding"] = "identity"
        kind = headers.pop("Content-Type", "application/octet-stream")
        answer = Client().generic(
            str(request.method),
            str(request.url).removeprefix("http://testserver"),
            request.body or b"",
            content_type=kind,
            headers=headers,
        )
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers.update(answer.headers)
        response._content = answer.getvalue()
        return response


def test_the_python_of_the_quick_start_works(
    written: Ministry, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("API", API)
    monkeypatch.setenv("TOKEN", key_of(written.users["planner_adcv"], "write"))
    in_process = _InProcess()
    monkeypatch.setattr(requests.Session, "get_adapter", lambda _session, url: in_process)
    names: dict[str, Any] = {}

    for source in quick_start("python"):
        exec(compile(source, "quickstart.md", "exec"), names)  # noqa: S102 (our own text)

    assert "2.6.1-a" in names["codes"]
    assert names["answer"].status_code == 201
    exec(quick_start("python")[2], names)  # noqa: S102 (again, now that there is a figure)
    assert [row["value"] for row in names["known"].values() if "value" in row] == [91.5]
    assert "indicator.code" in capsys.readouterr().out


def test_examples_of_bodies_fit_their_shapes() -> None:
    for _path, _method, operation in operations("post", "patch"):
        for content in operation["requestBody"]["content"].values():
            schema = json.loads(json.dumps(content["schema"]))
            whole = {**schema, "components": DOCUMENT["components"]}
            jsonschema_rs.Draft4Validator(whole).validate(content["example"])
