"""The Celery application: `celery -A ibzplan.celery worker`, and `beat` for the scheduler."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init
from django.conf import settings

from ibzplan.core.orphans import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ibzplan.settings")
app = Celery("ibzplan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def end_with_supervisor(**_signal: Any) -> None:
    """Let the worker end with the process that started it, and its pool with the worker.

    Only one that leads a process group of its own: that of another is not ours to end.
    """
    worker = os.getpid()
    if not settings.WORKER_ENDS_WITH_PARENT or os.getpgrp() != worker:
        return

    def end_with_worker(**_signal: Any) -> None:
        end_with_parent(worker)

    end_with_parent(os.getppid())
    worker_process_init.connect(end_with_worker, weak=False)
