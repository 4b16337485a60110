"""What every test gets: plain static files, and a small ministry with a user per role."""

import gc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from ibzplan.core import append_only, steady, table_versions
from tests.factories import Ministry, make_ministry
from tests.migrated import begin_migrated

# How long one example takes says how busy the machine is, and nothing of the rule that it tries.
hypothesis_settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("suite")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with a file that needs a browser, then those with other slow tests, then the others
    that need a browser, then those with most tests: what is long and begun late leaves one process
    at work alone, and whoever has no browser works while the first one makes the templates of
    tests/browser/templates.py, instead of waiting for them. Within a file the order stays.
    """
    marked = {
        mark: {item.path for item in items if item.get_closest_marker(mark)}
        for mark in ("browser", "slow")
    }
    tests = Counter(item.path for item in items)

    def place(item: pytest.Item) -> tuple[bool, bool, int, Path]:
        path = item.path
        return path not in marked["slow"], path in marked["browser"], -tests[path], path

    items.sort(key=place)
    first = next((item.path for item in items if item.path in marked["browser"]), None)
    items.sort(key=lambda item: item.path != first)


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """No collectstatic in tests: serve the committed files under their own names."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT = settings.STATICFILES_DIRS[0]


def pytest_sessionstart() -> None:
    """Look for garbage less often: the suite makes little, and what was imported stays anyway."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.fixture(autouse=True)
def as_many_requests_as_it_likes(settings: Any, tmp_path: Any) -> None:
    """What a test sends is not counted; one that tests the limits sets its own."""
    settings.API_LIMITS = {}
    settings.LIMITS_DIR = tmp_path / "limits"


@pytest.fixture(autouse=True)
def own_media_folder(settings: Any, tmp_path: Any) -> None:
    """Reports made in a test go away with it."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _nothing_kept_from_before() -> None:
    """What another test read is gone from the database, and so from the memory."""
    steady.forget()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Begin with a copy of a migrated database where there is one."""
    begin_migrated()


@pytest.fixture(autouse=True, scope="session")
def _transactional_tests_may_flush() -> Iterator[None]:
    """Emptying the test database between tests is the one DELETE that the triggers let pass."""
    name = "_fixture_teardown"  # not in the stubs
    teardown = getattr(TransactionTestCase, name)

    def with_maintenance(self: TransactionTestCase) -> None:
        connection = connections["default"]
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":  # the table that opens the pass is emptied too
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for (trigger,) in cursor.fetchall():
                    cursor.execute(f'DROP TRIGGER "{trigger}"')
            else:
                cursor.execute("SELECT set_config('ibzplan.maintenance', 'on', false)")
        teardown(self)
        if connection.vendor == "sqlite":
            append_only.install()
            table_versions.install()
        else:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('ibzplan.maintenance', 'off', false)")

    setattr(TransactionTestCase, name, with_maintenance)
    yield
    setattr(TransactionTestCase, name, teardown)


@pytest.fixture
def ministry(db: None) -> Ministry:
    """Two directorates of two ministers, a strategic plan, the plan of 2026, nine users."""
    return make_ministry()
