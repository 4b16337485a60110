"""Jobs whose worker was lost come back by the scheduler, a limited number of times."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ibzplan.celery import app
from ibzplan.core.models import Job
from ibzplan.core.models.job import JobState
from ibzplan.core.services import job_claim, job_finish, job_step, jobs_requeue_lost
from ibzplan.core.services.jobs import MAX_ATTEMPTS, WAKE_AGAIN_SECONDS, LeaseLost
from ibzplan.core.tasks import requeue_lost_jobs

pytestmark = pytest.mark.django_db

TASK = "reporting.make_report"


@pytest.fixture
def woken(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> list[tuple[str, list[str]]]:
    """Return the messages given to the broker, instead of sending them."""
    sent: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(app, "send_task", lambda name, args, **_options: sent.append((name, args)))
    return sent


def make_job(**fields: Any) -> Job:
    """Return a stored job; queued just now unless said otherwise."""
    given = {
        "task_name": TASK,
        "target_type": "report",
        "target_uuid": uuid.uuid4(),
        "queued_at": timezone.now(),
        "steps_total": 4,
        **fields,
    }
    return Job.objects.create(**given)


def lose_worker(job: Job) -> None:
    """Let the lease run out, as when the worker was killed."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def requeue(capture: Any) -> int:
    """Run the scheduler's task as it runs outside a test, with its commit."""
    with capture(execute=True):
        return requeue_lost_jobs()


def test_a_running_job_without_its_worker_is_queued_and_woken_again(
    woken: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    job = make_job()
    assert job_claim(job_uuid=job.uuid)
    lose_worker(job)

    assert requeue(django_capture_on_commit_callbacks) == 1

    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert job.lease_key is None
    assert woken == [(TASK, [str(job.uuid)])]


def test_a_queued_job_that_nobody_was_woken_for_is_woken_again(
    woken: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    old = timezone.now() - timedelta(seconds=WAKE_AGAIN_SECONDS + 1)
    job = make_job(queued_at=old)

    assert requeue(django_capture_on_commit_callbacks) == 1
    assert woken == [(TASK, [str(job.uuid)])]
    assert requeue(django_capture_on_commit_callbacks) == 0  # not every 15 seconds


def test_jobs_in_good_hands_and_finished_jobs_are_left_alone(woken: list[Any]) -> None:
    make_job()
    held = make_job()
    job_claim(job_uuid=held.uuid)
    finished = make_job()
    taken = job_claim(job_uuid=finished.uuid)
    assert taken is not None
    job_finish(job=taken)

    assert jobs_requeue_lost() == 0
    assert woken == []


def test_a_job_that_keeps_losing_its_worker_fails_instead_of_coming_back_for_ever(
    woken: list[Any],
) -> None:
    job = make_job()
    for _ in range(MAX_ATTEMPTS):
        assert job_claim(job_uuid=job.uuid)
        lose_worker(job)
        jobs_requeue_lost()

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error == "worker_lost"
    assert job_claim(job_uuid=job.uuid) is None


def test_a_worker_that_lost_its_lease_stops_without_writing(woken: list[Any]) -> None:
    job = make_job()
    first = job_claim(job_uuid=job.uuid)
    assert first is not None
    lose_worker(job)
    jobs_requeue_lost()
    second = job_claim(job_uuid=job.uuid)
    assert second is not None

    with pytest.raises(LeaseLost):
        job_step(job=first, step="render", done=3)
    with pytest.raises(LeaseLost):
        job_finish(job=first)
    job_step(job=second, step="render", done=2)

    job.refresh_from_db()
    assert (job.state, job.steps_done, job.attempts) == (JobState.RUNNING, 2, 2)


def test_a_vanished_job_is_not_an_error() -> None:
    assert job_claim(job_uuid=uuid.uuid4()) is None
