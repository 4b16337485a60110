"""What is done with a report on its page: made again, stopped, reviewed, sent, corrected."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, offer_again
from ibzplan.core.views import refused_as_403
from personnel.access import signed_in
from reporting.choices import REPORT_LANGUAGES, ReviewVerdict
from reporting.forms import CorrectionForm, ReviewForm, SendForm, VerdictForm
from reporting.gates import other_language
from reporting.models import ProgressReport, ReportReview
from reporting.selectors.sending import recipients_of
from reporting.services import (
    report_cancel,
    report_format_retry,
    report_retry,
    reports_request,
)
from reporting.services.report_asking import report_in_language
from reporting.services.report_reviewing import review_answer, review_open
from reporting.services.report_sending import report_archive, report_send
from reporting.views.report_detail import UNREAD, report_page, verdict_form
from reporting.views.report_lookup import maker_of_reports, report_or_404

_UNPROCESSABLE: Final = 422
_CONFLICT: Final = 409


@contextmanager
def _told(request: HttpRequest) -> Iterator[None]:
    """Say on the page what a service refused that no field is about."""
    try:
        with refused_as_403():
            yield
    except DomainError as error:
        messages.error(request, error.message)


def _back(report: ProgressReport) -> HttpResponse:
    return redirect("reporting:report", uuid=report.uuid)


@require_POST
def report_again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Have a report that failed or was stopped made once more: the same question, a new job."""
    report = report_or_404(request, uuid)
    with _told(request):
        report_retry(actor=signed_in(request.user), report=report)
    return _back(report)


@require_POST
def report_format_again(request: HttpRequest, uuid: UUID, format_: str) -> HttpResponse:
    """Have one format that failed made once more; the others stay."""
    report = report_or_404(request, uuid)
    with _told(request):
        report_format_retry(actor=signed_in(request.user), report=report, format_=format_)
    return _back(report)


@require_POST
def report_language(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Have the same report made in the other language, as known at the same moment."""
    maker_of_reports(request)
    report = report_or_404(request, uuid, *UNREAD)
    with _told(request):
        report, _job = report_in_language(
            actor=signed_in(request.user),
            report=report,
            language=other_language(report.language),
        )
    return _back(report)


@require_POST
def report_stop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Stop the making of a report."""
    report = report_or_404(request, uuid)
    with _told(request):
        report_cancel(actor=signed_in(request.user), report=report)
        messages.success(request, _("The report is not made any further."))
    return _back(report)


@require_POST
def report_review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask the directorates to read the report by a day."""
    maker_of_reports(request)
    report = report_or_404(request, uuid)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            with refused_as_403():
                asked = review_open(
                    actor=signed_in(request.user), report=report, due_on=form.cleaned_data["due_on"]
                )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _asked_text(asked))
            return _back(report)
    return report_page(request, report, status=_UNPROCESSABLE, review_form=form)


def _asked_text(asked: list[ReportReview]) -> str:
    if not asked:
        return _("The report speaks of no directorate: nobody is asked to read it.")
    return ngettext(
        "%(units)s is asked to read the report.",
        "%(units)s are asked to read the report.",
        len(asked),
    ) % {"units": ", ".join(row.unit.code for row in asked)}


@require_POST
def report_answer(request: HttpRequest, uuid: UUID, unit: str) -> HttpResponse:
    """Answer for a directorate that was asked to read the report."""
    report = report_or_404(request, uuid, *UNREAD)
    rows = report.reviews.select_related("unit")
    review = get_object_or_404(rows, unit__code=unit)
    form = verdict_form(review, request.POST)
    status, conflict = _UNPROCESSABLE, None
    if form.is_valid():
        try:
            with refused_as_403():
                review_answer(
                    actor=signed_in(request.user),
                    review=review,
                    verdict=form.cleaned_data["verdict"],
                    # An answer that this form did not start from is never overwritten unseen.
                    expected_version=form.cleaned_data["version"] or 0,
                )
        except EditConflict:
            review.refresh_from_db()
            status, conflict = _CONFLICT, _beside(form, review)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            said = _("The answer of %(unit)s is kept.") % {"unit": review.unit.code}
            messages.success(request, said)
            return _back(report)
    answers = [{"review": review, "form": form}]
    return report_page(request, report, status=status, answers=answers, conflict=conflict)


def _beside(form: VerdictForm, review: ReportReview) -> list[dict[str, Any]]:
    """Return the answer kept meanwhile beside the one chosen here; saving again is a choice."""
    offer_again(form, version=str(review.version))
    mine = str(ReviewVerdict(form.cleaned_data["verdict"]).label)
    theirs = f"{review.get_verdict_display()} ({review.answered_by})"
    return [{"label": form.fields["verdict"].label, "theirs": theirs, "mine": mine}]


@require_POST
def report_sending(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Have an issued report mailed to those who were chosen."""
    maker_of_reports(request)
    report = report_or_404(request, uuid, *UNREAD)
    readers = recipients_of(report)
    form = SendForm(request.POST, readers=readers, sendings=report.sendings.all())
    if form.is_valid():
        try:
            with refused_as_403():
                rows = report_send(
                    actor=signed_in(request.user), report=report, recipients=form.chosen()
                )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            said = ngettext("%(n)s mail goes out now.", "%(n)s mails go out now.", len(rows))
            messages.success(request, said % {"n": len(rows)})
            return _back(report)
    return report_page(request, report, status=_UNPROCESSABLE, send_form=form, nobody=not readers)


@require_POST
def report_archiving(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close the file of a report that was sent."""
    report = report_or_404(request, uuid, *UNREAD)
    with _told(request):
        report_archive(actor=signed_in(request.user), report=report)
    return _back(report)


@require_POST
def report_correction(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Begin a new edition of an issued report."""
    maker_of_reports(request)
    report = report_or_404(request, uuid, *UNREAD)
    form = CorrectionForm(request.POST, has_other="both" in request.POST)
    if form.is_valid():
        try:
            with refused_as_403():
                edition = _correct(request, report, form)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            return _back(edition)
    return report_page(request, report, status=_UNPROCESSABLE, correction_form=form)


def _correct(request: HttpRequest, report: ProgressReport, form: CorrectionForm) -> ProgressReport:
    """Ask for the next edition; return the one in the language of the report."""
    languages = REPORT_LANGUAGES if form.cleaned_data.get("both") else (report.language,)
    asked = reports_request(
        actor=signed_in(request.user),
        strategic_plan=report.strategic_plan,
        minister=report.minister,
        reference_date=report.reference_date,
        languages=languages,
        correction_reason=form.cleaned_data["reason"],
    )
    return next(row for row, _job in asked if row.language == report.language)
