"""The directorates read a report before it is approved, and answer for their part of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import history_record, next_instant, record_change
from ibzplan.core.services.notifications import Message, notifications_make
from personnel.access import access_of
from personnel.models import OrganisationUnit, User
from reporting.choices import ReportStage, ReportState, ReviewVerdict
from reporting.models import ProgressReport, ReportReview
from reporting.selectors.reports import makes_reports
from reporting.selectors.reviewing import units_reported
from reporting.services.report_telling import report_named, unit_people

REVIEW_KIND: Final = "report_review"
ANSWERED_KIND: Final = "report_reviewed"


@transaction.atomic
def review_open(*, actor: User, report: ProgressReport, due_on: date) -> list[ReportReview]:
    """Ask the directorates that a report speaks of to read it by a day; return who was asked.

    Asked again with another day, the same directorates keep their answers, and those that came
    into the report are asked too. Heads and planners are told.
    Raises NotAllowed for anyone but the corporate cell; DomainError when there is no draft to
    read, when it is issued, or at `due_on`.
    """
    if not makes_reports(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell asks for a review."))
    at = next_instant()
    current = ProgressReport.objects.select_for_update().get(pk=report.pk)
    _check_open(current, due_on, at)
    asked = _ask(current, units_reported(current), at)
    record_change(
        actor=actor,
        target=report,
        values={"stage": ReportStage.REVIEW, "review_due_on": due_on},
        action="review_opened",
        at=at,
    )
    _tell_units(report, asked, due_on)
    return asked


def _check_open(report: ProgressReport, due_on: date, at: datetime) -> None:
    if report.state != ReportState.READY:
        raise DomainError("not_ready", _("A report is reviewed once it is ready."))
    if report.issued_at is not None:
        raise DomainError("already_issued", _("This report is approved already."))
    if report.replaced_by_id is not None:
        raise DomainError(
            "replaced", _("Another draft came in the place of this one: have that one read.")
        )
    if due_on < timezone.localdate(at):
        raise DomainError(
            "due_in_past",
            _("%(date)s is past: give the directorates a day from today on.")
            % {"date": date_format(due_on, "SHORT_DATE_FORMAT")},
            "due_on",
        )


def _ask(
    report: ProgressReport, units: Sequence[OrganisationUnit], at: datetime
) -> list[ReportReview]:
    known = set(report.reviews.values_list("unit_id", flat=True))
    ReportReview.objects.bulk_create(
        ReportReview(report=report, unit=unit, asked_at=at, is_demo=report.is_demo)
        for unit in units
        if unit.pk not in known
    )
    return list(report.reviews.select_related("unit"))


def _tell_units(report: ProgressReport, asked: Sequence[ReportReview], due_on: date) -> None:
    notifications_make(
        messages=[
            Message(
                user=user,
                kind=REVIEW_KIND,
                key=f"{report.uuid}|review|{due_on.isoformat()}",
                target_type=report.type_name(),
                target_uuid=report.uuid,
                values={**report_named(report), "due_on": due_on.isoformat()},
            )
            for user in unit_people(row.unit_id for row in asked if not row.verdict)
        ]
    )


@transaction.atomic
def review_answer(
    *, actor: User, review: ReportReview, verdict: str, expected_version: int | None = None
) -> ReportReview:
    """Answer for a directorate, or answer anew; whoever asked for the report is told.

    Raises NotAllowed for anyone but its head, DomainError for an unknown verdict or when the report
    is not under review, EditConflict when another version than `expected_version` is there.
    """
    if not access_of(actor).heads(review.unit_id):
        raise NotAllowed("head_only", _("The head of the directorate answers for its part."))
    if verdict not in ReviewVerdict.values:
        raise DomainError(
            "unknown_verdict",
            _("“%(value)s” is no answer: choose one of the list.") % {"value": verdict},
            "verdict",
        )
    at = next_instant()
    report = ProgressReport.objects.select_for_update().get(pk=review.report_id)
    if report.stage != ReportStage.REVIEW:
        raise DomainError("not_under_review", _("This report is not under review."))
    record_change(
        actor=actor,
        target=review,
        values={"verdict": verdict, "answered_at": at, "answered_by": actor},
        expected_version=expected_version,
        action="answered",
        at=at,
    )
    history_record(
        actor=actor,
        target=report,
        action="review_answered",
        changes={"verdict": (None, f"{review.unit.code} {verdict}")},
        at=at,
    )
    notifications_make(
        messages=[
            Message(
                user=report.requested_by,
                kind=ANSWERED_KIND,
                key=f"{report.uuid}|reviewed|{review.unit.code}|{at.isoformat()}",
                target_type=report.type_name(),
                target_uuid=report.uuid,
                values={**report_named(report), "unit": review.unit.code, "verdict": verdict},
            )
        ]
    )
    return review
