"""`manage.py serve`: the whole product as its user starts and stops it."""

import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from ibzplan.core import embedded
from tests.product import START_SECONDS, Product

pytestmark = pytest.mark.slow


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


def leave_reports_out(product: Product) -> None:
    """Let nobody make the files of the demo's reports: they would keep the workers busy."""
    commands = "from ibzplan.core.models import Job; Job.objects.update(state='cancelled')"
    left_out = Product(product.folder)
    left_out.output = product.folder.parent / "left-out.txt"
    assert left_out.command("shell", "-v0", "-c", commands).wait(START_SECONDS) == 0


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
    leave_reports_out(product)

    queue = product.folder / "broker" / "queue"
    queue_housekeeping(product)
    waiting = set(queue.glob("*.celery.msg"))
    assert waiting  # it waits on disk while nothing runs
    again = product.start()
    assert "Making fictional plans" not in again
    give_up_at = time.monotonic() + 20
    while waiting & set(queue.glob("*.celery.msg")) and time.monotonic() < give_up_at:
        time.sleep(0.1)
    assert not waiting & set(queue.glob("*.celery.msg"))

    # Killed, it cannot stop its processes itself: the kernel tells them.
    product.stop(signal.SIGKILL)
    assert product.wait_until_gone()


def test_a_message_that_a_crash_left_between_queue_and_worker_goes_back(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "1_x.celery.msg").write_text("{}")

    embedded.prepare_broker_folders(tmp_path)

    assert [path.name for path in (tmp_path / "queue").iterdir()] == ["1_x.celery.msg"]
    assert list(taken.iterdir()) == []
