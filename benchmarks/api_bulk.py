"""How fast a list of a million figures is taken over HTTP, against `psql \\copy` of its query.

Run it on each database: `python benchmarks/api_bulk.py [rows]`, with DATABASE_URL for PostgreSQL.
It fills a throw-away database beside the configured one, starts the web server as the product
does, takes the list in turn as each format and prints rows a second, the ratio to `\\copy` (aims:
CSV 0.8, NDJSON 0.3, Parquet 0.5) and the most memory that a server process took (aim: 250 MB).
"""

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ibzplan.settings")

import django
from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from personnel.models import User

ROWS: Final = 1_000_000
# Months an indicator, each with a figure of the whole and one of a part.
MONTHS: Final = 100
ROUNDS: Final = 3
FIRST_MONTH: Final = date(2015, 1, 1)
LAST_DAY: Final = date(2023, 12, 31)
RECORDED: Final = datetime(2026, 1, 1, tzinfo=UTC)
READ_BYTES: Final = 1024 * 1024
HOST: Final = "127.0.0.1"
PATH: Final = "/api/v1/measurements?includeHistory=true"
# What is asked for, with the aim of the issue.
FORMATS: Final = {
    "CSV": ("text/csv", "", 0.8),
    "CSV, gzip": ("text/csv", "gzip", None),
    "NDJSON": ("application/x-ndjson", "", 0.3),
    "Parquet": ("application/vnd.apache.parquet", "", 0.5),
}


@contextmanager
def throw_away_database(folder: Path) -> Iterator[str]:
    """Make an empty database with all tables, and take it away again; yield its URL."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(folder / "benchmark.sqlite3")
    before = connection.settings_dict["NAME"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    beside = urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()
    try:
        yield f"sqlite:///{name}" if connection.vendor == "sqlite" else beside
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def make_reader() -> "tuple[User, str]":
    """Return an account of the corporate cell and the key of its token."""
    from ibzplan.core.services import token_create
    from personnel.choices import Role
    from personnel.models import RoleAssignment, User

    user = User.objects.create(username="benchmark")
    RoleAssignment.objects.create(user=user, role=Role.CORPORATE)
    _token, key = token_create(user=user, name="benchmark")
    return user, key


def make_figures(user: "User", rows: int) -> None:
    """Record so many figures: half of those of the whole validated, one in ten with a comment."""
    from ibzplan.core.localised import LocalisedText
    from objectives.indicators.models import Indicator
    from objectives.indicators.periods import periods_between
    from personnel.models import OrganisationUnit

    unit = OrganisationUnit.objects.create(code="PROEF", kind="general_directorate")
    Indicator.objects.bulk_create(
        (
            Indicator(
                code=f"I{number:05}",
                owner=unit,
                target_kind="increase",
                unit_of_measure=LocalisedText({"nl": "aantal", "fr": "nombre"}),
                is_released=True,
                is_submitted=True,
            )
            for number in range(rows // (2 * MONTHS))
        ),
        batch_size=1000,
    )
    periods = periods_between("M", FIRST_MONTH, LAST_DAY)[:MONTHS]
    for place, period in enumerate(periods):
        moment = RECORDED + timedelta(minutes=place)
        for key in ("", "region=bru"):
            _insert_figures(key, period.start, period.end, moment, user.pk)
    _insert_reviews(user.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _uuid() -> str:
    is_sqlite = connection.vendor == "sqlite"
    return "lower(hex(randomblob(16)))" if is_sqlite else "gen_random_uuid()"


def _insert_figures(key: str, start: date, end: date, moment: datetime, user: int) -> None:
    false = "false" if connection.vendor == "postgresql" else "0"
    statement = (
        "INSERT INTO indicators_measurement (uuid, indicator_id, period_start, resolution, "  # noqa: S608 (our own SQL)
        "period_end, breakdown_key, value, narrative, recorded_at, recorded_by_id, reason, "
        f"is_demo, confirmed_checks) SELECT {_uuid()}, id, %s, 'M', %s, %s, id * 12.5, "
        """CASE WHEN id %% 10 = 0 THEN '{"nl": "Iets meer dan verwacht, na een late levering.", """
        """"fr": "Un peu plus que prévu, après une livraison tardive."}' ELSE '{}' END"""
        f"{'::jsonb' if connection.vendor == 'postgresql' else ''}, %s, %s, '', {false}, '[]' "
        "FROM indicators_indicator ORDER BY id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [start, end, key, moment, user])


def _insert_reviews(user: int) -> None:
    false = "false" if connection.vendor == "postgresql" else "0"
    statement = (
        "INSERT INTO indicators_measurementevent (uuid, measurement_id, kind, recorded_at, "  # noqa: S608 (our own SQL)
        f"recorded_by_id, reason, is_demo, cause_type) SELECT {_uuid()}, id, 'validated', %s, "
        f"%s, '', {false}, '' FROM indicators_measurement "
        "WHERE breakdown_key = '' AND indicator_id %% 2 = 0"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [RECORDED + timedelta(days=1), user])


def copy_statement(user: "User") -> str:
    """Return the query that the server copies for this reader."""
    from django.http import QueryDict
    from django.test import RequestFactory

    from ibzplan.core.api.base import Read
    from ibzplan.core.api.bulk import statements
    from ibzplan.core.api.links import Links
    from ibzplan.core.clocks import Clocks
    from objectives.indicators.api import Measurements

    request = RequestFactory(headers={"host": HOST}).get(PATH)
    read = Read(user, Clocks.now(), Links(request), include_history=True)
    collection = Measurements()
    source = collection.bulk.source(collection, QueryDict("includeHistory=true"), read)
    statement = statements.copy_csv(source.stored())
    if statement is None:
        raise RuntimeError("there is nothing to copy")
    return statement.decode()


def seconds_of_psql(url: str, statement: str) -> float:
    """Return how long psql takes to copy the query to nowhere."""
    line = "\\" + statement.replace("COPY", "copy", 1).replace("STDOUT", "'/dev/null'")
    start = perf_counter()
    subprocess.run(["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", url, "-c", line], check=True)  # noqa: S603, S607
    return perf_counter() - start


@contextmanager
def web_server(url: str, folder: Path) -> Iterator[tuple[int, int]]:
    """Start the web server as `serve` does; yield its port and the id of its first process."""
    from ibzplan.core import embedded

    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    spec = next(one for one in embedded.child_specs(host=HOST, port=port) if one.name == "web")
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "IBZPLAN_DATA_DIR": str(folder),
        "SECRET_KEY": settings.SECRET_KEY,
    }
    with (folder / "web.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 (the product's own command)
            spec.argv,
            env=environment,
            stdout=log,
            stderr=log,
            cwd=Path(__file__).resolve().parent.parent,
        )
        try:
            while not embedded.answers(host=HOST, port=port):
                sleep(0.2)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait()


def take(port: int, key: str, accept: str, encoding: str) -> tuple[float, int, int]:
    """Return how long it takes, the bytes sent and the lines in them."""
    headers = {"Authorization": f"Bearer {key}", "Accept": accept}
    if encoding:
        headers["Accept-Encoding"] = encoding
    start = perf_counter()
    client = http.client.HTTPConnection(HOST, port)
    client.request("GET", PATH, headers=headers)
    response = client.getresponse()
    if response.status != 200:
        raise RuntimeError(response.read().decode())
    size = lines = 0
    while part := response.read(READ_BYTES):
        size += len(part)
        lines += part.count(b"\n")
    client.close()
    return perf_counter() - start, size, lines


def most_megabytes(master: int) -> float:
    """Return the most memory that a process of the server has held until now."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    status = [Path(f"/proc/{child}/status").read_text() for child in children]
    found = [line for text in status for line in text.splitlines() if line.startswith("VmHWM")]
    return max(int(line.split()[1]) for line in found) / 1024


def measure(once: Callable[[], float], found: list[float]) -> None:
    """Add how long it took this time."""
    found.append(once())


def main() -> None:
    """Fill, measure in turn, print."""
    django.setup()
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with TemporaryDirectory() as name, throw_away_database(Path(name)) as url:
        user, key = make_reader()
        make_figures(user, rows)
        is_postgresql = connection.vendor == "postgresql"
        statement = copy_statement(user) if is_postgresql else ""
        connection.close()
        with web_server(url, Path(name)) as (port, master):
            report(url, statement, port, master, key, rows)
        connection.close()


def report(url: str, statement: str, port: int, master: int, key: str, rows: int) -> None:
    """Take the list in turn as each format and print what it took."""
    times: dict[str, list[float]] = {kind: [] for kind in ("psql", *FORMATS)}
    sizes: dict[str, int] = {}
    memory: dict[str, float] = {}
    for _round in range(ROUNDS):
        if statement:
            measure(lambda: seconds_of_psql(url, statement), times["psql"])
        for kind, (accept, encoding, _aim) in FORMATS.items():
            seconds, sizes[kind], lines = take(port, key, accept, encoding)
            if not encoding and kind != "Parquet" and lines < rows:
                raise RuntimeError(f"{kind}: {lines} lines of {rows}")
            times[kind].append(seconds)
            memory[kind] = most_megabytes(master)
    base = median(times["psql"]) if times["psql"] else None
    if base:
        sys.stdout.write(f"psql \\copy: {rows / base:,.0f} rows/s\n")
    for kind, (_accept, _encoding, aim) in FORMATS.items():
        took = median(times[kind])
        ratio = f", {base / took:.2f} of \\copy" if base else ""
        wanted = f" (aim {aim})" if base and aim else ""
        sys.stdout.write(
            f"{kind}: {rows / took:,.0f} rows/s{ratio}{wanted}, "
            f"{sizes[kind] / 1e6:.0f} MB, server at most {memory[kind]:.0f} MB\n"
        )


if __name__ == "__main__":
    main()
