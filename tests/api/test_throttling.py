"""Limits of requests a caller, their headers, and which other sites may call."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import redis
from django.test import Client
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from ibzplan.core.api import counting
from ibzplan.core.services import token_create
from ibzplan.settings import REDIS_URL as GIVEN_REDIS
from tests.api.conftest import World

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.urls("tests.api.urlconf")

REDIS_SERVER = shutil.which("redis-server") or ""
SITE = "https://dashboard.example.org"


@pytest.fixture
def limits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Count in a window that does not end during the test."""
    now = time.time() // 3600 * 3600 + 600.5
    monkeypatch.setattr(time, "time", lambda: now)
    settings.REDIS_URL = ""
    settings.API_LIMITS = {"read": (3, 60), "write": (1, 60), "bulk": (1, 3600)}
    return settings


def key_of(world: World, user: str = "auditor") -> dict[str, str]:
    return {"Authorization": f"Bearer {token_create(user=world.users[user], name=user)[1]}"}


def goals(headers: dict[str, str] | None = None, client: Client | None = None) -> "Response":
    return (client or Client()).get("/api/v1/goals", headers=headers or {})


def left(response: "Response") -> tuple[str, str, str]:
    names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    return tuple(response.headers[name] for name in names)  # type: ignore[return-value]


def test_every_answer_says_how_many_are_left_until_when(world: World, limits: Any) -> None:
    key = key_of(world)

    answers = [left(goals(key)) for _request in range(3)]

    assert answers == [("3", "2", "60"), ("3", "1", "60"), ("3", "0", "60")]
    assert goals(key).headers["RateLimit-Policy"] == "3;w=60"


def test_one_too_many_is_a_429_that_says_when_to_come_back(world: World, limits: Any) -> None:
    key = key_of(world)
    for _request in range(3):
        assert goals(key).status_code == 200

    refused = goals(key)

    assert refused.status_code == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["type"] == "urn:problem-type:belgif:tooManyRequests"
    assert (refused.headers["Retry-After"], *left(refused)) == ("60", "3", "0", "60")


def test_a_new_window_begins_anew(
    world: World, limits: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_of(world)
    for _request in range(4):
        last = goals(key)
    later = time.time() + int(last.headers["Retry-After"])
    monkeypatch.setattr(time, "time", lambda: later)

    assert (last.status_code, goals(key).status_code) == (429, 200)
    assert len(list(limits.LIMITS_DIR.iterdir())) == 1  # what is over is swept


def test_tokens_sessions_and_kinds_are_counted_apart(world: World, limits: Any) -> None:
    one, other, browser = key_of(world), key_of(world), Client()
    browser.force_login(world.users["auditor"])
    for _request in range(4):
        goals(one)
    csv = {**one, "Accept": "text/csv"}

    assert goals(one).status_code == 429
    assert goals(other).status_code == goals(client=browser).status_code == 200
    assert [goals(csv).status_code for _request in range(2)] == [200, 429]
    writes = [
        Client().post("/api/v1/measurements", {}, "application/json", headers=one).status_code
        for _request in range(2)
    ]
    assert writes == [403, 429]


def test_who_has_no_good_key_is_counted_by_address(world: World, limits: Any) -> None:
    limits.API_LIMITS = {"anonymous": (2, 60)}
    bad = {"Authorization": "Bearer ibz_wrong"}

    assert [goals(headers).status_code for headers in (None, bad, bad, None)] == [
        401,
        401,
        429,
        429,
    ]
    assert goals(key_of(world)).status_code == 200  # who has one is not held up
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert goals(client=elsewhere).status_code == 401


def test_without_a_place_to_count_requests_are_served(
    world: World, limits: Any, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    limits.LIMITS_DIR = blocked / "limits"

    assert goals(key_of(world)).status_code == 200
    assert "not counted" in caplog.text


def test_threads_lose_no_count(limits: Any) -> None:
    ends_at = int(time.time()) + 60
    found: list[int | None] = []

    def send() -> None:
        found.extend(counting.count("read:x", ends_at) for _request in range(50))

    threads = [threading.Thread(target=send) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one or 0 for one in found) == list(range(1, 201))


def test_processes_count_together(limits: Any) -> None:
    ends_at = int(time.time()) + 60
    counting.count("read:x", ends_at)
    child = os.fork()
    if child == 0:
        counting.count("read:x", ends_at)
        os._exit(0)
    os.waitpid(child, 0)

    assert counting.count("read:x", ends_at) == 3


@contextmanager
def own_redis(folder: Path) -> Iterator[str]:
    """Run a Redis server; without its program, take a database of the given one."""
    if not REDIS_SERVER:
        yield GIVEN_REDIS.rpartition("/")[0] + "/9"
        return
    port = free_port()
    options = ["--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    command = [REDIS_SERVER, "--port", str(port), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.skipif(not (REDIS_SERVER or GIVEN_REDIS), reason="no Redis on this machine")
def test_redis_counts_for_all_web_servers_and_forgets(tmp_path: Path, limits: Any) -> None:
    ends_at = int(datetime.now(UTC).timestamp()) + 60
    caller = f"read:{uuid4()}"
    with own_redis(tmp_path) as url:
        client = redis.Redis.from_url(url, retry=Retry(ConstantBackoff(0.02), 250))
        client.ping()
        limits.REDIS_URL = url
        found = [counting.count(caller, ends_at) for _request in range(3)]
        (name,) = client.keys(f"*{caller}")
        left = client.ttl(name)

    assert found == [1, 2, 3]
    assert 50 < left <= 61


def test_without_redis_requests_are_served(world: World, limits: Any) -> None:
    limits.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"

    answer = goals(key_of(world))

    assert answer.status_code == 200
    assert "RateLimit-Limit" not in answer.headers


def preflight(path: str) -> "Response":
    asked = {"Origin": SITE, "Access-Control-Request-Method": "PATCH"}
    return Client().options(path, headers=asked)


def test_no_other_site_may_call_unless_it_is_named(world: World) -> None:
    answer = goals({**key_of(world), "Origin": SITE})

    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Access-Control-Allow-Origin" not in preflight("/api/v1/goals").headers


def test_a_site_that_is_named_calls_with_a_token_and_reads_our_headers(
    world: World, settings: Any
) -> None:
    settings.CORS_ALLOWED_ORIGINS = [SITE]

    asked, answer = preflight("/api/v1/goals"), goals({**key_of(world), "Origin": SITE})

    assert asked.status_code == 200
    assert {"if-match", "authorization", "idempotency-key"} <= {
        name.strip() for name in asked.headers["Access-Control-Allow-Headers"].split(",")
    }
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Credentials" not in answer.headers
    exposed = answer.headers["Access-Control-Expose-Headers"]
    for name in ("ETag", "Location", "Link", "RateLimit-Remaining", "BelGov-Trace-Id"):
        assert name in exposed
    page = Client().get("/health", headers={"Origin": SITE})
    assert "Access-Control-Allow-Origin" not in page.headers
