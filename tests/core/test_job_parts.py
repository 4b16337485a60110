"""A job that hands parts of its work to jobs of their own, and waits for them without a lease."""

from typing import Any

import pytest
from django.utils import timezone

from ibzplan.celery import app
from ibzplan.core.models import Job
from ibzplan.core.models.job import JobState
from ibzplan.core.services import (
    job_cancel,
    job_claim,
    job_finish,
    job_give_back,
    job_kept,
    job_part_again,
    job_split,
    job_step,
    jobs,
    jobs_requeue_lost,
)
from ibzplan.core.services.jobs import MAX_ATTEMPTS, LeaseLost
from tests.core.test_jobs_requeue import lose_worker, make_job

pytestmark = pytest.mark.django_db

PART_TASK = "reporting.make_format"


@pytest.fixture
def woken(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> list[tuple[str, list[str]]]:
    """Return the messages given to the broker, instead of sending them."""
    sent: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(app, "send_task", lambda name, args, **_options: sent.append((name, args)))
    return sent


def claimed(job: Job) -> Job:
    taken = job_claim(job_uuid=job.uuid)
    assert taken is not None
    return taken


def split(job: Job, *parts: str) -> list[Job]:
    job_split(job=job, task_name=PART_TASK, parts=parts, steps=2, step="render", done=1)
    return list(job.parts.order_by("pk"))


@pytest.fixture
def parent() -> Job:
    """A job that waits for two parts."""
    job = claimed(make_job())
    split(job, "pdf", "docx")
    job.refresh_from_db()
    return job


def part(parent: Job, name: str) -> Job:
    found: Job = parent.parts.get(part=name)
    return found


def test_a_job_waits_without_a_lease_and_its_parts_are_woken(
    woken: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    job = claimed(make_job())
    with django_capture_on_commit_callbacks(execute=True):
        parts = split(job, "pdf", "docx")
    assert woken == [(PART_TASK, [str(one.uuid)]) for one in parts]
    assert {one.target_uuid for one in parts} == {job.target_uuid}
    job.refresh_from_db()
    assert (job.state, job.lease_key, job.step) == (JobState.WAITING, None, "render")
    assert (job.steps_done, job.steps_total) == (1, 4)
    assert job_claim(job_uuid=job.uuid) is None
    assert job.is_open


def test_the_last_part_that_ends_queues_the_job_whatever_became_of_the_others(
    parent: Job, woken: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job_finish(job=claimed(part(parent, "pdf")), error="render_failed")
    parent.refresh_from_db()
    assert (parent.state, parent.steps_done) == (JobState.WAITING, 2)
    assert woken == []
    with django_capture_on_commit_callbacks(execute=True):
        job_finish(job=claimed(part(parent, "docx")))
    parent.refresh_from_db()
    assert (parent.state, parent.attempts) == (JobState.QUEUED, 0)
    assert woken == [(parent.task_name, [str(parent.uuid)])]
    assert [part(parent, name).state for name in ("pdf", "docx")] == [
        JobState.FAILED,
        JobState.DONE,
    ]


def test_a_split_after_a_lost_worker_makes_no_part_twice(woken: list[Any]) -> None:
    job = make_job()
    first = claimed(job)
    lose_worker(job)
    jobs_requeue_lost()
    with pytest.raises(LeaseLost):
        split(first, "pdf")
    assert not job.parts.exists()
    second = claimed(job)
    split(second, "pdf")
    job_finish(job=claimed(part(job, "pdf")))
    split(claimed(job), "pdf")
    job.refresh_from_db()
    assert job.parts.count() == 1
    assert job.state == JobState.QUEUED  # nothing to wait for


def test_a_part_that_keeps_losing_its_worker_ends_and_the_job_goes_on(
    parent: Job, woken: list[Any]
) -> None:
    job_finish(job=claimed(part(parent, "docx")))
    for _attempt in range(MAX_ATTEMPTS):
        lose_worker(claimed(part(parent, "pdf")))
        jobs_requeue_lost()
    lost = part(parent, "pdf")
    assert (lost.state, lost.error) == (JobState.FAILED, "worker_lost")
    parent.refresh_from_db()
    assert parent.state == JobState.QUEUED


def test_a_job_whose_parts_are_gone_does_not_wait_for_ever(parent: Job, woken: list[Any]) -> None:
    assert jobs_requeue_lost() == 0
    parent.parts.all().delete()
    assert jobs_requeue_lost() == 1
    parent.refresh_from_db()
    assert parent.state == JobState.QUEUED


def test_a_cancelled_job_ends_with_its_parts_and_their_workers_notice(parent: Job) -> None:
    working = claimed(part(parent, "pdf"))
    done = claimed(part(parent, "docx"))
    job_finish(job=done)
    assert job_cancel(job=parent)
    parent.refresh_from_db()
    assert parent.state == JobState.CANCELLED
    assert part(parent, "docx").state == JobState.DONE
    with pytest.raises(LeaseLost):
        job_step(job=working, step="store", done=1)
    with pytest.raises(LeaseLost):
        job_finish(job=working)
    assert part(parent, "pdf").state == JobState.CANCELLED
    assert job_claim(job_uuid=parent.uuid) is None
    assert not job_cancel(job=parent)


def test_a_failed_part_is_made_again_by_itself(parent: Job, woken: list[Any]) -> None:
    job_finish(job=claimed(part(parent, "pdf")), error="render_failed")
    job_finish(job=claimed(part(parent, "docx")))
    job_finish(job=claimed(parent))
    again = job_part_again(job=parent, task_name=PART_TASK, part="pdf", steps=2)
    assert (again.state, again.error, again.attempts) == (JobState.QUEUED, "", 0)
    assert job_part_again(job=parent, task_name=PART_TASK, part="pdf", steps=2) == again
    parent.refresh_from_db()
    assert parent.state == JobState.WAITING
    assert parent.percent == 75
    job_finish(job=claimed(again))
    parent.refresh_from_db()
    assert parent.state == JobState.QUEUED
    job_finish(job=claimed(parent))
    new = job_part_again(job=parent, task_name=PART_TASK, part="html", steps=2)
    assert (new.parent, new.state) == (parent, JobState.QUEUED)


def test_a_job_given_back_waits_a_while_and_is_woken_again(
    woken: list[Any], django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = claimed(make_job())
    with django_capture_on_commit_callbacks(execute=True):
        job_give_back(job=job)
        assert jobs_requeue_lost() == 0
    assert woken == []
    with pytest.raises(LeaseLost):
        job_give_back(job=job)
    monkeypatch.setattr(jobs, "WAKE_AGAIN_SECONDS", 0)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs_requeue_lost() == 1
    assert len(woken) == 1
    assert claimed(job).attempts == 2


@pytest.mark.django_db(transaction=True)
def test_a_long_piece_of_work_keeps_its_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LEASE_SECONDS", 0.3)
    job = claimed(make_job())
    assert job.lease_until is not None
    with job_kept(job=job):
        while Job.objects.get(pk=job.pk).lease_until == job.lease_until:
            assert timezone.now() < job.lease_until + 20 * (job.lease_until - job.queued_at)
    kept = Job.objects.get(pk=job.pk)
    assert kept.lease_until is not None
    assert kept.lease_until > job.lease_until
