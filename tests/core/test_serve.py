"""`manage.py serve`: the whole product as its user starts and stops it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from ibzplan.core import embedded

START_SECONDS = 180.0
STOP_SECONDS = 60.0

pytestmark = pytest.mark.slow


class Product:
    """One start of the product on a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Choose a free port; nothing runs yet."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.folder = folder
        self.output = folder.parent / "output.txt"
        self.environment = {
            **os.environ,
            "SECRET_KEY": "only-for-this-test",
            "IBZPLAN_DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'ibzplan.sqlite3'}",
            "REDIS_URL": "",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a management command; what it says goes to the output file."""
        with self.output.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "manage.py", *arguments],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def start(self) -> str:
        """Start it; return what it says once it is up."""
        self.process = self.command("serve", "--port", str(self.port), "--stop-with-parent")
        give_up_at = time.monotonic() + START_SECONDS
        while "Ctrl-C stops" not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < give_up_at, self.output.read_text()
            time.sleep(0.1)
        return self.output.read_text()

    def processes(self) -> list[int]:
        """Return every process that works on this data folder, by its environment."""
        mark = f"IBZPLAN_DATA_DIR={self.folder}".encode()
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in path.read_bytes().split(b"\0"):
                    found.append(int(path.parent.name))
            except OSError:  # it ended, or is not ours to look at
                continue
        return found

    def wait_until_gone(self) -> bool:
        """Wait until no process is left; tell whether that happened."""
        give_up_at = time.monotonic() + STOP_SECONDS
        while self.processes() and time.monotonic() < give_up_at:
            time.sleep(0.1)
        return not self.processes()

    def stop(self, signum: signal.Signals) -> int:
        """Send a signal and return the exit status."""
        assert self.process is not None
        self.process.send_signal(signum)
        return self.process.wait(STOP_SECONDS)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """Return a product that is gone after the test, whatever happened in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    product = Product(folder)
    yield product
    if product.process is not None and product.process.poll() is None:
        product.process.kill()
        product.process.wait()
        product.wait_until_gone()


def queue_housekeeping(product: Product) -> None:
    """Put one task in the broker's queue, as a page of the product would."""
    subprocess.run(
        [
            *(sys.executable, "-c"),
            "from ibzplan.celery import app; app.send_task('core.requeue_lost_jobs')",
        ],
        cwd=settings.BASE_DIR,
        env=product.environment,
        check=True,
    )


def test_it_starts_answers_and_stops_and_a_second_start_keeps_data_and_queue(
    product: Product,
) -> None:
    said = product.start()
    assert f"http://127.0.0.1:{product.port}/" in said
    assert (product.folder / "demo-logins.txt").read_text().strip() in said
    with urllib.request.urlopen(f"http://127.0.0.1:{product.port}/", timeout=10) as page:
        assert page.status == 200

    second = Product(product.folder)
    second.output = product.folder.parent / "second.txt"
    assert second.command("serve", "--port", str(second.port)).wait(START_SECONDS) != 0
    assert "Already running" in second.output.read_text()

    assert product.stop(signal.SIGTERM) == 0
    assert product.processes() == []
    assert "Stopped." in product.output.read_text()

    queue = product.folder / "broker" / "queue"
    queue_housekeeping(product)
    assert list(queue.glob("*.celery.msg"))  # it waits on disk while nothing runs
    again = product.start()
    assert "Making fictional plans" not in again
    give_up_at = time.monotonic() + 20
    while list(queue.glob("*.celery.msg")) and time.monotonic() < give_up_at:
        time.sleep(0.1)
    assert not list(queue.glob("*.celery.msg"))

    # Killed, it cannot stop its processes itself: the kernel tells them.
    product.stop(signal.SIGKILL)
    assert product.wait_until_gone()


def test_a_message_that_a_crash_left_between_queue_and_worker_goes_back(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "1_x.celery.msg").write_text("{}")

    embedded.prepare_broker(tmp_path)

    assert [path.name for path in (tmp_path / "queue").iterdir()] == ["1_x.celery.msg"]
    assert list(taken.iterdir()) == []
