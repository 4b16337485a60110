"""Making one format of a report: a part of the report's job."""

import errno
import json
import logging
from typing import Final

from django.db import transaction

from ibzplan.core.models import Job
from ibzplan.core.services import clock_hold, job_finish, job_kept, job_step
from ibzplan.core.services.jobs import LeaseLost
from reporting.models import ProgressReport, ReportFile
from reporting.render import RenderFailed, render
from reporting.services.report_files import report_file_write
from reporting.services.report_making import report_of
from reporting.services.report_steps import (
    FINAL_TASK,
    STEP_RENDER,
    STEP_STORE,
    STORAGE_FAILED,
    ReportFailed,
)

logger = logging.getLogger(__name__)

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)


def report_format_make(*, job: Job) -> None:
    """Render the format that a claimed part names and keep its file, unpublished; end the part.

    Raises LeaseLost as soon as the part is another worker's, or cancelled; ReportFailed for a
    known reason. The other formats go on whatever happens here.
    """
    report = report_of(job)
    if report is None or job.parent is None:
        job_finish(job=job)
        return
    is_final = job.parent.task_name == FINAL_TASK
    job_step(job=job, step=STEP_RENDER, done=0)
    if report.files.filter(format=job.part, is_final=is_final).exists():
        job_finish(job=job)
        return
    with job_kept(job=job):
        content = _rendered(report, job.part, is_final=is_final)
    job_step(job=job, step=STEP_STORE, done=1)
    try:
        row = report_file_write(report, job.part, content, is_final=is_final)
    except OSError as error:
        logger.exception("report %s: the file could not be kept", report.uuid)
        raise ReportFailed(STORAGE_FAILED) from error
    _keep(row, job)


def _rendered(report: ProgressReport, format_: str, *, is_final: bool) -> bytes:
    """Return the format, from the snapshot and (when final) the seal alone."""
    seal = json.loads(report.seal) if is_final and report.seal else None
    try:
        return render(format_, json.loads(report.snapshot), seal)
    except RenderFailed as error:
        logger.error("report %s: %s", report.uuid, error)
        raise ReportFailed(error.code, error.places) from error
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        logger.exception("report %s: no room to render %s", report.uuid, format_)
        raise ReportFailed(STORAGE_FAILED) from error


def _keep(row: ReportFile, job: Job) -> None:
    """Save the row and end the part, both or neither.

    A file whose job is another worker's goes at once. After any other trouble nobody knows whether
    the row was committed: the file stays, and is swept when no row has it.
    """
    try:
        with transaction.atomic():
            clock_hold()  # before the job and the report, as whoever cancels
            row.save()
            job_finish(job=job)
    except LeaseLost:
        row.file.delete(save=False)
        raise
