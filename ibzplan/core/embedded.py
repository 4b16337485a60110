"""What the embedded start runs: the broker's folders, the static files, the three processes."""

import hashlib
import http.client
import shutil
import signal
import sys
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from ibzplan.core.supervised_process import ChildSpec

WEB_WORKERS: Final = 2
WEB_THREADS: Final = 4
TASK_PROCESSES: Final = 2
ACCESS_LOG_FORMAT: Final = '%(t)s "%(r)s" %(s)s %(b)s bytes %(M)s ms'
ANSWER_SECONDS: Final = 2.0
# How long a stop waits for the request or the task that runs; a task that takes longer goes back
# to the queue, and its job row is queued again when its lease has run out.
REQUEST_SECONDS: Final = 10
TASK_SECONDS: Final = 30.0


def prepare_broker_folders(broker_folder: Path) -> None:
    """Make the folders of the filesystem broker; only while nothing else runs on them.

    A message that a killed worker had moved out of the queue but not read goes back. The table
    of queues is left to be made anew: it is written in place, so that a crash can leave it empty
    and unreadable.
    """
    queue, control, taken = (broker_folder / name for name in ("queue", "control", "taken"))
    shutil.rmtree(control, ignore_errors=True)
    for folder in (queue, control, taken):
        folder.mkdir(parents=True, exist_ok=True)
    for message in taken.glob("*.msg"):
        message.rename(queue / message.name)


def declare_queue() -> None:
    """Enter the queue in the broker's table, before two first users at once could spoil it."""
    from ibzplan.celery import app

    with app.connection_for_write() as connection:
        app.amqp.queues[app.conf.task_default_queue](connection.default_channel).declare()


def _static_fingerprint() -> str:
    """Return a hash over names, sizes and times of every static file that the apps bring."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def collect_static() -> bool:
    """Collect the static files when one changed since the last time; return whether it did."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = _static_fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == fingerprint:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(fingerprint, encoding="ascii")
    return True


def child_specs(*, host: str, port: int) -> list[ChildSpec]:
    """Return web server, worker and scheduler, as this interpreter starts them."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    celery = [sys.executable, "-m", "celery", "-A", "ibzplan.celery"]
    return [
        ChildSpec(
            name="web",
            argv=[
                *(sys.executable, "-m", "gunicorn", "ibzplan.wsgi:application"),
                *("--bind", bind, "--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS)),
                *("--graceful-timeout", str(REQUEST_SECONDS), "--timeout", "120"),
                *("--access-logfile", "-", "--access-logformat", ACCESS_LOG_FORMAT),
                "--no-control-socket",
            ],
            stop_signals=[(signal.SIGTERM, REQUEST_SECONDS + 5.0)],
        ),
        ChildSpec(
            name="worker",
            argv=[
                *(*celery, "worker", "--loglevel", "INFO", "--hostname", "worker@%h"),
                *("--pool", "prefork", "--concurrency", str(TASK_PROCESSES)),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ],
            # TERM lets the running tasks end; QUIT puts them back in the queue.
            stop_signals=[(signal.SIGTERM, TASK_SECONDS), (signal.SIGQUIT, 10.0)],
            # The broker moves a message to the temporary folder before reading it; within the
            # data folder that is one rename, and what a crash leaves there can be put back.
            environment={"WORKER_ENDS_WITH_PARENT": "true"}
            | ({} if settings.REDIS_URL else {"TMPDIR": f"{settings.BROKER_DIR}/taken"}),
        ),
        ChildSpec(
            name="beat",
            # The lock on the data folder already keeps a second one out; a pid file would only
            # be in the way after a crash, when another process has got its number.
            argv=[*celery, "beat", "--loglevel", "INFO", "--pidfile", ""],
        ),
    ]


def answers(*, host: str, port: int) -> bool:
    """Tell whether the web server answers, whatever it says: its state of health is its own."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (not a binding)
    connection = http.client.HTTPConnection(local, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/health", headers={"Host": f"localhost:{port}"})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()
