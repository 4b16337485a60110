"""A migrated database that the test databases of a run begin as copies of (tests/migrated.py)."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT: Final = Path(__file__).resolve().parent.parent


class Migrated:
    """An empty database with every migration, made while the checks run; test databases begin
    as copies of it (tests/migrated.py).
    """

    def __init__(self, folder: Path, database: str, environment: Mapping[str, str]) -> None:
        """Make it in the background: a file, or a database on the server that is named."""
        self.server = database if database.startswith(("postgres", "pgsql")) else ""
        self.name = f"ibzplan_migrated_{os.getpid()}" if self.server else str(folder / "migrated")
        address = f"sqlite:///{self.name}"
        if self.server:
            address = urlunsplit(urlsplit(self.server)._replace(path=f"/{self.name}"))
            self._on_server(f'CREATE DATABASE "{self.name}"')
        self._log = (folder / f"{Path(self.name).name}.log").open("w+")
        self._work = subprocess.Popen(
            [sys.executable, "manage.py", "migrate", "-v0"],
            cwd=ROOT,
            env={**environment, "DATABASE_URL": address},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> str:
        """Return what went wrong, once it is ready."""
        if self._work.wait():
            self._log.seek(0)
            return self._log.read()
        return ""

    def close(self) -> None:
        """End what still runs, and take the database away."""
        self._work.kill()
        self._work.wait()
        self._log.close()
        if self.server:
            self._on_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _on_server(self, statement: str) -> None:
        connection = psycopg2.connect(self.server)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()
