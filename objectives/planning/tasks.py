"""Celery tasks of planning: thin edges around services."""

import logging
from collections.abc import Callable

from celery import shared_task

from ibzplan.core.services import job_claim, job_finish
from ibzplan.core.services.jobs import LeaseLost
from objectives.planning.services.workbooks import (
    APPLY_TASK,
    CHECK_TASK,
    UNEXPECTED,
    workbook_check,
    workbook_fail,
    workbook_write,
)

logger = logging.getLogger(__name__)


@shared_task(name=CHECK_TASK)
def check_workbook(job_uuid: str) -> None:
    """Check the workbook of a job; whatever happens, the job says so."""
    _work(job_uuid, workbook_check)


@shared_task(name=APPLY_TASK)
def apply_workbook(job_uuid: str) -> None:
    """Apply the workbook of a job; whatever happens, the job says so."""
    _work(job_uuid, workbook_write)


def _work(job_uuid: str, work: Callable[..., None]) -> None:
    job = job_claim(job_uuid=job_uuid)
    if job is None:  # gone, done, or in the hands of another worker
        return
    try:
        try:
            work(job=job)
        except LeaseLost:
            raise
        except Exception:
            logger.exception("job %s: the workbook could not be worked on", job_uuid)
            workbook_fail(job=job, error=UNEXPECTED)
        else:
            job_finish(job=job)
    except LeaseLost:
        logger.info("job %s: another worker has it now", job_uuid)
