"""Reports whose job lost its worker for good: they fail, and whoever asked is told."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from ibzplan.core.models import HistoryEntry, Job
from ibzplan.core.models.job import JobState
from ibzplan.core.services import next_instant
from ibzplan.core.services.jobs import WORKER_LOST
from reporting.models import ProgressReport
from reporting.selectors.reports import report_progress
from reporting.services.report_making import failure_note, report_of
from reporting.services.report_steps import FINAL_TASK, MAKE_TASK

# A job that ended longer ago was looked at by an earlier run.
_LOOKED_BACK: Final = timedelta(days=1)


def lost_reports_fail() -> int:
    """Let the reports fail whose job could not say so itself; return how many.

    Done twice, it finds nothing the second time: the history of each says that it failed since.
    """
    jobs = Job.objects.filter(
        task_name__in=(MAKE_TASK, FINAL_TASK),
        state=JobState.FAILED,
        error=WORKER_LOST,
        ended_at__gte=timezone.now() - _LOOKED_BACK,
    )
    return sum(_fail(job) for job in jobs.order_by("pk") if not _is_told(job))


@transaction.atomic
def _fail(job: Job) -> bool:
    """Note the failure of a job, unless the report has another one by now."""
    at = next_instant()
    rows = ProgressReport.objects.select_for_update()
    if not rows.filter(uuid=job.target_uuid).exists() or _is_told(job):
        return False
    report = report_of(job)
    if report is None or report_progress(report).job != job:
        return False
    failure_note(report, job, job.error, at)
    return True


def _is_told(job: Job) -> bool:
    """Tell whether the report says that it failed since the job ended."""
    entries = HistoryEntry.objects.filter(
        target_type=job.target_type, target_uuid=job.target_uuid, action="failed"
    )
    return entries.filter(at__gte=job.ended_at).exists()
