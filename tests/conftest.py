"""What every test gets: plain static files, and a small ministry with a user per role."""

import gc
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings as product_settings
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation
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


# What reaches the databases and brokers of a run: by a fixture, or by a test's own product.
_DATABASE_FIXTURES: Final = frozenset({"db", "transactional_db", "django_db_setup", "templates"})


def _uses_servers(item: pytest.Item) -> bool:
    """Tell whether a test can come out otherwise on another database or broker."""
    fixtures = set(getattr(item, "fixturenames", ()))
    owner = getattr(item, "cls", None)
    is_django = owner is not None and issubclass(owner, TransactionTestCase)
    is_marked = any(item.get_closest_marker(mark) for mark in ("django_db", "browser"))
    return is_django or is_marked or bool(fixtures & _DATABASE_FIXTURES)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has no database when that ran already, and put the others in their order."""
    if os.environ.get("IBZPLAN_SERVERS_ONLY"):
        config.hook.pytest_deselected(items=[one for one in items if not _uses_servers(one)])
        items[:] = [one for one in items if _uses_servers(one)]
    _put_in_order(items)


def _put_in_order(items: list[pytest.Item]) -> None:
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
    """Look for garbage less often: the suite makes little, and what was imported stays anyway.
    Hash passwords in no time: what keeps a thief from guessing takes a quarter of a second each.
    """
    product_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
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


@pytest.fixture(autouse=True)
def _no_language_from_before() -> None:
    """The language of another test's last request speaks no more."""
    translation.deactivate()


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
