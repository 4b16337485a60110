"""The real product with its demo, started as `make run` starts it, and a real browser."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.templates import DEMO, FIRST_DAY, Templates, drop_database
from tests.browser.visitor import CHROMIUM_FLAGS
from tests.product import Product


def _redis_address(place: int) -> str:
    """Return a Redis database of its own for each product that a test worker has at one time:
    they must not take each other's work.
    """
    address = urlsplit(os.environ.get("REDIS_URL", ""))
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return urlunsplit(address._replace(path=f"/{7 + (2 * int(worker) + place) % 8}"))


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """Return the templates, which the workers of a run make once for all."""
    folder, worker = tmp_path_factory.getbasetemp(), os.environ.get("PYTEST_XDIST_WORKER")
    templates = Templates((folder.parent if worker else folder) / "templates")
    with templates.in_use(worker or "me"):
        yield templates


@contextmanager
def _running(templates: Templates, kind: str, folder: Path, place: int) -> Iterator[Product]:
    """Run the product on a copy of a template; no demo comes by itself."""
    product = Product(folder)
    name = templates.copy_to(product, kind)
    if name:
        product.environment["REDIS_URL"] = _redis_address(place)
    try:
        product.start("--no-demo")
        yield product
    finally:
        product.close()
        drop_database(name)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[Product]:
    """Start the product with its demo."""
    with _running(templates, DEMO, tmp_path_factory.mktemp("walk") / "data", 0) as product:
        yield product


@pytest.fixture(scope="module")
def empty_product(
    tmp_path_factory: pytest.TempPathFactory, templates: Templates
) -> Iterator[Product]:
    """Start the product as on its first day: the strategic plan and the NVP, and nobody in it."""
    folder = tmp_path_factory.mktemp("first-day") / "data"
    with _running(templates, FIRST_DAY, folder, 1) as product:
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
