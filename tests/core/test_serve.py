"""`manage.py serve`: the whole product as its user starts and stops it."""

import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

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


# One report is made anew, and the other ones of the demo are left out: they would keep the workers
# busy long after the test has seen what it wants.
QUEUE = """
from ibzplan.celery import app
from ibzplan.core.models import Job
from reporting.models import ReportFile
app.send_task("core.requeue_lost_jobs")
report = Job.objects.filter(parent=None, task_name__startswith="reporting.make_").latest("pk")
ReportFile.objects.filter(report__uuid=report.target_uuid).delete()
Job.objects.exclude(pk=report.pk).update(state="cancelled")
Job.objects.filter(parent=report).delete()
Job.objects.filter(pk=report.pk).update(state="queued")
app.send_task(report.task_name, args=[str(report.uuid)])
"""


def queue_tasks(product: Product) -> None:
    """Put a piece of housekeeping and a report in the broker's queue, as pages would."""
    queued = Product(product.folder)
    queued.output = product.folder.parent / "queued.txt"
    said = queued.command("shell", "-v0", "-c", QUEUE).wait(START_SECONDS)
    assert said == 0, queued.output.read_text()


def formats_in_the_making(product: Product) -> int:
    """Return how many formats of reports the workers are at."""
    with closing(connect(product.folder / "ibzplan.sqlite3")) as database:
        sql = "SELECT count(*) FROM core_job WHERE state = 'running' AND part <> ''"
        found: int = database.execute(sql).fetchone()[0]
    return found


def wait_for(true: Callable[[], object], seconds: float = 30.0) -> None:
    give_up_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


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
    queue_tasks(product)
    waiting = set(queue.glob("*.celery.msg"))
    assert waiting  # it waits on disk while nothing runs
    again = product.start()
    assert "Making fictional plans" not in again
    wait_for(lambda: not waiting & set(queue.glob("*.celery.msg")))

    # Killed, it cannot stop its processes itself: the kernel tells them, and those that are at work
    # then end too.
    wait_for(lambda: formats_in_the_making(product))
    product.stop(signal.SIGKILL)
    assert product.wait_until_gone()


def test_a_message_that_a_crash_left_between_queue_and_worker_goes_back(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "1_x.celery.msg").write_text("{}")

    embedded.prepare_broker_folders(tmp_path)

    assert [path.name for path in (tmp_path / "queue").iterdir()] == ["1_x.celery.msg"]
    assert list(taken.iterdir()) == []
