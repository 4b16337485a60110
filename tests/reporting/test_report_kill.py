"""Whatever is killed, forgotten or cut off, in the end there is one complete report.

The worker is the product's own, on a database and a broker of its own. It is watched through the
database alone: it runs a millisecond, is stopped, and what it committed says how far it is.
"""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings as product_settings
from django.db import connection
from redis import Redis
from redis.exceptions import ConnectionError as NoRedis

from ibzplan.celery import app
from ibzplan.core.embedded import child_specs, declare_queue, prepare_broker_folders
from ibzplan.core.models import Job, Notification
from ibzplan.core.models.job import JobState
from ibzplan.core.selectors import history_of
from ibzplan.core.services import jobs, jobs_requeue_lost
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from reporting.choices import ReportState
from reporting.models import ProgressReport, ReportFile
from reporting.render import FORMATS
from reporting.selectors.report_files import files_to_read
from reporting.services import report_request
from reporting.services.report_files import WITHOUT_ROW, files_sweep
from reporting.services.report_steps import STEP_COLLECT, STEP_PUBLISH, STEP_RENDER, STEP_STORE
from reporting.services.report_telling import MADE_KIND
from tests.core.connections import copy_to_file, own_connection
from tests.factories import Ministry
from tests.reporting.test_issue_report import issue

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LEASE_SECONDS: Final = 2
SLICE_SECONDS: Final = 0.001
TRIES: Final = 12
SCHEDULE_SECONDS: Final = 0.5
WITHIN_SECONDS: Final = 60.0
# Each of the two ways to run with its own: SQLite and files, PostgreSQL and Redis.
BROKERS: Final = ["redis" if product_settings.REDIS_URL else "embedded"]
# Where the work is when its worker is killed: the step of the report, or of one of its formats.
DRAFT_MOMENTS: Final = (STEP_COLLECT, STEP_RENDER, STEP_STORE, STEP_PUBLISH)
FINAL_MOMENTS: Final = (STEP_RENDER, STEP_PUBLISH)
DAYS: Final = [date(2026, 9, 1) + timedelta(days=day) for day in range(60)]


class Embedded:
    """The filesystem broker; after a restart it knows nothing any more."""

    url = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.restart()

    def restart(self) -> None:
        for message in self.folder.glob("*/*.msg"):
            message.unlink(missing_ok=True)

    def close(self) -> None:
        pass


class OwnRedis:
    """A Redis server that keeps nothing; without its program, a database of the given server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.program = shutil.which("redis-server")
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        given = product_settings.REDIS_URL.rpartition("/")[0] + "/9"
        self.url = f"redis://127.0.0.1:{self.port}/0" if self.program else given
        self.restart()

    def restart(self) -> None:
        if self.program is None:
            Redis.from_url(self.url).flushdb()
            return
        self.close()
        self.process = subprocess.Popen(
            [
                *(self.program, "--port", str(self.port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no", "--dir", str(self.folder)),
            ],
            stdout=subprocess.DEVNULL,
        )
        wait_for(self.answers)

    def answers(self) -> bool:
        with suppress(NoRedis):
            return bool(Redis.from_url(self.url).ping())
        return False

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class Worker:
    """The product's worker, which can be run in slices and killed."""

    def __init__(self, folder: Path, database: str, broker: str) -> None:
        self.log = folder / "worker.log"
        (self.spec,) = (one for one in child_specs(host="", port=0) if one.name == "worker")
        self.environment = {
            **os.environ,
            **self.spec.environment,
            "SECRET_KEY": "only-for-this-test",
            "IBZPLAN_DATA_DIR": str(folder),
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes messages."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.spec.argv,
                cwd=product_settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(lambda: not self.is_alive or b"ready." in self.log.read_bytes(), said=self.log)
        assert self.is_alive, self.log.read_text()

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, signum: signal.Signals) -> None:
        """Send a signal to the worker and all its processes."""
        assert self.process is not None
        os.killpg(self.process.pid, signum)

    def run_until(self, reached: Callable[[], bool]) -> None:
        """Let it run in slices, and leave it stopped where it was when `reached` came true."""
        self.signal(signal.SIGSTOP)
        began = time.monotonic()
        schedule_at = began + SCHEDULE_SECONDS
        while not reached():
            now = time.monotonic()
            assert now - began < WITHIN_SECONDS, self.log.read_text()
            self.signal(signal.SIGCONT)
            if now > schedule_at:  # a stopped worker may hold the database
                jobs_requeue_lost()
                schedule_at = now + SCHEDULE_SECONDS
            time.sleep(SLICE_SECONDS)
            self.signal(signal.SIGSTOP)

    def kill(self) -> None:
        if self.process is not None and self.is_alive:
            self.signal(signal.SIGKILL)
            self.process.wait()


class Stage:
    """A worker, a broker and a database that nobody else uses; the test is their scheduler."""

    def __init__(self, ministry: Ministry, worker: Worker, broker: Any) -> None:
        self.ministry, self.worker, self.broker = ministry, worker, broker
        self.days = iter(DAYS)
        self.own_backends = backends()

    def ask(self) -> ProgressReport:
        """Ask for the report of another day."""
        report, _job = report_request(
            actor=self.ministry.users["corporate"],
            strategic_plan=self.ministry.plan,
            minister=self.ministry.vbz,
            reference_date=next(self.days),
            language="nl",
        )
        return report

    def kill_at(self, moment: str, reports: list[ProgressReport], *, is_final: bool) -> None:
        """Kill the worker at a moment of the last report's files; the broker forgets everything.

        The moment is short, on a busy machine shorter than the turns that processes get: when it
        was missed, another report has it.
        """
        for _try in range(TRIES):
            report = reports[-1]
            self.worker.run_until(
                lambda: is_at(moment, report) or is_ready(report)  # noqa: B023
            )
            if is_at(moment, report):
                break
            reports.append(self.ask())
            if is_final:
                self.finish()
                issue(self.ministry, reports[-1])
        assert is_at(moment, report), f"never seen: {moment}"
        self.worker.kill()
        assert not is_ready(report)
        self.broker.restart()
        self.worker.start()

    def finish(self) -> None:
        """Let every job end; what lost its worker or its message is queued again."""

        def ended() -> bool:
            jobs_requeue_lost()
            return not Job.objects.exclude(state=JobState.DONE).exists()

        self.worker.signal(signal.SIGCONT)
        wait_for(ended, every=SCHEDULE_SECONDS, said=self.worker.log)

    def cut_connections(self) -> None:
        """Take the database away from the worker; SQLite has no connections to lose."""
        with connection.cursor() as cursor:
            for backend in backends() - self.own_backends:
                cursor.execute("SELECT pg_terminate_backend(%s)", [backend])


def wait_for(true: Callable[[], bool], *, every: float = 0.05, said: Path | None = None) -> None:
    """Wait until something is true; else fail with what the worker said."""
    give_up_at = time.monotonic() + WITHIN_SECONDS
    while not true():
        assert time.monotonic() < give_up_at, said.read_text() if said else ""
        time.sleep(every)


def backends() -> set[int]:
    """Return the connections to the database, as PostgreSQL numbers them."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return {pid for (pid,) in cursor.fetchall()}


def database_url(file: Path) -> str:
    """Return the address under which a worker finds the test's database."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{file}"
    at = connection.settings_dict
    return (
        f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT'] or 5432}/{at['NAME']}"
    )


@pytest.fixture(params=BROKERS)
def stage(
    request: pytest.FixtureRequest,
    ministry: Ministry,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Stage]:
    """A measured objective, and everything that makes reports of it."""
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T1"),
        figure=Figure(value=Decimal("89.5")),
    )
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.BROKER_DIR = tmp_path / "broker"
    prepare_broker_folders(settings.BROKER_DIR)
    broker: Embedded | OwnRedis
    if request.param == "redis":
        broker, options = OwnRedis(tmp_path), {}
    else:
        broker = Embedded(settings.BROKER_DIR)
        folder = str(settings.BROKER_DIR / "queue")
        control = str(settings.BROKER_DIR / "control")
        options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": control}
    settings.REDIS_URL = broker.url
    monkeypatch.setitem(app.conf, "broker_url", broker.url or "filesystem://")
    monkeypatch.setitem(app.conf, "broker_transport_options", options)
    monkeypatch.setattr(jobs, "LEASE_SECONDS", LEASE_SECONDS)
    monkeypatch.setattr(jobs, "WAKE_AGAIN_SECONDS", LEASE_SECONDS / 2)
    declare_queue()
    file = tmp_path / "ibzplan.sqlite3"
    copy_to_file(file)
    worker = Worker(tmp_path, database_url(file), broker.url)
    with own_connection(file):
        try:
            yield Stage(ministry, worker, broker)
        finally:
            worker.kill()
            broker.close()


def is_at(moment: str, report: ProgressReport) -> bool:
    """Tell whether the work on a report is at a moment."""
    return Job.objects.filter(
        target_uuid=report.uuid, step=moment, state=JobState.RUNNING, lease_key__isnull=False
    ).exists()


def is_ready(report: ProgressReport) -> bool:
    """Tell whether there is anything to fetch: final files of an issued report, else drafts."""
    return bool(files_to_read(ProgressReport.objects.get(pk=report.pk)))


def assert_complete(report: ProgressReport) -> None:
    """Fail unless a report is there once, with each of its files whole, and was told once.

    An issued one has its final files beside those of its draft, and both were told.
    """
    report.refresh_from_db()
    kinds = [False, True] if report.issued_at else [False]
    assert report.state == ReportState.READY
    assert hashlib.sha256(report.snapshot.encode()).hexdigest() == report.snapshot_sha256
    rows = list(report.files.all())
    assert sorted((row.is_final, row.format) for row in rows) == [
        (kind, format_) for kind in kinds for format_ in sorted(FORMATS)
    ]
    for row in rows:
        content = row.file.read()
        row.file.close()
        assert row.published_at is not None
        assert (len(content), hashlib.sha256(content).hexdigest()) == (row.size_bytes, row.sha256)
    actions = Counter(entry.action for entry in history_of(report))
    assert (actions["requested"], actions["made"], actions["failed"]) == (1, 1, 0)
    assert actions["files_final"] == actions["issued"] == len(kinds) - 1
    told = Notification.objects.filter(target_uuid=report.uuid, kind=MADE_KIND)
    assert told.count() == len(kinds)


def test_the_worker_is_killed_the_broker_forgets_the_database_goes(
    stage: Stage, settings: Any
) -> None:
    reports = [stage.ask()]
    stage.worker.start()
    for moment in DRAFT_MOMENTS:
        stage.kill_at(moment, reports, is_final=False)
    stage.finish()
    issue(stage.ministry, reports[-1])
    for moment in FINAL_MOMENTS:
        stage.kill_at(moment, reports, is_final=True)
    stage.finish()
    stage.broker.restart()  # while the worker listens
    reports.append(stage.ask())
    stage.worker.run_until(lambda: is_at(STEP_RENDER, reports[-1]) or is_ready(reports[-1]))
    stage.cut_connections()
    stage.finish()

    for report in reports:
        assert_complete(report)
    assert ProgressReport.objects.count() == len(reports)
    kept = {Path(row.file.path) for row in ReportFile.objects.all()}
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    for path in files:
        old = time.time() - WITHOUT_ROW.total_seconds() - 1
        os.utime(path, (old, old))
    assert files_sweep() == len(files) - len(kept)
    assert {path for path in files if path.exists()} == kept


def test_two_requests_at_once_are_one_report(ministry: Ministry, tmp_path: Path) -> None:
    file = tmp_path / "ibzplan.sqlite3"
    copy_to_file(file)
    together = threading.Barrier(4)

    def ask(_number: int) -> tuple[int, int]:
        with own_connection(file):
            together.wait()
            report, job = report_request(
                actor=ministry.users["corporate"],
                strategic_plan=ministry.plan,
                minister=ministry.vbz,
                reference_date=date(2026, 9, 30),
                language="nl",
            )
            return report.pk, job.pk

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(ask, range(4)))
    assert len(answers) == 1
    with own_connection(file):
        assert (ProgressReport.objects.count(), Job.objects.count()) == (1, 1)
