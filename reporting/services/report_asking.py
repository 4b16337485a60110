"""Asking for a progress report (design.md section 7)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Job
from ibzplan.core.services import history_record, next_instant
from objectives.indicators.engine import CURRENT_RULE_VERSION
from objectives.planning.models import OperationalPlan
from objectives.strategy.choices import PlanKind
from objectives.strategy.models import Plan
from personnel.access import access_of
from personnel.models import SupervisingMinister, User
from reporting.choices import REPORT_LANGUAGES, ReportState
from reporting.models import ProgressReport, ReportCycle
from reporting.selectors.reports import (
    changed_between,
    has_open_job,
    makes_reports,
    reported_plans,
)
from reporting.services.report_again import report_job
from reporting.services.report_replacing import draft_take_up
from reporting.snapshot import SCHEMA_VERSION

Question = dict[str, Any]


def report_request(
    *,
    actor: User,
    strategic_plan: Plan,
    minister: SupervisingMinister,
    reference_date: date,
    language: str,
    known_at: datetime | None = None,
    correction_reason: str = "",
) -> tuple[ProgressReport, Job]:
    """Return the report and the job that makes it; the same question gives the same two.

    As reports_request, in one language.
    """
    (asked,) = reports_request(
        actor=actor,
        strategic_plan=strategic_plan,
        minister=minister,
        reference_date=reference_date,
        languages=[language],
        known_at=known_at,
        correction_reason=correction_reason,
    )
    return asked


@transaction.atomic
def reports_request(
    *,
    actor: User,
    strategic_plan: Plan,
    minister: SupervisingMinister,
    reference_date: date,
    languages: Sequence[str],
    known_at: datetime | None = None,
    correction_reason: str = "",
    cycle: ReportCycle | None = None,
) -> list[tuple[ProgressReport, Job]]:
    """Return a report a language with the job that makes it, all of them as known at one moment.

    Without `known_at` the question is "as known now": it is the same one as long as that report
    is being made, or nothing was recorded since and its snapshot has today's schema. A failed or
    cancelled report gets a new job. What was issued is asked again as a correction only, with its
    reason: that makes the next edition.
    Raises NotAllowed for anyone but the corporate cell, DomainError with the field.
    """
    reason = correction_reason.strip()
    _check_question(actor, strategic_plan, minister, languages)
    # Taken under the lock of the clock: two requests at once queue here, and whatever was
    # recorded earlier is committed, so that no late commit can change what this report says.
    now = next_instant()
    plan = _plan_of(strategic_plan, reference_date, known_at, now)
    question: Question = {
        "strategic_plan": strategic_plan,
        "plan": plan,
        "minister": minister,
        "reference_date": reference_date,
    }
    by_language = [{**question, "language": language} for language in dict.fromkeys(languages)]
    moment = known_at or _moment(by_language, reason, now)
    reports = [
        _asked_before(each, reason, moment) or _make(actor, each, reason, moment, now, cycle)
        for each in by_language
    ]
    for report in reports:
        draft_take_up(actor=actor, report=report, at=now)
    return [(report, report_job(actor, report, now)) for report in reports]


def report_in_language(
    *, actor: User, report: ProgressReport, language: str
) -> tuple[ProgressReport, Job]:
    """Ask for the same report in another language, as known at the same moment.

    Of a correction it is one too, where that language was issued before. Raises as reports_request.
    """
    was_issued = ProgressReport.objects.filter(
        strategic_plan=report.strategic_plan_id,
        minister=report.minister_id,
        reference_date=report.reference_date,
        language=language,
        issued_at__isnull=False,
    ).exists()
    return report_request(
        actor=actor,
        strategic_plan=report.strategic_plan,
        minister=report.minister,
        reference_date=report.reference_date,
        language=language,
        known_at=report.known_at,
        correction_reason=report.correction_reason if was_issued else "",
    )


def _check_question(
    actor: User, plan: Plan, minister: SupervisingMinister, languages: Sequence[str]
) -> None:
    if not makes_reports(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell asks for progress reports."))
    if plan.code not in minister.plan_codes:
        raise DomainError(
            "not_a_recipient",
            _("%(minister)s receives no reports on this plan.") % {"minister": minister.title},
            "minister",
        )
    if not languages:
        raise DomainError("no_language", _("Choose at least one language."), "language")
    for language in languages:
        if language not in REPORT_LANGUAGES:
            raise DomainError(
                "unknown_language",
                _("A report is made in Dutch or French, not in “%(language)s”.")
                % {"language": language},
                "language",
            )


def _plan_of(
    plan: Plan, reference_date: date, known_at: datetime | None, now: datetime
) -> OperationalPlan | None:
    """Return the plan year that a report tells; None for a plan that is followed up as a whole.

    Raises DomainError for dates that say nothing.
    """
    day = date_format(reference_date, "SHORT_DATE_FORMAT")
    if reference_date > timezone.localdate(now):
        raise DomainError(
            "reference_in_future",
            _("%(date)s lies in the future: a report goes up to today at the latest.")
            % {"date": day},
            "reference_date",
        )
    if known_at is not None:
        _check_moment(known_at, reference_date, now)
    if plan.kind == PlanKind.SECURITY:
        if not plan.starts_on <= reference_date <= plan.ends_on:
            raise DomainError(
                "outside_plan",
                _("%(date)s lies outside the plan, which runs from %(start)s to %(end)s.")
                % {
                    "date": day,
                    "start": date_format(plan.starts_on, "SHORT_DATE_FORMAT"),
                    "end": date_format(plan.ends_on, "SHORT_DATE_FORMAT"),
                },
                "reference_date",
            )
        return None
    year: OperationalPlan | None = reported_plans(plan).filter(year=reference_date.year).first()
    if year is None:
        raise DomainError(
            "no_plan_in_force",
            _("%(date)s lies in a year without an approved or closed operational plan.")
            % {"date": day},
            "reference_date",
        )
    return year


def _check_moment(known_at: datetime, reference_date: date, now: datetime) -> None:
    """Refuse a moment that is still to come, or at which the reference date still was."""
    if known_at > now:
        raise DomainError(
            "known_in_future", _("Nobody knows yet what will be known then."), "known_at"
        )
    if reference_date > timezone.localdate(known_at):
        raise DomainError(
            "known_before_reference",
            _("On %(moment)s the reference date was still to come: give a later moment, or none.")
            % {"moment": date_format(timezone.localtime(known_at), "SHORT_DATETIME_FORMAT")},
            "known_at",
        )


def _moment(questions: Sequence[Question], reason: str, now: datetime) -> datetime:
    """Return what "as known now" stands for: when a report in one of the languages was asked for,
    as long as it would say the same today, else `now`.
    """
    known = [_still_known(question, reason, now) for question in questions]
    return max((report.known_at for report in known if report is not None), default=now)


def _still_known(question: Question, reason: str, now: datetime) -> ProgressReport | None:
    """Return the latest report that answers the question as it would be answered now, or None."""
    latest: ProgressReport | None = (
        _rows(question)
        .filter(issued_at=None, **_edition(question, reason))
        .order_by("-known_at", "-pk")
        .first()
    )
    if latest is None or (latest.state == ReportState.REQUESTED and has_open_job(latest)):
        return latest
    if latest.schema_version != SCHEMA_VERSION or changed_between(latest.known_at, now):
        return None
    return None if _issued_between(latest, now) else latest


def _issued_between(report: ProgressReport, until: datetime) -> bool:
    """Tell whether the report that this one is compared with may be another one by now."""
    return ProgressReport.objects.filter(
        strategic_plan__kind=report.strategic_plan.kind,  # of the plan before this one too
        minister=report.minister_id,
        reference_date__lt=report.reference_date,
        issued_at__gt=report.known_at,
        issued_at__lte=until,
    ).exists()


def _asked_before(question: Question, reason: str, moment: datetime) -> ProgressReport | None:
    """Return the report of exactly this question, or None."""
    found: ProgressReport | None = _rows(question).filter(known_at=moment).first()
    if found is not None and reason and found.correction_reason != reason:
        raise DomainError(
            "same_moment",
            _("There is a report as known at that moment: a correction needs a later one."),
            "known_at",
        )
    return found


def _rows(question: Question) -> Any:
    return ProgressReport.objects.select_for_update().filter(**question)


def _make(
    actor: User,
    question: Question,
    reason: str,
    moment: datetime,
    now: datetime,
    cycle: ReportCycle | None,
) -> ProgressReport:
    about = question["plan"] or question["strategic_plan"]
    report = ProgressReport.objects.create(
        **question,
        **_edition(question, reason),
        known_at=moment,
        requested_by=actor,
        cycle=cycle,
        schema_version=SCHEMA_VERSION,
        rule_version=CURRENT_RULE_VERSION,
        is_demo=about.is_demo,
    )
    changes = {"correction_reason": (None, reason)} if reason else {}
    history_record(actor=actor, target=report, action="requested", changes=changes, at=now)
    return report


def _edition(question: Question, reason: str) -> Mapping[str, Any]:
    """Return which edition a new report of the question is, and what it corrects and why.

    Raises DomainError for an issued report without a reason, and for a reason without one.
    """
    issued: ProgressReport | None = (
        ProgressReport.objects.filter(**question, issued_at__isnull=False)
        .order_by("-edition", "-pk")
        .first()
    )
    if issued is None:
        if reason:
            raise DomainError(
                "nothing_to_correct",
                _("This report was not issued yet: make it again, without a reason."),
                "correction_reason",
            )
        return {"edition": 1, "corrects": None, "correction_reason": ""}
    if not reason:
        raise DomainError(
            "already_issued",
            _(
                "This report was issued already, as edition %(edition)s in %(language)s on "
                "%(date)s. Give the reason of a correction to make edition %(next)s of it."
            )
            % {
                "edition": issued.edition,
                "language": issued.language.upper(),
                "date": _day(issued.issued_at),
                "next": issued.edition + 1,
            },
            "correction_reason",
        )
    return {"edition": issued.edition + 1, "corrects": issued, "correction_reason": reason}


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localdate(moment), "SHORT_DATE_FORMAT") if moment else ""
