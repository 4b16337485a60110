"""A progress report from the question to its archived files (design.md section 7)."""

import hashlib
import json
import logging
from datetime import date, datetime
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Job
from ibzplan.core.services import (
    history_record,
    job_finish,
    job_queue,
    job_step,
    next_instant,
    record_change,
)
from objectives.indicators.engine import CURRENT_RULE_VERSION
from objectives.indicators.formatting import period_text
from objectives.indicators.models import Measurement
from objectives.indicators.services import figures_lock
from objectives.planning.models import OperationalPlan
from personnel.access import access_of
from personnel.models import SupervisingMinister, User
from reporting.choices import ReportState
from reporting.models import ProgressReport, ReportFile
from reporting.render import RenderFailed, render_pdf
from reporting.selectors.issuing import IssueCheck, issue_check
from reporting.selectors.reports import (
    REPORTED_STATES,
    changed_between,
    has_open_job,
    makes_reports,
    report_progress,
)
from reporting.snapshot import (
    SCHEMA_VERSION,
    canonical_json,
    measurements_shown,
    sha256_of,
    snapshot_build,
)

logger = logging.getLogger(__name__)

MAKE_TASK: Final = "reporting.make_report"
LANGUAGES: Final = ("nl", "fr")

STEP_COLLECT: Final = "collect"
STEP_RENDER_PDF: Final = "render_pdf"
STEP_ARCHIVE: Final = "archive"
STEPS: Final = (STEP_COLLECT, STEP_RENDER_PDF, STEP_ARCHIVE)

# What a job's `error` says; `reporting.labels` has the words.
RENDER_FAILED: Final = "render_failed"
STORAGE_FAILED: Final = "storage_failed"
UNEXPECTED: Final = "unexpected"


class ReportFailed(Exception):
    """A report could not be made for a reason we know; `code` is one of the above."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


def _check_question(
    actor: User, plan: OperationalPlan, minister: SupervisingMinister, language: str
) -> None:
    if not makes_reports(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell asks for progress reports."))
    if plan.plan.code not in minister.plan_codes:
        raise DomainError(
            "not_a_recipient",
            _("%(minister)s receives no reports on this plan.") % {"minister": minister.title},
            "minister",
        )
    if language not in LANGUAGES:
        raise DomainError(
            "unknown_language",
            _("A report is made in Dutch or French, not in “%(language)s”.")
            % {"language": language},
            "language",
        )


def _check_dates(
    plan: OperationalPlan, reference_date: date, known_at: datetime | None, now: datetime
) -> None:
    """Refuse what says nothing: `plan` is that of the reference date's year, when there is one."""
    if reference_date > timezone.localdate(now):
        raise DomainError(
            "reference_in_future",
            _("%(date)s lies in the future: a report goes up to today at the latest.")
            % {"date": date_format(reference_date, "SHORT_DATE_FORMAT")},
            "reference_date",
        )
    if reference_date.year != plan.year or plan.state not in REPORTED_STATES:
        raise DomainError(
            "no_plan_in_force",
            _("%(date)s lies in a year without an approved or closed operational plan.")
            % {"date": date_format(reference_date, "SHORT_DATE_FORMAT")},
            "reference_date",
        )
    if known_at is not None and known_at > now:
        raise DomainError(
            "known_in_future", _("Nobody knows yet what will be known then."), "known_at"
        )


@transaction.atomic
def report_request(
    *,
    actor: User,
    plan: OperationalPlan,
    minister: SupervisingMinister,
    reference_date: date,
    language: str,
    known_at: datetime | None = None,
) -> tuple[ProgressReport, Job]:
    """Return the report and the job that makes it; the same question gives the same two.

    Without `known_at` the question is "as known now": it is the same one as long as that report
    is being made, or nothing was recorded since and its snapshot has today's schema. A failed
    report gets a new job.
    Raises NotAllowed for anyone but the corporate cell, DomainError with the field.
    """
    _check_question(actor, plan, minister, language)
    # Taken under the lock of the clock: two requests at once queue here, and whatever was
    # recorded earlier is committed, so that no late commit can change what this report says.
    now = next_instant()
    _check_dates(plan, reference_date, known_at, now)
    question: dict[str, Any] = {
        "plan": plan,
        "minister": minister,
        "reference_date": reference_date,
        "language": language,
    }
    report = _known_report(question, known_at, now)
    if report is None:
        report = ProgressReport.objects.create(
            **question,
            known_at=known_at or now,
            requested_by=actor,
            schema_version=SCHEMA_VERSION,
            rule_version=CURRENT_RULE_VERSION,
            is_demo=plan.is_demo,
        )
        history_record(actor=actor, target=report, action="requested", at=now)
    return report, _job_for(actor, report, now)


def _known_report(
    question: dict[str, Any], known_at: datetime | None, now: datetime
) -> ProgressReport | None:
    """Return the report that answers the question already, or None."""
    rows = ProgressReport.objects.select_for_update().filter(**question)
    if known_at is not None:
        rows = rows.filter(known_at=known_at)
    latest: ProgressReport | None = rows.order_by("-known_at", "-pk").first()
    if latest is None or known_at is not None or has_open_job(latest):
        return latest
    if latest.schema_version == SCHEMA_VERSION and not changed_between(latest.known_at, now):
        return latest
    return None


def _job_for(actor: User, report: ProgressReport, now: datetime) -> Job:
    """Return the job that made or makes the report; queue one when there is none or it failed."""
    progress = report_progress(report)
    if progress.job is not None and not progress.has_failed:
        return progress.job
    if progress.job is not None:  # it failed, or lost its worker too often to say so itself
        report.state = ReportState.REQUESTED
        report.save(update_fields=["state"])
        history_record(actor=actor, target=report, action="requested_again", at=now)
    return job_queue(actor=actor, task_name=MAKE_TASK, target=report, steps=len(STEPS))


def report_make(*, job: Job) -> None:
    """Do the work of a claimed job; done twice it changes nothing the second time.

    Raises LeaseLost as soon as the job is another worker's, ReportFailed for a known reason.
    A report that is gone meanwhile, with the demo data for instance, is nothing to make.
    """
    report = (
        ProgressReport.objects.select_related("plan", "plan__plan", "minister")
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
    text = canonical_json(
        snapshot_build(
            report.plan, report.minister, report.reference_date, report.known_at, report.language
        )
    )
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


def report_check(report: ProgressReport, known_at: datetime) -> IssueCheck:
    """Return how the figures of the whole that a report shows stand; their parts go with them."""
    shown = measurements_shown(json.loads(report.snapshot)) if report.snapshot else frozenset()
    return issue_check(shown, known_at)


def _check_figures(check: IssueCheck, confirmed: str) -> None:
    """Refuse a report that shows a figure sent back, or whose remarks were not looked at."""
    if check.returned:
        raise DomainError(
            "figure_returned",
            _(
                "The report shows figures that were returned to the planners: %(figures)s. Have "
                "them corrected or validated, then make the report again."
            )
            % {"figures": ", ".join(_named(row) for row in check.returned)},
        )
    if check.to_confirm and confirmed != check.to_confirm:
        raise DomainError(
            "issue_unconfirmed",
            _(
                "Not issued yet: look at the provisional figures, and at those that changed since "
                "the report was made, and confirm them."
            ),
        )


def _named(row: Measurement) -> str:
    return f"{row.indicator.code} {period_text(row.period)}"


@transaction.atomic
def report_issue(*, actor: User, report: ProgressReport, confirmed: str = "") -> int:
    """Issue a report, once and for good; return how many figures it shows and so locks.

    A locked figure is corrected with a reason and a second person's approval only. `confirmed` is
    what `report_check` asked to confirm: it shows provisional figures, or some that changed since.
    Raises NotAllowed for anyone but the corporate cell, DomainError when it is not ready, was
    issued before, shows a returned figure, or has to be confirmed.
    """
    if not makes_reports(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell issues progress reports."))
    at = next_instant()
    current = ProgressReport.objects.select_for_update().get(pk=report.pk)
    if current.issued_at is not None:
        raise DomainError(
            "already_issued",
            _("This report was issued on %(date)s already.")
            % {"date": date_format(timezone.localdate(current.issued_at), "SHORT_DATE_FORMAT")},
        )
    if current.state != ReportState.READY:
        raise DomainError("not_ready", _("A report is issued once it is ready."))
    check = report_check(current, at)
    _check_figures(check, confirmed)
    record_change(
        actor=actor,
        target=report,
        values={"issued_at": at, "issued_by": actor},
        action="issued",
        at=at,
    )
    figures_lock(actor=actor, measurements=check.shown, cause=report, at=at)
    return len(check.shown)
