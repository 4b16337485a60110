"""Pages of progress reports: ask for one, watch it being made, fetch it."""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.forms import add_domain_error
from ibzplan.core.selectors import history_of
from objectives.indicators.formatting import period_text
from objectives.indicators.models import Measurement
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.plan_years import current_plan
from personnel.access import Access, access_of, signed_in
from personnel.selectors import ministers_of_plan
from reporting.choices import ReportState
from reporting.forms import ReportForm
from reporting.labels import action_text, error_text, file_name, step_text
from reporting.models import ProgressReport, ReportFile
from reporting.selectors.reorganisation import reads_reorganisations
from reporting.selectors.reports import (
    ReportProgress,
    last_quarter_end,
    makes_reports,
    reads_reports,
    report_progress,
    reported_plans,
    reports_progress,
    reports_visible_to,
)
from reporting.services import report_check, report_issue, report_request

if TYPE_CHECKING:
    from personnel.models import SupervisingMinister

CONTENT_TYPES: Final = {"pdf": "application/pdf"}
SNAPSHOT_FORMAT: Final = "json"
LIST_LIMIT: Final = 100


def _reader(request: HttpRequest) -> Access:
    """Return the access of whoever reads reports; anyone else is refused."""
    access = access_of(request.user)
    if not reads_reports(access):
        raise PermissionDenied
    return access


def _report_or_404(request: HttpRequest, uuid: UUID) -> ProgressReport:
    return get_object_or_404(reports_visible_to(_reader(request)), uuid=uuid)


def _form(request: HttpRequest, plan: OperationalPlan) -> ReportForm:
    ministers: list[SupervisingMinister] = ministers_of_plan(plan.plan.code)
    data = request.POST if request.method == "POST" else None
    initial = {"reference_date": last_quarter_end(plan.plan, timezone.localdate())}
    return ReportForm(data, ministers=ministers, initial=initial)


def _ask(request: HttpRequest, form: ReportForm, plan: OperationalPlan) -> ProgressReport | None:
    """Ask for the report of a filled form; None, with the errors in the form, when it cannot be."""
    if not form.is_valid():
        return None
    day = form.cleaned_data["reference_date"]
    try:
        report, _job = report_request(
            actor=signed_in(request.user),
            # Without a plan of that year the service says so, at the field.
            plan=reported_plans(plan.plan).filter(year=day.year).first() or plan,
            minister=form.cleaned_data["minister"],
            reference_date=day,
            language=form.cleaned_data["language"],
        )
    except DomainError as error:
        if isinstance(error, NotAllowed):
            raise PermissionDenied(error.message) from error
        add_domain_error(form, error)
        return None
    return report


@require_http_methods(["GET", "HEAD", "POST"])
def report_list(request: HttpRequest) -> HttpResponse:
    """Show the reports, with the form to ask for one to whoever may."""
    access = _reader(request)
    plan = current_plan(None)
    form = _form(request, plan) if plan and makes_reports(access) else None
    if request.method == "POST":
        if form is None or plan is None:
            raise PermissionDenied
        if report := _ask(request, form, plan):
            return redirect("reporting:report", uuid=report.uuid)
    rows = reports_progress(reports_visible_to(access).prefetch_related("files")[:LIST_LIMIT])
    return render(
        request,
        "reporting/report_list.html",
        {
            "form": form,
            "rows": rows,
            "issued": [row.report for row in rows if row.report.issued_at],
            "limit": LIST_LIMIT,
            "reads_reorganisations": reads_reorganisations(access),
            "demo_mark": any(row.report.is_demo for row in rows),
        },
        status=422 if request.method == "POST" else 200,
    )


def _progress_context(progress: ReportProgress, access: Access) -> dict[str, object]:
    job = progress.job
    return {
        "report": progress.report,
        "progress": progress,
        "job": job,
        "step": step_text(job.step if job else ""),
        "failure": error_text(job.error if job else ""),
        "files": list(progress.report.files.all()) if progress.is_ready else [],
        "may_ask": makes_reports(access),
    }


def _issue_context(report: ProgressReport, access: Access) -> dict[str, object]:
    """Return whether the user may issue the report, and how the figures stand that would lock."""
    may_issue = (
        makes_reports(access) and report.state == ReportState.READY and report.issued_at is None
    )
    if not may_issue:
        return {"may_issue": False}
    check = report_check(report, Clocks.now().known_at)
    return {
        "may_issue": True,
        "issue_check": check,
        "figures_shown": len(check.shown),
        "issue_remarks": [
            (label, [_figure_line(row) for row in rows])
            for label, rows in (
                (_("Returned to the planners"), check.returned),
                (_("Changed since the report was made"), check.changed),
                (_("Provisional: not validated"), check.provisional),
            )
        ],
    }


def _figure_line(row: Measurement) -> dict[str, object]:
    return {"indicator": row.indicator, "period": period_text(row.period), "end": row.period_end}


@require_safe
def report_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a report: how far it is, then its files and what identifies it."""
    report = _report_or_404(request, uuid)
    return render(
        request,
        "reporting/report_detail.html",
        {
            **_progress_context(report_progress(report), access_of(request.user)),
            **_issue_context(report, access_of(request.user)),
            "history": [
                {
                    "at": entry.at,
                    "actor": entry.actor,
                    "text": action_text(entry.action),
                    "reason": error_text(entry.reason) if entry.reason else "",
                }
                for entry in history_of(report)
            ],
            "demo_mark": report.is_demo,
            "breadcrumb": [
                {"label": _("Reports"), "url": reverse("reporting:reports")},
                {"label": str(report), "url": ""},
            ],
        },
    )


@require_safe
def report_status(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return the part of the page that changes while the report is made."""
    report = _report_or_404(request, uuid)
    return render(
        request,
        "reporting/includes/report_progress.html",
        _progress_context(report_progress(report), access_of(request.user)),
    )


@require_POST
def report_again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask once more for a report that failed: the same question, a new job."""
    report = _report_or_404(request, uuid)
    if report.plan is None:
        raise Http404
    try:
        report_request(
            actor=signed_in(request.user),
            plan=report.plan,
            minister=report.minister,
            reference_date=report.reference_date,
            language=report.language,
            known_at=report.known_at,
        )
    except NotAllowed as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("reporting:report", uuid=report.uuid)


@require_POST
def report_issuing(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Issue a report: the figures that it shows are locked."""
    report = _report_or_404(request, uuid)
    try:
        locked = report_issue(
            actor=signed_in(request.user),
            report=report,
            confirmed=request.POST.get("confirmed", ""),
        )
    except NotAllowed as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request,
            ngettext(
                "The report is issued; %(n)s figure is locked.",
                "The report is issued; %(n)s figures are locked.",
                locked,
            )
            % {"n": locked},
        )
    return redirect("reporting:report", uuid=report.uuid)


@require_safe
def report_file(request: HttpRequest, uuid: UUID, format_: str) -> HttpResponseBase:
    """Hand over an archived file, or the data that the report was made from."""
    report = _report_or_404(request, uuid)
    name = file_name(report, format_)
    if format_ == SNAPSHOT_FORMAT:
        return _snapshot(report, name)
    row = get_object_or_404(ReportFile, report=report, format=format_)
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind = CONTENT_TYPES.get(format_, "application/octet-stream")
    return _sealed(
        FileResponse(content, as_attachment=True, filename=name, content_type=kind), row.sha256
    )


def _snapshot(report: ProgressReport, name: str) -> HttpResponseBase:
    if not report.snapshot:
        raise Http404
    response = HttpResponse(
        report.snapshot,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    return _sealed(response, report.snapshot_sha256)


def _sealed(response: HttpResponseBase, sha256: str) -> HttpResponseBase:
    """Say what the content is, so that no browser guesses, and that shared caches keep off."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["ETag"] = f'"{sha256}"'
    return response
