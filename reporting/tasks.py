"""Celery tasks of reporting: thin edges around services."""

import logging
from collections.abc import Callable

from celery import shared_task
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from ibzplan.core.models import Job
from ibzplan.core.services import job_claim, job_finish, job_give_back
from ibzplan.core.services.jobs import LeaseLost
from reporting.services import ReportFailed, report_fail, report_make
from reporting.services.follows import followers_tell
from reporting.services.reminders import reminders_send
from reporting.services.report_cycles import reports_make_due
from reporting.services.report_files import files_sweep
from reporting.services.report_formats import report_format_make
from reporting.services.report_losing import lost_reports_fail
from reporting.services.report_sending import SEND_TASK, sending_make
from reporting.services.report_steps import FINAL_TASK, FORMAT_TASK, MAKE_TASK, UNEXPECTED

logger = logging.getLogger(__name__)

Work = Callable[..., None]


@shared_task(name=MAKE_TASK)
def make_report(job_uuid: str) -> None:
    """Make the draft's files of a job; whatever happens, the job says so."""
    _work(job_uuid, report_make, report_fail)


@shared_task(name=FINAL_TASK)
def make_final_files(job_uuid: str) -> None:
    """Make the final files of an issued report; whatever happens, the job says so."""
    _work(job_uuid, report_make, report_fail)


@shared_task(name=FORMAT_TASK)
def make_format(job_uuid: str) -> None:
    """Make one format of a report; whatever happens, this part of its job says so."""
    _work(job_uuid, report_format_make, job_finish)


def _work(job_uuid: str, work: Work, fail: Work) -> None:
    """Claim a job and do its work, which ends it; tell `fail` why it could not be done.

    A database that went away is no failure: the job is given back, or comes back by its lease.
    """
    try:
        job = job_claim(job_uuid=job_uuid)
        if job is not None:  # gone, done, or in the hands of another worker
            _end(job, work, fail)
    except LeaseLost:
        logger.info("job %s: another worker has it now, or it was cancelled", job_uuid)
    except (OperationalError, InterfaceError):
        logger.exception("job %s: the database went away; it comes back by its lease", job_uuid)


def _end(job: Job, work: Work, fail: Work) -> None:
    try:
        try:
            work(job=job)
        except ReportFailed as error:
            fail(job=job, error=error.error)
        except (LeaseLost, OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("job %s: it could not be done", job.uuid)
            fail(job=job, error=UNEXPECTED)
    except (OperationalError, InterfaceError) as error:
        logger.warning("job %s: trouble with the database, given back: %s", job.uuid, error)
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        job_give_back(job=job)


@shared_task(name=SEND_TASK)
def send_report(job_uuid: str) -> None:
    """Mail one recipient an issued report; the sending itself says what became of it."""
    _work(job_uuid, sending_make, job_finish)


@shared_task(name="reporting.send_reminders")
def send_reminders() -> int:
    """Remind everyone who has to act of what is near or late; return how many mails were sent.

    It needs no job row and no lease: what was told is kept under a key, and the day's mail is
    claimed in the row of its reader. Run twice, at once or after a crash, it does the rest.
    """
    return reminders_send(today=timezone.localdate()).mailed


@shared_task(name="reporting.tell_followers")
def tell_followers() -> int:
    """Tell followers what changed by this morning; return how many messages are new.

    It needs no lease, as send_reminders: a second run finds nothing that was not told.
    """
    return followers_tell(today=timezone.localdate())


@shared_task(name="reporting.make_due_reports")
def make_due_reports() -> int:
    """Ask for the reports that the reporting cycles want by today; return how many.

    It needs no lease: what was asked for is there, so that a second run asks for the rest alone.
    """
    return reports_make_due(today=timezone.localdate())


@shared_task(name="reporting.fail_lost_reports")
def fail_lost_reports() -> int:
    """Let reports fail whose making lost its worker for good; return how many.

    It needs no lease: a second run finds that they failed already.
    """
    return lost_reports_fail()


@shared_task(name="reporting.sweep_report_files")
def sweep_report_files() -> int:
    """Delete the files that no report has; return how many."""
    return files_sweep()
