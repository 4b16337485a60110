"""The page of a progress report: how far it is, what comes next, its files, its history."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.comments.threads import open_requests
from ibzplan.core.selectors import history_of
from personnel.access import Access, access_of
from reporting.choices import ReportStage
from reporting.forms import CorrectionForm, ReviewForm, SendForm, VerdictForm
from reporting.gates import other_language
from reporting.labels import action_text, error_text, format_text, step_text
from reporting.models import ProgressReport, ReportReview, ReportSending
from reporting.selectors.remarks import reads_remarks
from reporting.selectors.report_files import files_to_read
from reporting.selectors.report_page import Relatives, relatives_of
from reporting.selectors.report_reserved import questions_reserved
from reporting.selectors.report_waiting import Next, Waiting, waiting_of
from reporting.selectors.reports import (
    ReportProgress,
    makes_reports,
    may_read_for_units,
    report_progress,
    sees_before_issue,
)
from reporting.selectors.sending import UNCONFIRMED, recipients_of, sendings_underway
from reporting.stage_texts import replaced_text, stage_path, waiting_text
from reporting.views.report_lookup import report_or_404

# Large, and of no use on this page.
UNREAD = ("snapshot", "seal")
_CAN_BE_SENT = (ReportStage.APPROVED, ReportStage.SENT)


@require_safe
def report_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a report: how far it is, then its files and what identifies it."""
    return report_page(request, report_or_404(request, uuid, *_unread(request)))


def _unread(request: HttpRequest) -> tuple[str, ...]:
    """Return the fields that are left out; the snapshot says what a directorate may not read."""
    return UNREAD[1:] if may_read_for_units(access_of(request.user)) else UNREAD


@require_safe
def report_status(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return the part of the page that changes while the report is made.

    Once the draft or the final files are there the browser opens the page anew: what comes next
    stands on it. Under review it does not: somebody may be writing an answer.
    """
    report = report_or_404(request, uuid, *_unread(request))
    progress = report_progress(report)
    context = _progress_context(progress, access_of(request.user))
    answer = render(request, "reporting/includes/report_progress.html", context)
    if not progress.is_working and report.stage in (ReportStage.DRAFT, ReportStage.APPROVED):
        answer["HX-Refresh"] = "true"
    return answer


def report_page(
    request: HttpRequest, report: ProgressReport, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """Show the page of a report; `forms` are those that were refused, with what was typed."""
    access = access_of(request.user)
    prefetch_related_objects([report], "files")
    progress = report_progress(report)
    reviews = list(report.reviews.select_related("unit", "answered_by"))
    waiting = waiting_of(progress, reviews, report.files.all())
    relatives = relatives_of(report, access)
    context = {
        **_progress_context(progress, access),
        **_next_context(report, waiting, relatives, access),
        **_review_context(report, reviews, relatives, access),
        **_sending_context(report, access, forms),
        **_correction_context(report, relatives, access),
        **_language_context(report, relatives, access),
        "history": _history(report, access),
        "demo_mark": report.is_demo,
        "breadcrumb": [
            {"label": _("Reports"), "url": reverse("reporting:reports")},
            {"label": str(report), "url": ""},
        ],
        **forms,
    }
    return render(request, "reporting/report_detail.html", context, status=status)


def _progress_context(progress: ReportProgress, access: Access) -> dict[str, Any]:
    """Return how far the making of a report is, and its files."""
    job, report = progress.job, progress.report
    reserved = questions_reserved(report, access) if progress.is_ready else frozenset()
    return {
        "reserved": len(reserved),
        "report": report,
        "progress": progress,
        "job": job,
        "step": step_text(job.step if job else ""),
        "parts": [{"label": format_text(part.part), "job": part} for part in progress.parts],
        "failure": error_text(job.error if job else ""),
        "files": files_to_read(report) if progress.is_ready and not reserved else [],
        "failed": [
            {"format": part.part, "label": format_text(part.part), "why": error_text(part.error)}
            for part in progress.failed_parts
        ]
        if progress.is_ready and not progress.is_working
        else [],
        "may_ask": makes_reports(access),
    }


def _next_context(
    report: ProgressReport, waiting: Waiting, relatives: Relatives, access: Access
) -> dict[str, Any]:
    """Return the path of the report, and what comes next on it."""
    makes = makes_reports(access)
    next_ = waiting.next if sees_before_issue(access) else Next.NOTHING
    is_replaced = next_ == Next.REPLACED
    has_words = next_ not in (Next.REPLACED, Next.NOTHING)
    return {
        "path": stage_path(report),
        "next": next_,
        "replaced": replaced_text(relatives.place) if is_replaced else "",
        "waits": waiting_text(report, waiting) if has_words else "",
        "acts": makes and waiting.is_of_corporate,
        "may_review": makes and next_ in (Next.REVIEW_OR_APPROVE, Next.REVIEW, Next.APPROVE),
        "review_form": ReviewForm(initial=_review_day(report)),
        "reads_report": next_ not in (Next.MAKE, Next.MAKE_AGAIN, Next.MAKE_AFTER_STOP),
    }


def _review_day(report: ProgressReport) -> dict[str, Any]:
    return {"due_on": report.review_due_on} if report.review_due_on else {}


def _review_context(
    report: ProgressReport,
    reviews: list[ReportReview],
    relatives: Relatives,
    access: Access,
) -> dict[str, Any]:
    """Return who answered, the answers that the user gives, and what is asked to be changed."""
    if not sees_before_issue(access):
        return {}
    asked = report.stage == ReportStage.REVIEW
    own = [row for row in reviews if asked and access.heads(row.unit_id) and _is_head(access)]
    return {
        "reviews": reviews,
        "answers": [{"review": row, "form": verdict_form(row)} for row in own],
        **_requests(report, reviews, relatives, access),
    }


def verdict_form(review: ReportReview, data: Mapping[str, Any] | None = None) -> VerdictForm:
    """Return the form of an answer, with ids of its own: a head can answer for several units."""
    initial = {"verdict": review.verdict, "version": review.version}
    return VerdictForm(data, initial=initial, auto_id=f"id_{review.unit.code}_%s")


def _is_head(access: Access) -> bool:
    """Tell whether the user heads units; an administrator heads all of them, on paper."""
    return bool(access.head_unit_ids)


def _requests(
    report: ProgressReport,
    reviews: list[ReportReview],
    relatives: Relatives,
    access: Access,
) -> dict[str, int]:
    """Return how many remarks still ask for a change, for whoever reads them; to the corporate cell
    also those on the draft that this one replaces, which nobody looks at otherwise.
    """
    is_closed = report.issued_at is not None or report.replaced_by_id is not None
    if is_closed or not reads_remarks(access, reviews):
        return {}
    older = relatives.replaces if makes_reports(access) else None
    drafts = [report, older] if older else [report]
    found = open_requests(report.type_name(), [one.uuid for one in drafts])
    counts = [len(found.get(one.uuid, ())) for one in drafts]
    return dict(zip(("requests", "requests_before"), counts, strict=False))


def _sending_context(
    report: ProgressReport, access: Access, forms: dict[str, Any]
) -> dict[str, Any]:
    """Return to whom the report went, and the form to send it to others."""
    if report.issued_at is None or not sees_before_issue(access):
        return {}
    sendings = list(report.sendings.select_related("recipient"))
    underway = sendings_underway(sendings)
    context: dict[str, Any] = {
        "sendings": [_sending(row, is_underway=row.uuid in underway) for row in sendings]
    }
    if makes_reports(access) and report.stage in _CAN_BE_SENT and "send_form" not in forms:
        readers = recipients_of(report)
        context["send_form"] = SendForm(readers=readers, sendings=sendings)
        context["nobody"] = not readers
    return context


def _sending(row: ReportSending, *, is_underway: bool) -> dict[str, Any]:
    """Return what became of a mail, in words."""
    if row.sent_at is not None or is_underway:
        return {"row": row, "failure": ""}
    if row.error == UNCONFIRMED:
        failure = _("It is not certain that it went out: ask the recipient, or send it again.")
    elif row.error:
        failure = _("It did not go out: %(reason)s") % {"reason": row.error}
    else:
        failure = ""
    return {"row": row, "failure": failure}


def _correction_context(
    report: ProgressReport, relatives: Relatives, access: Access
) -> dict[str, Any]:
    """Return the other editions and the other language, and the form that begins a correction."""
    other = relatives.other
    draft = relatives.draft
    has_failed = draft is not None and report_progress(draft).has_failed
    has_draft = draft is not None and not has_failed
    corrects = report.issued_at is not None and not (relatives.later or has_draft)
    context: dict[str, Any] = {"relatives": relatives, "draft_has_failed": has_failed}
    if corrects and makes_reports(access):
        is_out = other is not None and other.issued_at is not None
        context["correction_form"] = CorrectionForm(has_other=is_out)
    return context


def _language_context(
    report: ProgressReport, relatives: Relatives, access: Access
) -> dict[str, Any]:
    """Return the language in which the same report can be asked for at the same moment, '' for
    none.
    """
    is_there = relatives.other is not None
    if is_there or report.replaced_by_id is not None or not makes_reports(access):
        return {}
    return {"other_language": other_language(report.language)}


def _history(report: ProgressReport, access: Access) -> list[dict[str, Any]]:
    """Return what happened to a report; to a cabinet only that it was issued, and since."""
    entries = history_of(report)
    if not sees_before_issue(access):
        issued = report.issued_at
        entries = [entry for entry in entries if issued is not None and entry.at >= issued]
    return [
        {
            "at": entry.at,
            "actor": entry.actor,
            "text": action_text(entry.action),
            "reason": error_text(entry.reason) if entry.action == "failed" else entry.reason,
        }
        for entry in entries
    ]
