"""The list of progress reports: find one, see for whom it waits, ask for one."""

from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ibzplan.core.asked import minister_asked, say
from ibzplan.core.errors import DomainError
from ibzplan.core.forms import add_domain_error
from ibzplan.core.views import refused_as_403
from objectives.strategy.choices import PlanKind
from objectives.strategy.selectors.plans import current_plan
from personnel.access import Access, signed_in
from reporting.choices import REPORT_LANGUAGES, ReportStage
from reporting.forms import ReportForm
from reporting.models import ProgressReport
from reporting.selectors.reorganisation import reads_reorganisations
from reporting.selectors.report_files import files_to_read
from reporting.selectors.report_list import (
    MOST_REPORTS,
    ReportFilter,
    ReportLine,
    ReportRow,
    awaiting_answer,
    ministers_reported,
    plans_reported,
    report_lines,
    reports_offered,
)
from reporting.selectors.reports import (
    last_quarter_end,
    makes_reports,
    reads_for_units,
    sees_before_issue,
)
from reporting.services import reports_request
from reporting.stage_texts import waiting_text
from reporting.views.report_lookup import plan_asked, reader_of_reports

_UNPROCESSABLE: Final = 422


@require_http_methods(["GET", "HEAD", "POST"])
def report_list(request: HttpRequest) -> HttpResponse:
    """Show the reports, with the form to ask for one to whoever may."""
    access = reader_of_reports(request)
    asked = _asked(request)
    lines = report_lines(access, asked)
    form = _form(request, access, lines) if makes_reports(access) else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if reports := _ask(request, form):
            return _to(reports)
    status = _UNPROCESSABLE if request.method == "POST" else 200
    context = {**_context(asked, lines, access), "form": form}
    return render(request, "reporting/report_list.html", context, status=status)


def _asked(request: HttpRequest) -> ReportFilter:
    """Return which reports the address asks for."""
    return ReportFilter(
        plan=plan_asked(request),
        minister=minister_asked(request, ministers_reported()),
        stage=_stage_asked(request),
    )


def _form(request: HttpRequest, access: Access, lines: Sequence[ReportLine]) -> ReportForm:
    plans = plans_reported()
    running = current_plan(PlanKind.STRATEGIC)
    initial: dict[str, Any] = {"language": list(REPORT_LANGUAGES)}
    if running is not None:
        initial["plan"] = running.code
        initial["reference_date"] = last_quarter_end(running, timezone.localdate())
    data = request.POST if request.method == "POST" else None
    return ReportForm(
        data,
        plans=plans,
        ministers=ministers_reported(),
        reports=reports_offered(lines, access, request.POST.get("same_as", "")),
        initial=initial,
    )


def _ask(request: HttpRequest, form: ReportForm) -> list[ProgressReport]:
    """Ask for the reports of a filled form; [], with the errors in the form, when it cannot be."""
    if not form.is_valid():
        return []
    data = form.cleaned_data
    try:
        with refused_as_403():
            asked = reports_request(
                actor=signed_in(request.user),
                strategic_plan=data["plan"],
                minister=data["minister"],
                reference_date=data["reference_date"],
                languages=data["language"],
                known_at=form.moment(),
            )
    except DomainError as error:
        add_domain_error(form, error)
        return []
    return [report for report, _job in asked]


def _to(reports: list[ProgressReport]) -> HttpResponse:
    """Go to the report that was asked for; to the list, where both are, when there are two."""
    if len(reports) == 1:
        return redirect("reporting:report", uuid=reports[0].uuid)
    return redirect(f"{reverse('reporting:reports')}#report-{reports[0].uuid}")


def _context(asked: ReportFilter, lines: Sequence[ReportLine], access: Access) -> dict[str, Any]:
    listed = [row for line in lines for row in line.rows]
    return {
        "lines": [_line(line, access) for line in lines],
        "reports": len(listed),
        "waiting": [_named(row, access) for row in awaiting_answer(lines, access)],
        **_comparable([row.report for row in listed if row.progress.is_ready]),
        "asked": asked,
        "is_narrowed": asked != ReportFilter(),
        "plans": plans_reported(),
        "ministers": ministers_reported(),
        "stages": ReportStage.choices,
        "sees_waiting": sees_before_issue(access),
        "makes": makes_reports(access),
        "reads_reorganisations": reads_reorganisations(access),
        "limit": MOST_REPORTS,
        "demo_mark": any(row.report.is_demo for row in listed),
    }


def _comparable(reports: list[ProgressReport]) -> dict[str, Any]:
    """Return what can be compared, at first the latest report with the one before it."""
    latest = next(iter(reports), None)
    before = next((row for row in reports if latest and _is_before(row, latest)), None)
    return {"comparable": reports, "a": before, "b": latest}


def _is_before(report: ProgressReport, latest: ProgressReport) -> bool:
    about, other = (
        (row.strategic_plan_id, row.plan_id, row.minister_id, row.language)
        for row in (report, latest)
    )
    return about == other and report.pk != latest.pk


def _line(line: ReportLine, access: Access) -> dict[str, Any]:
    rows = [_named(row, access) for row in line.rows]
    says = list(dict.fromkeys(row["waits"] for row in rows if row["waits"]))
    return {"report": line.report, "rows": rows, "waits": says}


def _named(row: ReportRow, access: Access) -> dict[str, Any]:
    """Return what the list shows of a report in one language.

    Whoever reads it for a directorate finds its files on its own page: some are not for them.
    """
    has_files = row.progress.is_ready and not reads_for_units(access, row.report)
    return {
        "report": row.report,
        "progress": row.progress,
        "files": files_to_read(row.report) if has_files else [],
        "waits": waiting_text(row.report, row.waiting),
    }


def _stage_asked(request: HttpRequest) -> str:
    """Return the stage that the address names, '' for all."""
    text = request.GET.get("stage", "")
    if not text or text in ReportStage.values:
        return text
    say(
        request,
        _(
            "There is no stage “%(value)s”: the page shows the reports of every stage. Choose one "
            "of the list."
        )
        % {"value": text},
    )
    return ""
