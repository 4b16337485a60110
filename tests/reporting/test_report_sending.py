"""An issued report is sent by mail with a link, once to each, and then archived."""

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Job
from ibzplan.core.selectors import history_of
from ibzplan.core.services import record_change
from objectives.indicators.models import Indicator
from personnel.choices import Role
from personnel.services import role_assign
from reporting.choices import ReportStage
from reporting.models import ProgressReport, ReportFile, ReportSending
from reporting.services.report_sending import SEND_TASK, report_archive, report_send, sending_mail
from reporting.tasks import send_report
from tests.factories import Ministry
from tests.reporting.test_issue_report import issue
from tests.reporting.test_reports import made, measured

__all__ = ["measured"]


def issued(ministry: Ministry) -> ProgressReport:
    """Return an issued report with a published final file."""
    report = made(ministry)
    issue(ministry, report)
    report.refresh_from_db()
    row = ReportFile.objects.filter(report=report, is_final=True).first()
    if row is None:
        draft = ReportFile.objects.filter(report=report).first()
        assert draft is not None
        ReportFile.objects.create(
            report=report,
            format=draft.format,
            is_final=True,
            file=draft.file.name,
            size_bytes=draft.size_bytes,
            sha256=draft.sha256,
            published_at=draft.published_at,
        )
    return report


def address(ministry: Ministry) -> None:
    cabinet = ministry.users["cabinet_vbz"]
    cabinet.email = "kabinet@example.org"
    cabinet.save(update_fields=["email"])


def work() -> None:
    """Do what the worker does."""
    for job in Job.objects.filter(task_name=SEND_TASK):
        send_report(str(job.uuid))


def test_the_cabinet_gets_a_mail_with_the_link(ministry: Ministry, measured: Indicator) -> None:
    report, corporate = issued(ministry), ministry.users["corporate"]
    address(ministry)
    (sending,) = report_send(
        actor=corporate, report=report, recipients=[ministry.users["cabinet_vbz"]]
    )
    work()
    work()  # done twice it is sent once
    (message,) = mail.outbox
    assert message.to == ["kabinet@example.org"]
    assert f"/rapporten/{report.uuid}/" in message.body
    assert report.files.filter(is_final=True)[0].sha256 in message.body
    sending.refresh_from_db()
    report.refresh_from_db()
    assert sending.sent_at is not None
    assert (report.stage, report.sent_at is not None) == (ReportStage.SENT, True)
    with pytest.raises(DomainError) as again:
        report_send(actor=corporate, report=report, recipients=[ministry.users["cabinet_vbz"]])
    assert again.value.code == "nobody_left"


def test_a_mail_that_fails_says_so_and_can_be_sent_again(
    ministry: Ministry, measured: Indicator, settings: Any
) -> None:
    report, corporate = issued(ministry), ministry.users["corporate"]
    address(ministry)
    cabinet = ministry.users["cabinet_vbz"]
    settings.EMAIL_BACKEND = "tests.reporting.no_such_backend.Backend"
    (sending,) = report_send(actor=corporate, report=report, recipients=[cabinet])
    work()
    sending.refresh_from_db()
    report.refresh_from_db()
    assert sending.sent_at is None
    assert "ModuleNotFoundError" in sending.error
    assert report.stage == ReportStage.APPROVED
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    report_send(actor=corporate, report=report, recipients=[cabinet])
    work()
    assert len(mail.outbox) == 1
    report.refresh_from_db()
    assert report.stage == ReportStage.SENT


def test_a_worker_lost_right_after_the_mail_leaves_the_report_sent(
    ministry: Ministry, measured: Indicator
) -> None:
    report = issued(ministry)
    address(ministry)
    (sending,) = report_send(
        actor=ministry.users["corporate"],
        report=report,
        recipients=[ministry.users["cabinet_vbz"]],
    )
    ReportSending.objects.update(sent_at=timezone.now())  # and nobody noted it at the report
    for _time in range(2):
        assert not sending_mail(sending=sending)
    report.refresh_from_db()
    assert report.stage == ReportStage.SENT
    assert [row.action for row in history_of(report)].count("sent") == 1
    assert not mail.outbox


def test_only_the_ministers_own_cabinet_and_only_by_the_corporate_cell(
    ministry: Ministry, measured: Indicator
) -> None:
    report = issued(ministry)
    address(ministry)
    other = ministry.users["cabinet_am"]
    other.email = "ander@example.org"
    other.save(update_fields=["email"])
    with pytest.raises(DomainError) as stranger:
        report_send(actor=ministry.users["corporate"], report=report, recipients=[other])
    assert (stranger.value.code, stranger.value.field) == ("not_a_recipient", "recipients")
    assert str(other) in str(stranger.value.message)
    role_assign(actor=None, user=other, role=Role.CABINET, minister=ministry.vbz)
    assert report_send(actor=ministry.users["corporate"], report=report, recipients=[other])
    with pytest.raises(NotAllowed):
        report_send(actor=ministry.users["head_adcv"], report=report, recipients=[other])


def test_a_draft_is_not_sent_and_what_was_sent_is_archived(
    ministry: Ministry, measured: Indicator
) -> None:
    corporate = ministry.users["corporate"]
    address(ministry)
    draft = made(ministry)
    with pytest.raises(DomainError) as not_approved:
        report_send(actor=corporate, report=draft, recipients=[ministry.users["cabinet_vbz"]])
    assert not_approved.value.code == "not_approved"
    with pytest.raises(DomainError) as not_sent:
        report_archive(actor=corporate, report=draft)
    assert not_sent.value.code == "not_sent"
    report = issued(ministry)
    record_change(actor=corporate, target=report, values={"stage": ReportStage.SENT})
    assert report_archive(actor=corporate, report=report)
    report.refresh_from_db()
    assert report.stage == ReportStage.ARCHIVED
    assert not report_archive(actor=corporate, report=report)
