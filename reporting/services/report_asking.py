"""Asking for a progress report (design.md section 7)."""

from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Job
from ibzplan.core.services import history_record, job_queue, next_instant
from objectives.indicators.engine import CURRENT_RULE_VERSION
from objectives.planning.models import OperationalPlan
from personnel.access import access_of
from personnel.models import SupervisingMinister, User
from reporting.choices import ReportState
from reporting.models import ProgressReport
from reporting.selectors.reports import (
    REPORTED_STATES,
    changed_between,
    has_open_job,
    makes_reports,
    report_progress,
)
from reporting.services.report_steps import MAKE_TASK, STEPS
from reporting.snapshot import SCHEMA_VERSION

LANGUAGES: Final = ("nl", "fr")


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
        "strategic_plan": plan.plan,
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
