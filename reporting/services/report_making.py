"""Making a report: its snapshot, then each format by a job of its own, then all files at once."""

from datetime import datetime
from typing import Final

from django.db import transaction

from ibzplan.core.models import Job
from ibzplan.core.models.job import JobState
from ibzplan.core.services import (
    history_record,
    job_finish,
    job_kept,
    job_queue,
    job_split,
    job_step,
    next_instant,
)
from personnel.models import User
from reporting.choices import ReportState
from reporting.models import ProgressReport
from reporting.render import FORMATS
from reporting.services.report_files import files_drop, files_unpublished
from reporting.services.report_replacing import draft_place
from reporting.services.report_steps import (
    FINAL_TASK,
    FORMAT_STEPS,
    FORMAT_TASK,
    MAKE_TASK,
    STEP_COLLECT,
    STEP_PUBLISH,
    STEP_RENDER,
    STEPS_AROUND_FORMATS,
    UNEXPECTED,
    ReportFailed,
)
from reporting.services.report_telling import failed_tell, made_tell
from reporting.snapshot import (
    SCHEMA_VERSION,
    canonical_json,
    question_of,
    sha256_of,
    snapshot_build,
)

_COLLECTED: Final = 1  # step done before the formats


def report_job_queue(*, actor: User, report: ProgressReport, is_final: bool = False) -> Job:
    """Queue the making of a draft's files, or of the final ones of an issued report.

    The caller holds the record clock and the report.
    """
    return job_queue(
        actor=actor,
        task_name=FINAL_TASK if is_final else MAKE_TASK,
        target=report,
        steps=len(FORMATS) + STEPS_AROUND_FORMATS,
    )


def report_of(job: Job) -> ProgressReport | None:
    """Return the report of a job; None when it is gone, with the demo data for instance."""
    rows = ProgressReport.objects.select_related(
        "strategic_plan", "plan", "plan__plan", "minister", "corrects", "requested_by"
    )
    found: ProgressReport | None = rows.filter(uuid=job.target_uuid).first()
    return found


def report_make(*, job: Job) -> None:
    """Do the work of a claimed job up to the next wait, or to its end.

    It collects, hands each format that is not there to a job of its own and waits; queued again
    after the last of these, it publishes what they made. Done twice it changes nothing the second
    time. Raises LeaseLost as soon as the job is another worker's, ReportFailed for a known reason.
    """
    report = report_of(job)
    if report is None:
        job_finish(job=job)
        return
    is_final = job.task_name == FINAL_TASK
    _collect(report, job)
    there = set(report.files.filter(is_final=is_final).values_list("format", flat=True))
    tried = set(job.parts.values_list("part", flat=True))
    if left := [str(one) for one in FORMATS if one not in there | tried]:
        job_split(
            job=job,
            task_name=FORMAT_TASK,
            parts=left,
            steps=len(FORMAT_STEPS),
            step=STEP_RENDER,
            done=_COLLECTED,
        )
        return
    job_step(job=job, step=STEP_PUBLISH, done=job.steps_total - 1)
    _publish(report, job, is_final=is_final)


def _collect(report: ProgressReport, job: Job) -> None:
    """Fill the snapshot once; a second attempt goes on with what the first one saw.

    One of an earlier schema that nobody saw yet is collected anew: it may hold what a report no
    longer shows. What was made from it goes.
    """
    if report.snapshot and (
        report.schema_version == SCHEMA_VERSION or report.state == ReportState.READY
    ):
        return
    job_step(job=job, step=STEP_COLLECT, done=0)
    with job_kept(job=job):
        text = canonical_json(snapshot_build(question_of(report)))
    with transaction.atomic():
        next_instant()  # the clock before the job: the one lock order
        job_step(job=job, step=STEP_COLLECT, done=0)
        files_drop(files_unpublished(report))
        report.snapshot, report.snapshot_sha256 = text, sha256_of(text)
        report.schema_version = SCHEMA_VERSION
        report.save(update_fields=["snapshot", "snapshot_sha256", "schema_version"])


@transaction.atomic
def _publish(report: ProgressReport, job: Job, *, is_final: bool) -> None:
    """Let the files of all formats appear at once, say that the report is ready, end the job.

    The job row is locked by its step, so that no other worker publishes at the same time. Raises
    ReportFailed with the reason of the first format when there is not one file.
    """
    at = next_instant()
    job_step(job=job, step=STEP_PUBLISH, done=job.steps_total - 1)
    made = files_unpublished(report).filter(is_final=is_final)
    formats = list(made.values_list("format", flat=True))
    made.update(published_at=at)
    failed = dict(job.parts.filter(state=JobState.FAILED).values_list("part", "error"))
    if not report.files.filter(is_final=is_final).exists():
        error = next((failed[one] for one in FORMATS if one in failed), UNEXPECTED)
        code, _newline, detail = error.partition("\n")
        raise ReportFailed(code, detail)
    is_new = report.state != ReportState.READY
    if is_new:
        ProgressReport.objects.filter(pk=report.pk).update(state=ReportState.READY)
        draft_place(report=report, at=at)
    if formats:
        history_record(
            actor=None,
            target=report,
            action=_action(is_new=is_new, is_final=is_final),
            changes={
                "formats": (None, formats),
                **({"snapshot_sha256": (None, report.snapshot_sha256)} if is_new else {}),
            },
            at=at,
        )
    made_tell(report=report, job=job, formats=formats, failed=sorted(failed), is_final=is_final)
    job_finish(job=job)


def _action(*, is_new: bool, is_final: bool) -> str:
    if is_final:
        return "files_final"
    return "made" if is_new else "format_made"


@transaction.atomic
def report_fail(*, job: Job, error: str) -> None:
    """End a job as failed, and its report that is not ready. Raises LeaseLost when it is not ours.

    An issued report whose final files could not be made stays as it is.
    """
    at = next_instant()
    job_finish(job=job, error=error)
    report = report_of(job)
    if report is not None:
        failure_note(report, job, error, at)


def failure_note(report: ProgressReport, job: Job, error: str, at: datetime) -> None:
    """Note that a job of a report failed, and tell who asked; one that is ready stays as it is."""
    if report.state == ReportState.REQUESTED:
        report.state = ReportState.FAILED
        report.save(update_fields=["state"])
    code = error.partition("\n")[0]
    history_record(actor=None, target=report, action="failed", reason=code, at=at)
    failed_tell(report=report, job=job, code=code)
