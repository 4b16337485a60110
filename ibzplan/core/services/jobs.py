"""The life of a job: queued, claimed under a lease, stepped, finished, or queued again."""

import logging
import uuid
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError

from ibzplan.core.models import Job, Record
from ibzplan.core.models.job import JobState

if TYPE_CHECKING:
    from personnel.models import User

logger = logging.getLogger(__name__)

LEASE_SECONDS: Final = 60
WAKE_AGAIN_SECONDS: Final = 30
MAX_ATTEMPTS: Final = 5
# Whoever asked is waiting for the page, and the scheduler wakes what nobody woke: one short try.
# `retry=False` is not enough, because Celery's pooled connections go on connecting for 6 seconds.
BROKER_TIMEOUT_SECONDS: Final = 2
_ONE_TRY: Final = {
    "max_retries": 0,
    "socket_connect_timeout": BROKER_TIMEOUT_SECONDS,
    "socket_timeout": BROKER_TIMEOUT_SECONDS,
}


def _wake(job: Job) -> None:
    """Send the job's task by its name, once the row is committed."""
    transaction.on_commit(partial(_send, job))


def _send(job: Job) -> None:
    """Send the task now. A broker that does not answer is no error: the row waits for later."""
    from ibzplan.celery import app

    try:
        with app.connection_for_write(
            connect_timeout=BROKER_TIMEOUT_SECONDS, transport_options=_ONE_TRY
        ) as connection:
            app.send_task(job.task_name, args=[str(job.uuid)], connection=connection, retry=False)
    except (OperationalError, ChannelError, OSError) as error:
        logger.warning("job %s: the broker did not take its message: %s", job.uuid, error)


def job_queue(*, actor: "User", task_name: str, target: Record, steps: int) -> Job:
    """Make a job row and wake a worker after commit."""
    job = Job.objects.create(
        task_name=task_name,
        target_type=target.type_name(),
        target_uuid=target.uuid,
        requested_by=actor,
        steps_total=steps,
        queued_at=timezone.now(),
    )
    _wake(job)
    return job


def job_claim(*, job_uuid: str | uuid.UUID) -> Job | None:
    """Take the job for this worker, or return None when there is nothing to take.

    None: the row is gone, is finished, or another worker holds a live lease.
    """
    now = timezone.now()
    key = uuid.uuid4()
    taken = (
        Job.objects.filter(uuid=job_uuid)
        .filter(Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now))
        .update(
            state=JobState.RUNNING,
            lease_key=key,
            lease_until=now + timedelta(seconds=LEASE_SECONDS),
            attempts=F("attempts") + 1,
            started_at=now,
            steps_done=0,
            error="",
        )
    )
    return Job.objects.get(uuid=job_uuid) if taken else None


class LeaseLost(Exception):
    """Another worker took the job, or someone cancelled it: stop without writing."""


def job_step(*, job: Job, step: str, done: int) -> None:
    """Report the step that begins now and renew the lease. Raises LeaseLost."""
    held = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_key=job.lease_key).update(
        step=step,
        steps_done=done,
        lease_until=timezone.now() + timedelta(seconds=LEASE_SECONDS),
    )
    if not held:
        raise LeaseLost(str(job.uuid))


def job_finish(*, job: Job, error: str = "") -> None:
    """End the job, done or (with `error`) failed. Raises LeaseLost when it is no longer ours."""
    held = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_key=job.lease_key).update(
        state=JobState.FAILED if error else JobState.DONE,
        error=error,
        ended_at=timezone.now(),
        lease_until=None,
        steps_done=F("steps_done") if error else F("steps_total"),
    )
    if not held:
        raise LeaseLost(str(job.uuid))


def jobs_requeue_lost() -> int:
    """Queue again what lost its worker or was never picked up; return how many.

    After MAX_ATTEMPTS a job fails with a clear error instead of coming back for ever.
    """
    now = timezone.now()
    lost = Q(state=JobState.RUNNING, lease_until__lt=now) | Q(
        state=JobState.QUEUED, queued_at__lt=now - timedelta(seconds=WAKE_AGAIN_SECONDS)
    )
    count = 0
    for job in Job.objects.filter(lost).order_by("pk"):
        with transaction.atomic():
            if job.attempts >= MAX_ATTEMPTS:
                Job.objects.filter(pk=job.pk).filter(lost).update(
                    state=JobState.FAILED, error="worker_lost", ended_at=now
                )
                continue
            if (
                Job.objects.filter(pk=job.pk)
                .filter(lost)
                .update(state=JobState.QUEUED, queued_at=now, lease_key=None, lease_until=None)
            ):
                _wake(job)
                count += 1
    return count
