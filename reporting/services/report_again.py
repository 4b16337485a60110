"""A report once more: what failed is tried again, what is being made can be stopped."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Job
from ibzplan.core.services import history_record, job_cancel, job_part_again, next_instant
from personnel.access import access_of
from personnel.models import User
from reporting.choices import ReportState
from reporting.models import ProgressReport
from reporting.render import FORMATS
from reporting.selectors.reports import makes_reports, report_progress
from reporting.services.report_files import files_drop, files_unpublished
from reporting.services.report_making import report_job_queue
from reporting.services.report_steps import FINAL_TASK, FORMAT_STEPS, FORMAT_TASK

_AGAIN: Final = "requested_again"


def _check_actor(actor: User) -> None:
    if not makes_reports(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell asks for progress reports."))


def _locked(report: ProgressReport) -> ProgressReport:
    current: ProgressReport = ProgressReport.objects.select_for_update().get(pk=report.pk)
    return current


def report_job(actor: User, report: ProgressReport, now: datetime) -> Job:
    """Return the job that made or makes a report; queue one when there is none or it failed.

    The caller holds the record clock and the report.
    """
    progress = report_progress(report)
    if progress.job is not None and not progress.has_failed:
        return progress.job
    if progress.job is not None:  # it failed, or lost its worker too often to say so itself
        report.state = ReportState.REQUESTED
        report.save(update_fields=["state"])
        history_record(actor=actor, target=report, action=_AGAIN, at=now)
    return report_job_queue(actor=actor, report=report)


@transaction.atomic
def report_retry(*, actor: User, report: ProgressReport) -> Job:
    """Return the job that makes a failed or cancelled report once more; asked twice, the same one.

    For an issued report without final files it makes those. Raises NotAllowed for anyone but the
    corporate cell, DomainError when the files are there.
    """
    _check_actor(actor)
    now = next_instant()
    current = _locked(report)
    progress = report_progress(current)
    if progress.job is not None and progress.job.is_open:
        return progress.job
    if current.replaced_by_id is not None:
        raise DomainError("replaced", _("Another draft came in the place of this one."))
    if current.state != ReportState.READY:
        return report_job(actor, current, now)
    is_final = current.issued_at is not None
    if current.files.filter(is_final=is_final, published_at__isnull=False).exists():
        raise DomainError("is_ready", _("The report is ready: there is nothing to try again."))
    history_record(actor=actor, target=current, action=_AGAIN, at=now)
    return report_job_queue(actor=actor, report=current, is_final=is_final)


@transaction.atomic
def report_format_retry(*, actor: User, report: ProgressReport, format_: str) -> Job:
    """Return the job that makes one format of a report that is ready once more.

    The other formats stay as they are. Raises NotAllowed for anyone but the corporate cell,
    DomainError for a format that is there or that we do not make.
    """
    _check_actor(actor)
    now = next_instant()
    current = _locked(report)
    if format_ not in FORMATS:
        raise DomainError(
            "unknown_format", _("“%(value)s” is no format of a report.") % {"value": format_}
        )
    if current.replaced_by_id is not None:
        raise DomainError("replaced", _("Another draft came in the place of this one."))
    if current.state != ReportState.READY:
        raise DomainError("not_ready", _("A format is made again once the report is ready."))
    is_final = current.issued_at is not None
    rows = current.files.filter(format=format_, is_final=is_final)
    if rows.filter(published_at__isnull=False).exists():
        raise DomainError("is_ready", _("This format is ready: there is nothing to try again."))
    job = report_progress(current).job
    ended = job is not None and job.parts.filter(part=format_).exclude(ended_at=None).exists()
    if job is not None and job.is_open and not ended:  # it is being made
        return job
    changes = {"formats": (None, [format_])}
    history_record(actor=actor, target=current, action=_AGAIN, changes=changes, at=now)
    if job is None or (job.task_name == FINAL_TASK) != is_final:  # make all that is not there
        return report_job_queue(actor=actor, report=current, is_final=is_final)
    job_part_again(job=job, task_name=FORMAT_TASK, part=format_, steps=len(FORMAT_STEPS))
    job.refresh_from_db()
    return job


@transaction.atomic
def report_cancel(*, actor: User, report: ProgressReport) -> None:
    """Stop the making of a report; what was made of it goes. It can be asked for again.

    Raises NotAllowed for anyone but the corporate cell, DomainError when it is not being made.
    """
    _check_actor(actor)
    now = next_instant()
    current = _locked(report)
    job = report_progress(current).job
    if current.state != ReportState.REQUESTED or job is None or not job_cancel(job=job):
        raise DomainError("not_running", _("This report is not being made any more."))
    files_drop(files_unpublished(current))
    ProgressReport.objects.filter(pk=current.pk).update(state=ReportState.CANCELLED)
    history_record(actor=actor, target=current, action="cancelled", at=now)
