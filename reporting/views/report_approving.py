"""Approving a report: everything that has to be looked at before, on one page."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ibzplan.core.clocks import Clocks
from ibzplan.core.comments.threads import open_requests
from ibzplan.core.errors import DomainError
from ibzplan.core.forms import add_domain_error
from ibzplan.core.views import refused_as_403
from objectives.indicators.formatting import period_text
from objectives.indicators.models import Measurement
from personnel.access import signed_in
from reporting.choices import ReportState
from reporting.forms import ApproveForm, WaiverForm
from reporting.models import ProgressReport
from reporting.selectors.report_gates import numbers_in_reason
from reporting.selectors.reviewing import units_silent
from reporting.services import report_check, report_issue
from reporting.snapshot import sha256_of
from reporting.views.report_gates import approving, gates_context, waive
from reporting.views.report_lookup import maker_of_reports, report_or_404

_UNPROCESSABLE: Final = 422


@require_http_methods(["GET", "HEAD", "POST"])
def report_approving(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what to look at before a report is approved; approve it, which locks its figures."""
    maker_of_reports(request)
    report = report_or_404(request, uuid)
    if request.method != "POST":
        return _closed(request, report) or approving_page(request, report)
    form = ApproveForm(request.POST)
    if form.is_valid():
        try:
            with refused_as_403():
                locked = _approve(request, report, form)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _locked_text(locked))
            return redirect("reporting:report", uuid=report.uuid)
    report.refresh_from_db()
    return _told(request, report, form) or approving_page(
        request, report, form=form, status=_UNPROCESSABLE
    )


def _approve(request: HttpRequest, report: ProgressReport, form: ApproveForm) -> int:
    return report_issue(
        actor=signed_in(request.user),
        report=report,
        confirmed=form.cleaned_data["confirmed"],
        without_review=form.cleaned_data["without_review"],
        accepted=form.cleaned_data["accepted"],
    )


def _locked_text(locked: int) -> str:
    return ngettext(
        "The report is approved; %(n)s figure is locked. The final files are being made.",
        "The report is approved; %(n)s figures are locked. The final files are being made.",
        locked,
    ) % {"n": locked}


def _closed(request: HttpRequest, report: ProgressReport) -> HttpResponse | None:
    """Go to the page of a report that is not to be approved (any more), and say so there."""
    if report.issued_at is not None:
        messages.info(request, _("This report is approved already."))
    elif report.replaced_by_id is not None:
        messages.info(request, _("Another draft came in the place of this one."))
    elif report.state != ReportState.READY:
        messages.info(request, _("A report is approved once it is ready."))
    else:
        return None
    return redirect("reporting:report", uuid=report.uuid)


def _told(request: HttpRequest, report: ProgressReport, form: forms.Form) -> HttpResponse | None:
    """Go to the page of a report that was approved meanwhile, with what the service said."""
    if report.issued_at is None and report.state == ReportState.READY:
        return None
    for error in form.non_field_errors():
        messages.error(request, str(error))
    return redirect("reporting:report", uuid=report.uuid)


def approving_page(
    request: HttpRequest,
    report: ProgressReport,
    *,
    form: ApproveForm | None = None,
    waiver_form: WaiverForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page; the forms are those that were refused, with what was typed."""
    check = report_check(report, Clocks.now().known_at)
    silent = [unit.code for unit in units_silent(report)]
    gates = gates_context(report, waiver_form)
    context: dict[str, Any] = {
        **gates,
        "report": report,
        "form": form or ApproveForm(),
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
        "silent": silent,
        "to_accept": _to_accept(report, form),
        "requests": open_requests(report.type_name(), [report.uuid]).get(report.uuid, []),
        "is_stopped": bool(check.returned or gates["is_stopped"]),
        "demo_mark": report.is_demo,
        "breadcrumb": [
            {"label": _("Reports"), "url": reverse("reporting:reports")},
            {"label": str(report), "url": reverse("reporting:report", args=[report.uuid])},
            {"label": _("Check and approve"), "url": ""},
        ],
    }
    return render(request, "reporting/report_approving.html", context, status=status)


def _to_accept(report: ProgressReport, form: ApproveForm | None) -> dict[str, str]:
    """Return the numbers in the reason that was typed, with the hash of it; nothing for none."""
    # What was refused is gone from the cleaned data.
    reason = str(form.data.get("without_review", "")).strip() if form else ""
    found = numbers_in_reason(report, reason)
    if not found:
        return {}
    return {"numbers": ", ".join(one.number for one in found), "hash": sha256_of(reason)}


@require_POST
def report_waiving(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a report through in which Dutch and French differ, for a reason that it prints."""
    maker_of_reports(request)
    report = report_or_404(request, uuid)
    form = WaiverForm(request.POST)
    if waive(request, report, form):
        messages.success(request, _("The report may be approved as it is; it prints your reason."))
        return approving(report, "parity")
    return _told(request, report, form) or approving_page(
        request, report, waiver_form=form, status=_UNPROCESSABLE
    )


def _figure_line(row: Measurement) -> dict[str, object]:
    return {"indicator": row.indicator, "period": period_text(row.period), "end": row.period_end}
