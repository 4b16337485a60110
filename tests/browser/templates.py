"""Data folders, each with its database, that one process of a test run makes and all copy.

To migrate an empty database and to fill it takes longer than to copy what comes of it.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings

from tests.browser.visitor import PASSWORD, run_all
from tests.migrated import MIGRATED, copy_migrated
from tests.product import Product

Commands = Sequence[Sequence[str]]

FIRST_DAY: Final = "first-day"
DEMO: Final = "demo"
# What is made from what, and with which commands.
# The files of the demo's reports would keep the workers of every copy busy for a minute.
_NO_REPORT_FILES: Final = (
    "from ibzplan.core.models import Job; Job.objects.update(state='cancelled')"
)
RECIPES: Final[dict[str, tuple[str, Commands]]] = {
    FIRST_DAY: ("", [["migrate", "-v0"], ["load_plans"]]),
    DEMO: (
        FIRST_DAY,
        [
            ["demo_data", "--seed", "1", "--password", PASSWORD],
            ["shell", "-v0", "-c", _NO_REPORT_FILES],
        ],
    ),
}


def create_database(product: Product, template: str = "") -> str:
    """Point the product at a database of its own on the server that the tests use.

    Returns its name; '' on SQLite, where the database is a file in the data folder.
    """
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        return ""
    name = f"walk_{secrets.token_hex(6)}"
    _on_server(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}")
    product.environment["DATABASE_URL"] = urlunsplit(address)
    return name


def drop_database(name: str) -> None:
    """Drop a database of `create_database`, whoever still uses it."""
    if name:
        _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of a test run, in a folder that all its processes share."""

    folder: Path

    def copy_to(self, product: Product, kind: str) -> str:
        """Give a product a copy of a template; return the name of its database."""
        with self._lock():
            return self._copy(product, kind)

    @contextmanager
    def in_use(self, user: str) -> Iterator[None]:
        """Keep the templates for as long as one of the processes may need them."""
        sign = self.folder / f"used-by-{user}"
        with self._lock():
            sign.touch()
        try:
            yield
        finally:
            with self._lock():
                sign.unlink()
                if not list(self.folder.glob("used-by-*")):
                    self._remove()

    def _copy(self, product: Product, kind: str) -> str:
        if not self._name_of(kind).exists():
            self._make(kind)
        shutil.copytree(self.folder / kind, product.folder)
        return create_database(product, self._name_of(kind).read_text())

    def _make(self, kind: str) -> None:
        base, commands = RECIPES[kind]
        product = Product(self.folder / kind)
        shutil.rmtree(product.folder, ignore_errors=True)  # of an attempt that failed
        if base:
            name = self._copy(product, base)
        else:
            product.folder.mkdir()
            name = create_database(product, MIGRATED)
            if MIGRATED and not name:
                copy_migrated(product.folder)
        run_all(product, commands)
        self._name_of(kind).write_text(name)

    def _name_of(self, kind: str) -> Path:
        """Return the file with the name of a template's database; it is there when all is made."""
        return self.folder / f"{kind}.database"

    def _remove(self) -> None:
        for name in self.folder.glob("*.database"):
            drop_database(name.read_text())
            name.unlink()
            shutil.rmtree(self.folder / name.stem)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.folder.mkdir(exist_ok=True)
        with (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
