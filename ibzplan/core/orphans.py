"""The last net under an embedded worker: killed with all its processes when it is left behind.

The kernel asks a worker to stop when its supervisor is killed: it takes no more tasks and ends what
it runs. What takes longer is killed here. Celery's own way to cut tasks short (QUIT) is no help: it
terminates its pool, a pool process tells of its end, and is terminated again while it holds the
lock of the results; another thread of it, such as one of the typesetter, takes that second signal,
the lock stays taken, and the worker waits for ever for the rest of its pool. Nothing is lost by
force: a job is a row with a lease, and is given to another worker when that has run out.
"""

import os
import signal
import threading
import time
from typing import Final

# Shorter than a next start waits for what a killed one left (supervisor.LOCK_WAIT_SECONDS).
ORPHAN_SECONDS: Final = 10.0
LOOK_EVERY_SECONDS: Final = 1.0


def end_with_parent(
    parent: int, *, after_seconds: float = ORPHAN_SECONDS, every_seconds: float = LOOK_EVERY_SECONDS
) -> None:
    """Kill this process group so long after the parent ended, unless we end by ourselves before.

    For a process that has a group of its own. A thread looks; a fork does not inherit it.
    """
    threading.Thread(
        target=_look, args=(parent, after_seconds, every_seconds), name="orphans", daemon=True
    ).start()


def _look(parent: int, after_seconds: float, every_seconds: float) -> None:
    while os.getppid() == parent:
        time.sleep(every_seconds)
    time.sleep(after_seconds)
    os.killpg(0, signal.SIGKILL)
