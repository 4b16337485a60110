"""Making a report: its snapshot, then its archived files."""

import hashlib
import json
import logging

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from ibzplan.core.models import Job
from ibzplan.core.services import history_record, job_finish, job_step, next_instant
from objectives.indicators.engine import CURRENT_RULE_VERSION
from reporting.choices import ReportState
from reporting.models import ProgressReport, ReportFile
from reporting.render import RenderFailed, render_pdf
from reporting.services.report_steps import (
    RENDER_FAILED,
    STEP_ARCHIVE,
    STEP_COLLECT,
    STEP_RENDER_PDF,
    STORAGE_FAILED,
    ReportFailed,
)
from reporting.snapshot import (
    SCHEMA_VERSION,
    canonical_json,
    question_of,
    sha256_of,
    snapshot_build,
)

logger = logging.getLogger(__name__)


def report_make(*, job: Job) -> None:
    """Do the work of a claimed job; done twice it changes nothing the second time.

    Raises LeaseLost as soon as the job is another worker's, ReportFailed for a known reason.
    A report that is gone meanwhile, with the demo data for instance, is nothing to make.
    """
    report = (
        ProgressReport.objects.select_related(
            "strategic_plan", "plan", "plan__plan", "minister", "corrects"
        )
        .filter(uuid=job.target_uuid)
        .first()
    )
    if report is None or report.state == ReportState.READY:
        return
    job_step(job=job, step=STEP_COLLECT, done=0)
    _collect(report, job)
    job_step(job=job, step=STEP_RENDER_PDF, done=1)
    try:
        pdf = render_pdf(json.loads(report.snapshot))
    except RenderFailed as error:
        logger.error("report %s: %s", report.uuid, error)
        raise ReportFailed(RENDER_FAILED) from error
    try:
        _archive(report, job, {"pdf": pdf})
    except OSError as error:
        logger.exception("report %s: the files could not be kept", report.uuid)
        raise ReportFailed(STORAGE_FAILED) from error


def _collect(report: ProgressReport, job: Job) -> None:
    """Fill the snapshot once; a second attempt goes on with what the first one saw.

    One of an earlier schema is collected anew: nothing was made from it, and it may hold what a
    report no longer shows.
    """
    if report.snapshot and report.schema_version == SCHEMA_VERSION:
        return
    text = canonical_json(snapshot_build(question_of(report)))
    with transaction.atomic():
        job_step(job=job, step=STEP_COLLECT, done=0)
        report.snapshot, report.snapshot_sha256 = text, sha256_of(text)
        report.schema_version, report.rule_version = SCHEMA_VERSION, CURRENT_RULE_VERSION
        report.save(update_fields=["snapshot", "snapshot_sha256", "schema_version", "rule_version"])


def _archive(report: ProgressReport, job: Job, files: dict[str, bytes]) -> None:
    """Keep the files and say that the report is ready, both or neither.

    The job row is locked by its step, so that no other worker can archive at the same time. A
    file without its row is out of reach; it is taken away again when the rows do not come.
    """
    written: list[ReportFile] = []
    try:
        with transaction.atomic():
            at = next_instant()  # the clock before the job: the one lock order
            job_step(job=job, step=STEP_ARCHIVE, done=2)
            kept = set(report.files.values_list("format", flat=True))
            for format_, content in files.items():
                if format_ not in kept:
                    written.append(report_file_keep(report, format_, content))
            ProgressReport.objects.filter(pk=report.pk).update(state=ReportState.READY)
            history_record(
                actor=None,
                target=report,
                action="made",
                changes={"snapshot_sha256": (None, report.snapshot_sha256)},
                at=at,
            )
    except BaseException:
        for row in written:
            row.file.delete(save=False)
        raise


def report_file_keep(report: ProgressReport, format_: str, content: bytes) -> ReportFile:
    """Archive a rendered format of a report with its hash: the file and its row, or neither."""
    row = ReportFile(
        report=report,
        format=format_,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        published_at=timezone.now(),
    )
    row.file.save(f"{report.uuid}.{format_}", ContentFile(content), save=False)
    try:
        row.save()
    except BaseException:
        row.file.delete(save=False)
        raise
    return row


@transaction.atomic
def report_fail(*, job: Job, error: str) -> None:
    """End a job and its report as failed. Raises LeaseLost when the job is another worker's."""
    at = next_instant()
    job_finish(job=job, error=error)
    report = ProgressReport.objects.filter(
        uuid=job.target_uuid, state=ReportState.REQUESTED
    ).first()
    if report is not None:
        report.state = ReportState.FAILED
        report.save(update_fields=["state"])
        history_record(actor=None, target=report, action="failed", reason=error, at=at)
