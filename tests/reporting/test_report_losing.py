"""A report whose job lost its worker for good fails clearly, and whoever asked is told."""

from typing import Any

from django.utils import timezone, translation

from ibzplan.core.models import Job, Notification
from ibzplan.core.models.job import JobState
from ibzplan.core.notifications.registry import told
from ibzplan.core.selectors import history_of
from ibzplan.core.services.jobs import WORKER_LOST
from reporting.choices import ReportState
from reporting.services import report_retry
from reporting.services.report_making import report_job_queue
from reporting.services.report_telling import FAILED_KIND
from reporting.tasks import fail_lost_reports
from tests.factories import Ministry
from tests.reporting.drafted import drafted
from tests.reporting.test_report_life import address, said
from tests.reporting.test_report_readers import issued, reader
from tests.reporting.test_reports import ask


def lost(job: Job) -> None:
    """Let a job end as the scheduler ends one that keeps losing its worker."""
    Job.objects.filter(pk=job.pk).update(
        state=JobState.FAILED, error=WORKER_LOST, ended_at=timezone.now()
    )


def messages() -> list[Any]:
    return list(Notification.objects.filter(kind=FAILED_KIND))


def test_it_fails_says_why_and_can_be_tried_again(ministry: Ministry) -> None:
    report, job = ask(ministry)
    assert fail_lost_reports() == 0
    lost(job)
    assert [fail_lost_reports(), fail_lost_reports()] == [1, 0]
    report.refresh_from_db()
    assert report.state == ReportState.FAILED
    (message,) = messages()
    assert message.user == ministry.users["corporate"]
    with translation.override("en"):
        assert told(message).detail == "The work stopped several times before it was complete."
    page = said(reader(ministry, "corporate").get(address(report)))
    assert "The work stopped several times before it was complete." in page
    assert address(report, "report_again") in page

    # Tried again before anybody noted the failure, it goes on.
    again = report_retry(actor=ministry.users["corporate"], report=report)
    lost(again)
    report_retry(actor=ministry.users["corporate"], report=report)
    assert fail_lost_reports() == 0
    report.refresh_from_db()
    assert report.state == ReportState.REQUESTED


def test_an_approved_report_stays_and_its_files_are_asked_for_again(ministry: Ministry) -> None:
    report = drafted(ministry)
    issued(ministry, report)
    job = report_job_queue(actor=ministry.users["corporate"], report=report, is_final=True)
    lost(job)
    assert [fail_lost_reports(), fail_lost_reports()] == [1, 0]
    report.refresh_from_db()
    assert report.state == ReportState.READY
    assert history_of(report)[0].action == "failed"
    assert len(messages()) == 1
    client = reader(ministry, "corporate")
    assert "The final files could not be made." in said(client.get(address(report)))
    # The page opens anew once the final files are there, or failed: what comes next is on it.
    status = address(report, "report_status")
    assert client.get(status).headers["HX-Refresh"] == "true"
    report_retry(actor=ministry.users["corporate"], report=report)
    assert "HX-Refresh" not in client.get(status).headers
