"""Work off the jobs of a report, as workers would."""

from typing import Final

from django.db.models import Q

from ibzplan.core.models import Job
from ibzplan.core.models.job import JobState
from reporting.services.report_steps import FINAL_TASK, FORMAT_TASK, MAKE_TASK
from reporting.tasks import make_final_files, make_format, make_report

_TASKS: Final = {
    MAKE_TASK: make_report,
    FINAL_TASK: make_final_files,
    FORMAT_TASK: make_format,
}


def work(job: Job) -> None:
    """Do what one message to a worker does."""
    _TASKS[job.task_name](str(job.uuid))


def parts_of(job: Job) -> list[Job]:
    return list(job.parts.order_by("pk"))


def work_off(job: Job) -> Job:
    """Do all that a job and its parts ask for, and return it as it ended."""
    mine = Q(pk=job.pk) | Q(parent=job.pk)
    for _message in range(20):  # what is given back each time does not end by itself
        queued = Job.objects.filter(mine, state=JobState.QUEUED).order_by("pk").first()
        if queued is None:
            break
        work(queued)
    job.refresh_from_db()
    return job
