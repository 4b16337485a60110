"""Celery tasks of reporting: thin edges around services."""

import logging
from contextlib import suppress

from celery import shared_task
from django.utils import timezone

from ibzplan.core.services import job_claim, job_finish
from ibzplan.core.services.jobs import LeaseLost
from reporting.models import ReportSending
from reporting.services import ReportFailed, report_fail, report_make
from reporting.services.follows import followers_tell
from reporting.services.reminders import reminders_send
from reporting.services.report_sending import SEND_TASK, sending_mail
from reporting.services.report_steps import MAKE_TASK, UNEXPECTED

logger = logging.getLogger(__name__)


@shared_task(name=MAKE_TASK)
def make_report(job_uuid: str) -> None:
    """Make the report of a job; whatever happens, the job says so."""
    job = job_claim(job_uuid=job_uuid)
    if job is None:  # gone, done, or in the hands of another worker
        return
    try:
        try:
            report_make(job=job)
        except ReportFailed as error:
            report_fail(job=job, error=error.code)
        except LeaseLost:
            raise
        except Exception:
            logger.exception("job %s: the report could not be made", job_uuid)
            report_fail(job=job, error=UNEXPECTED)
        else:
            job_finish(job=job)
    except LeaseLost:
        logger.info("job %s: another worker has it now", job_uuid)


@shared_task(name=SEND_TASK)
def send_report(job_uuid: str) -> None:
    """Mail one recipient an issued report; the sending itself says what became of it."""
    job = job_claim(job_uuid=job_uuid)
    if job is None:
        return
    sending = ReportSending.objects.filter(uuid=job.target_uuid).first()
    if sending is not None:
        sending_mail(sending=sending)
    with suppress(LeaseLost):
        job_finish(job=job)


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
