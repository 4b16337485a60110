"""The life of a job: queued, claimed under a lease, stepped, finished, or queued again.

A job can hand parts of its work to jobs of their own (`job_split`) and wait for them without a
lease; the transaction that ends the last part queues it again. Whoever locks the rows of both
locks the parent first.
"""

import logging
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError

from ibzplan.core.models import Job, Record
from ibzplan.core.models.job import JobState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from personnel.models import User

logger = logging.getLogger(__name__)

_OPEN: Final = (JobState.QUEUED, JobState.RUNNING, JobState.WAITING)
LEASE_SECONDS: Final[int] = settings.JOB_LEASE_SECONDS
WAKE_AGAIN_SECONDS: Final = LEASE_SECONDS / 2
# A piece of work renews its lease for so long while it gives no sign; then it counts as stuck.
LONGEST_PIECE_SECONDS: Final = 900
MAX_ATTEMPTS: Final = 5
WORKER_LOST: Final = "worker_lost"
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
            lease_until=_lease_end(),
            attempts=F("attempts") + 1,
            started_at=now,
            error="",
        )
    )
    return Job.objects.get(uuid=job_uuid) if taken else None


class LeaseLost(Exception):
    """Another worker took the job, or someone cancelled it: stop without writing."""


def job_step(*, job: Job, step: str, done: int) -> None:
    """Report the step that begins now and renew the lease. Raises LeaseLost."""
    held = _held(job).update(step=step, steps_done=done, lease_until=_lease_end())
    if not held:
        raise LeaseLost(str(job.uuid))


@contextmanager
def job_kept(*, job: Job) -> Iterator[None]:
    """Renew the lease during a long piece of work, from a thread that ends with the process.

    A piece that takes longer than LONGEST_PIECE_SECONDS loses it all the same.
    """
    ended = threading.Event()
    thread = threading.Thread(target=_renew, args=(job, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _renew(job: Job, ended: threading.Event) -> None:
    every = LEASE_SECONDS / 3
    for _time in range(round(LONGEST_PIECE_SECONDS / every)):
        if ended.wait(every):
            return
        try:
            if not _held(job).update(lease_until=_lease_end()):
                return
        except Error as error:  # the work itself will meet it, and say so
            logger.warning("job %s: its lease was not renewed: %s", job.uuid, error)
        finally:
            connection.close()  # this thread's own


@transaction.atomic
def job_finish(*, job: Job, error: str = "") -> None:
    """End the job, done or (with `error`) failed. Raises LeaseLost when it is no longer ours.

    The last of the parts that ends queues their parent, whatever became of the others.
    """
    parent = _parent_locked(job)
    held = _held(job).update(
        state=JobState.FAILED if error else JobState.DONE,
        error=error,
        ended_at=timezone.now(),
        lease_until=None,
        steps_done=F("steps_done") if error else F("steps_total"),
    )
    if not held:
        raise LeaseLost(str(job.uuid))
    if parent is not None:
        _part_ended(parent)


def job_give_back(*, job: Job) -> None:
    """Give the job back after a trouble that may pass: it is woken again after a while.

    What comes back for ever fails at last, as a job that keeps losing its worker. Raises LeaseLost.
    """
    held = _held(job).update(
        state=JobState.QUEUED, queued_at=timezone.now(), lease_key=None, lease_until=None
    )
    if not held:
        raise LeaseLost(str(job.uuid))


def _held(job: Job) -> "QuerySet[Job]":
    """Return the row as long as the job is ours."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_key=job.lease_key)


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=LEASE_SECONDS)


# Parts --------------------------------------------------------------------------------------------


@transaction.atomic
def job_split(
    *, job: Job, task_name: str, parts: Sequence[str], steps: int, step: str, done: int
) -> None:
    """Hand work to parts that any worker takes, and wait for them without a lease.

    When the last of them ended, however, the job is queued again, its attempts counted anew. A
    part that is there already is not made twice. `step` and `done` say where the job stands
    meanwhile; each part that ends counts as a step. Raises LeaseLost.
    """
    held = _held(job).update(
        state=JobState.WAITING,
        step=step,
        steps_done=done,
        steps_total=done + len(parts) + 1,
        lease_key=None,
        lease_until=None,
    )
    if not held:
        raise LeaseLost(str(job.uuid))
    there = set(job.parts.values_list("part", flat=True))
    for part in parts:
        if part not in there:
            _part_make(job, part, task_name, steps)
    _queue_when_parts_ended(job)


@transaction.atomic
def job_part_again(*, job: Job, task_name: str, part: str, steps: int) -> Job:
    """Have a part of a finished job made once more, or one that it did not have; return the part.

    The job waits for it, and is then queued as after its first parts; a worker that is about to
    end it loses it. Of a part that is being made nothing changes.
    """
    parent = Job.objects.select_for_update().get(pk=job.pk)
    known = parent.parts.filter(part=part).first()
    if known is not None and known.is_open:
        return known
    if parent.state != JobState.WAITING:
        Job.objects.filter(pk=parent.pk).update(
            state=JobState.WAITING, lease_key=None, lease_until=None, error="", ended_at=None
        )
    Job.objects.filter(pk=parent.pk, steps_done__gt=0).update(steps_done=F("steps_done") - 1)
    if known is None:
        return _part_make(parent, part, task_name, steps)
    Job.objects.filter(pk=known.pk).update(
        state=JobState.QUEUED,
        queued_at=timezone.now(),
        attempts=0,
        steps_done=0,
        step="",
        error="",
        ended_at=None,
    )
    known.refresh_from_db()
    _wake(known)
    return known


@transaction.atomic
def job_cancel(*, job: Job) -> bool:
    """End a job and its parts before they are done; return whether there was anything to end.

    A worker that has one of them notices at its next step, as LeaseLost.
    """
    parent = Job.objects.select_for_update().get(pk=job.pk)
    ended = Job.objects.filter(Q(pk=parent.pk) | Q(parent=parent), state__in=_OPEN).update(
        state=JobState.CANCELLED, ended_at=timezone.now(), lease_key=None, lease_until=None
    )
    return ended > 0


def _part_make(parent: Job, part: str, task_name: str, steps: int) -> Job:
    made = Job.objects.create(
        task_name=task_name,
        target_type=parent.target_type,
        target_uuid=parent.target_uuid,
        requested_by_id=parent.requested_by_id,
        parent=parent,
        part=part,
        steps_total=steps,
        queued_at=timezone.now(),
    )
    _wake(made)
    return made


def _parent_locked(job: Job) -> Job | None:
    """Lock the parent of a part before the part: two that end at once see each other."""
    if job.parent_id is None:
        return None
    return Job.objects.select_for_update().get(pk=job.parent_id)


def _part_ended(parent: Job) -> None:
    Job.objects.filter(pk=parent.pk, state=JobState.WAITING).update(steps_done=F("steps_done") + 1)
    _queue_when_parts_ended(parent)


def _queue_when_parts_ended(parent: Job) -> bool:
    """Queue and wake a waiting parent whose parts all ended; return whether it was."""
    if Job.objects.filter(parent=parent, state__in=_OPEN).exists():
        return False
    queued = Job.objects.filter(pk=parent.pk, state=JobState.WAITING).update(
        state=JobState.QUEUED, queued_at=timezone.now(), attempts=0
    )
    if queued:
        _wake(parent)
    return bool(queued)


# What lost its worker -----------------------------------------------------------------------------


def jobs_requeue_lost() -> int:
    """Queue again what lost its worker or was never picked up; return how many.

    After MAX_ATTEMPTS a job fails with a clear error instead of coming back for ever; as a part
    it counts as ended.
    """
    now = timezone.now()
    lost = Q(state=JobState.RUNNING, lease_until__lt=now) | Q(
        state=JobState.QUEUED, queued_at__lt=now - timedelta(seconds=WAKE_AGAIN_SECONDS)
    )
    count = sum(_requeue(job, lost) for job in Job.objects.filter(lost).order_by("pk"))
    waiting = Job.objects.filter(state=JobState.WAITING).exclude(parts__state__in=_OPEN)
    for job in waiting.order_by("pk"):
        with transaction.atomic():
            count += _queue_when_parts_ended(Job.objects.select_for_update().get(pk=job.pk))
    return count


@transaction.atomic
def _requeue(job: Job, lost: Q) -> bool:
    """Queue a lost job again and wake a worker, or let it fail; return whether it was queued."""
    parent = _parent_locked(job)
    rows = Job.objects.filter(pk=job.pk).filter(lost)
    now = timezone.now()
    if job.attempts >= MAX_ATTEMPTS:
        if rows.update(state=JobState.FAILED, error=WORKER_LOST, ended_at=now) and parent:
            _part_ended(parent)
        return False
    queued = rows.update(state=JobState.QUEUED, queued_at=now, lease_key=None, lease_until=None)
    if queued:
        _wake(job)
    return bool(queued)
