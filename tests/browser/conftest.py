"""The real product with its demo, started as `make run` starts it, and a real browser."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visitor import CHROMIUM_FLAGS, PASSWORD, run
from tests.product import Product


def _own_database(product: Product, place: int) -> str:
    """Point the product at a database of its own on the server that the tests use."""
    configured = settings.DATABASES["default"]
    if configured["ENGINE"] == "django.db.backends.sqlite3":
        return ""
    name = f"walk_{secrets.token_hex(6)}"
    address = os.environ["DATABASE_URL"]
    _postgres(address, f'CREATE DATABASE "{name}"')
    product.environment["DATABASE_URL"] = urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
    redis = os.environ.get("REDIS_URL", "")
    product.environment["REDIS_URL"] = urlunsplit(urlsplit(redis)._replace(path=_redis_path(place)))
    return name


def _redis_path(place: int) -> str:
    """Return a Redis database of its own for each product that a test worker has at one time:
    they must not take each other's work.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return f"/{7 + (2 * int(worker) + place) % 8}"


def _postgres(address: str, statement: str) -> None:
    connection = psycopg2.connect(address)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


@contextmanager
def _running(folder: Path, place: int, *commands: list[str]) -> Iterator[Product]:
    """Run the product on an empty folder, after some commands; no demo comes by itself."""
    folder.mkdir()
    product = Product(folder)
    name = _own_database(product, place)
    for command in (["migrate", "-v0"], ["load_plans"], *commands):
        run(product, *command)
    product.start("--no-demo")
    yield product
    product.close()
    if name:
        _postgres(os.environ["DATABASE_URL"], f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Start the product with its demo."""
    folder = tmp_path_factory.mktemp("walk") / "data"
    demo = ["demo_data", "--seed", "1", "--password", PASSWORD]
    with _running(folder, 0, demo) as product:
        yield product


@pytest.fixture(scope="module")
def empty_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Start the product as on its first day: the strategic plan and the NVP, and nobody in it."""
    with _running(tmp_path_factory.mktemp("first-day") / "data", 1) as product:
        yield product


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a browser for one module: while it is there, Django takes this thread for async code,
    and the next tests of this worker may be others.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM_PATH") or None, args=CHROMIUM_FLAGS
        )
        yield browser
        browser.close()
