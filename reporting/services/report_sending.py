"""Sending an issued report: by mail with a link, each sending recorded."""

import logging
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Job
from ibzplan.core.notifications.selectors import preference_of
from ibzplan.core.services import history_record, job_finish, job_queue, next_instant, record_change
from personnel.access import access_of
from personnel.models import User
from reporting.choices import ReportStage
from reporting.models import ProgressReport, ReportSending
from reporting.selectors.reports import makes_reports
from reporting.selectors.sending import UNCONFIRMED, files_to_send, reached_by, recipients_of

logger = logging.getLogger(__name__)

SEND_TASK: Final = "reporting.send_report"


@transaction.atomic
def report_send(
    *, actor: User, report: ProgressReport, recipients: Sequence[User]
) -> list[ReportSending]:
    """Ask for the mails of an issued report; a worker sends them after commit.

    One recipient gets it once, unless the mail failed or nobody knows what became of it. The
    report is `sent` from its first mail on.
    Raises NotAllowed for anyone but the corporate cell, DomainError when it is not approved, its
    final files are not there, or at `recipients`.
    """
    if not makes_reports(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell sends progress reports."))
    at = next_instant()
    current = ProgressReport.objects.select_for_update().get(pk=report.pk)
    if current.stage not in (ReportStage.APPROVED, ReportStage.SENT):
        raise DomainError("not_approved", _("A report is sent once it is approved."))
    if not files_to_send(current):
        raise DomainError("no_files", _("The final files are not there yet."))
    rows = [
        ReportSending.objects.create(
            report=report,
            recipient=user,
            address=user.email,
            sent_by=actor,
            is_demo=report.is_demo,
        )
        for user in _check_recipients(current, recipients)
    ]
    for row in rows:
        job_queue(actor=actor, task_name=SEND_TASK, target=row, steps=1)
        history_record(
            actor=actor,
            target=report,
            action="sending_asked",
            changes={"recipient": (None, str(row.recipient))},
            at=at,
        )
    return rows


def _check_recipients(report: ProgressReport, recipients: Sequence[User]) -> list[User]:
    """Return whom to write to; DomainError when there is nobody, or somebody may not read it."""
    readers = {user.pk: user for user in recipients_of(report)}
    strangers = [user for user in recipients if user.pk not in readers]
    if strangers:
        raise DomainError(
            "not_a_recipient",
            _("%(names)s: not of this minister's cabinet, or without an address.")
            % {"names": ", ".join(str(user) for user in strangers)},
            "recipients",
        )
    reached = reached_by(report.sendings.all())
    left = [user for user in recipients if user.pk not in reached]
    if not left:
        raise DomainError(
            "nobody_left", _("Choose at least one recipient who did not get it yet."), "recipients"
        )
    return left


def sending_make(*, job: Job) -> None:
    """Do the work of a claimed job: mail its sending, and end it. Raises LeaseLost."""
    sending = (
        ReportSending.objects.select_related("report", "recipient", "sent_by")
        .filter(uuid=job.target_uuid)
        .first()
    )
    if sending is not None:  # gone with the demo, for instance
        sending_mail(sending=sending)
    job_finish(job=job)


def sending_mail(*, sending: ReportSending) -> bool:
    """Mail one sending; return whether it went out. Done twice, it is sent once.

    The row is claimed before the mail leaves: a worker that dies in between leaves one that says
    so, and somebody decides whether to send it again.
    """
    rows = ReportSending.objects.filter(pk=sending.pk)
    if not rows.filter(sent_at=None, error="").update(error=UNCONFIRMED):
        if rows.filter(sent_at__isnull=False).exists():  # its worker may have died just after
            _note_sent(sending)
        return False
    error = _mail(sending)
    if error:
        rows.update(error=error)
        return False
    rows.update(sent_at=timezone.now(), error="")
    _note_sent(sending)
    return True


def _mail(sending: ReportSending) -> str:
    """Send it in the recipient's language; return why it did not go, '' when it did."""
    report, user = sending.report, sending.recipient
    with translation.override(preference_of(user).language or report.language):
        context = {
            "report": report,
            "user": user,
            "link": settings.SITE_URL.rstrip("/") + reverse("reporting:report", args=[report.uuid]),
            "files": files_to_send(report),
            "language": translation.get_language(),
        }
        mail = EmailMultiAlternatives(
            " ".join(render_to_string("reporting/mail/report_subject.txt", context).split()),
            render_to_string("reporting/mail/report.txt", context),
            to=[sending.address],
        )
        page = render_to_string("reporting/mail/report.html", context)
        mail.attach_alternative(page, "text/html")
    try:
        sent = mail.send() == 1
    except Exception as error:  # whatever the mail server says, the page shows it
        logger.exception("report %s could not be mailed", report.uuid)
        return f"{type(error).__name__}: {error}"[:200]
    return "" if sent else "not_sent"


@transaction.atomic
def _note_sent(sending: ReportSending) -> None:
    """Note that the report of a mail that went out is sent; done twice, it is noted once."""
    at = next_instant()
    report = ProgressReport.objects.select_for_update().get(pk=sending.report_id)
    if report.stage == ReportStage.APPROVED:
        record_change(
            actor=sending.sent_by,
            target=report,
            values={"stage": ReportStage.SENT, "sent_at": at},
            action="sent",
            at=at,
        )


@transaction.atomic
def report_archive(*, actor: User, report: ProgressReport) -> bool:
    """Close the file of a report that was sent; return whether that changed anything.

    Raises NotAllowed for anyone but the corporate cell, DomainError when it was not sent.
    """
    if not makes_reports(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell archives progress reports."))
    at = next_instant()
    current = ProgressReport.objects.select_for_update().get(pk=report.pk)
    if current.stage == ReportStage.ARCHIVED:
        return False
    if current.stage != ReportStage.SENT:
        raise DomainError("not_sent", _("A report is archived once it was sent."))
    return record_change(
        actor=actor,
        target=report,
        values={"stage": ReportStage.ARCHIVED, "archived_at": at},
        action="archived",
        at=at,
    )
