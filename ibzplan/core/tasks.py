"""Celery tasks of the core."""

from celery import shared_task

from ibzplan.core.services import jobs_requeue_lost
from ibzplan.core.services.drafts import drafts_expire
from ibzplan.core.services.idempotency import requests_expire


@shared_task(name="core.expire_drafts")
def expire_drafts() -> int:
    """Remove unsaved text that nobody came back to; return how many forms."""
    return drafts_expire()


@shared_task(name="core.expire_idempotent_requests")
def expire_idempotent_requests() -> int:
    """Remove what the API answered to requests that nobody sends again; return how many."""
    return requests_expire()


@shared_task(name="core.requeue_lost_jobs")
def requeue_lost_jobs() -> int:
    """Wake workers again for jobs that lost theirs; return how many."""
    return jobs_requeue_lost()
