"""The plan as an Excel workbook: handed out, handed in, checked and applied."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ibzplan.core.errors import DomainError
from ibzplan.core.forms import add_domain_error
from ibzplan.core.views import refused_as_403
from objectives.planning.choices import WorkbookState
from objectives.planning.forms.workbooks import WorkbookForm
from objectives.planning.models import OperationalPlan, WorkbookImport
from objectives.planning.selectors.workbooks import (
    imports_listed_for,
    imports_visible_to,
    last_job,
    may_export,
    may_import,
)
from objectives.planning.services.workbooks import (
    workbook_apply,
    workbook_export,
    workbook_import,
)
from objectives.planning.views.lookup import year_or_404
from objectives.planning.workbook_labels import error_text, step_text
from personnel.access import Access, access_of, signed_in
from personnel.models import OrganisationUnit

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES_PER_PAGE: Final = 100
CHANGES: Final = "changes"
IMPORTS_SHOWN: Final = 20


def _reader(request: HttpRequest) -> Access:
    """Return the access of whoever works with workbooks; anyone else is refused."""
    access = access_of(request.user)
    if not may_export(access):
        raise PermissionDenied
    return access


@require_http_methods(["GET", "HEAD", "POST"])
def workbook_page(request: HttpRequest, year: int) -> HttpResponse:
    """Offer the workbook of a plan year, take one in, and list those handed in before."""
    access, plan = _reader(request), year_or_404(year)
    is_importer = may_import(access, plan)
    if request.method == "POST" and not is_importer:
        raise PermissionDenied
    is_handed = request.method == "POST"
    data = (request.POST, request.FILES) if is_handed else ()
    form = WorkbookForm(*data) if is_importer else None
    if is_handed and form is not None:
        row = _hand_in(request, form, plan)
        if row is not None:
            return redirect("planning:workbook_import", uuid=row.uuid)
    user = signed_in(request.user)
    rows = list(imports_listed_for(access, user.pk).filter(plan=plan)[:IMPORTS_SHOWN])
    readable = imports_visible_to(access, user.pk).filter(pk__in=[row.pk for row in rows])
    return render(
        request,
        "planning/workbook.html",
        {
            "plan": plan,
            "form": form,
            "rows": rows,
            "readable": set(readable.values_list("uuid", flat=True)),
            "limit": IMPORTS_SHOWN,
            "unit": _unit(request),
            "demo_mark": plan.is_demo,
        },
        status=422 if is_handed else 200,
    )


def _unit(request: HttpRequest) -> OrganisationUnit | None:
    code = request.GET.get("unit", "")
    return get_object_or_404(OrganisationUnit, code=code) if code else None


def _hand_in(
    request: HttpRequest, form: WorkbookForm, plan: OperationalPlan
) -> WorkbookImport | None:
    """Take a file in; None, with the errors in the form, when it cannot be."""
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    try:
        with refused_as_403():
            row, _job = workbook_import(
                actor=signed_in(request.user),
                plan=plan,
                file_name=file.name,
                content=file.read(),
                language=(get_language() or "nl")[:2],
            )
    except DomainError as error:
        add_domain_error(form, error)
        return None
    return row


@require_safe
def workbook_file(request: HttpRequest, year: int) -> HttpResponse:
    """Hand out the workbook of a plan year, in the language of the interface."""
    _reader(request)
    plan, unit = year_or_404(year), _unit(request)
    content = workbook_export(actor=signed_in(request.user), plan=plan, unit=unit)
    name = "-".join(["OP", str(plan.year), *([unit.code] if unit else [])])
    response = HttpResponse(
        content,
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )
    _keep_private(response)
    return response


def _keep_private(response: HttpResponseBase) -> None:
    """Say what the content is, so that no browser guesses, and that shared caches keep off."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"


def _import_or_404(request: HttpRequest, uuid: UUID) -> WorkbookImport:
    access = _reader(request)
    rows = imports_visible_to(access, signed_in(request.user).pk)
    found: WorkbookImport = get_object_or_404(rows, uuid=uuid)
    return found


def _context(request: HttpRequest, row: WorkbookImport) -> dict[str, Any]:
    job = last_job(row)
    is_working = row.state in (WorkbookState.CHECKING, WorkbookState.APPLYING)
    is_running = is_working and job is not None and job.is_open
    problems = [line for line in row.problems if not line["is_remark"]]
    remarks = [line for line in row.problems if line["is_remark"]]
    in_changes = not problems or request.GET.get("list") == CHANGES
    number = request.GET.get("page")
    pages = {
        "problems": Paginator(problems, LINES_PER_PAGE).get_page(None if in_changes else number),
        "changes": Paginator(row.changes, LINES_PER_PAGE).get_page(number if in_changes else None),
    }
    return {
        "row": row,
        "job": job,
        "is_running": is_running,
        "is_failed": row.state == WorkbookState.FAILED or (is_working and not is_running),
        "is_applied": row.state == WorkbookState.APPLIED,
        "step": step_text(job.step if job else ""),
        "failure": error_text(job.error if job else ""),
        **pages,
        "in_changes": in_changes,
        "problem_count": len(problems),
        "remarks": remarks[:LINES_PER_PAGE],
        "remark_count": len(remarks),
        "change_count": len(row.changes),
        "limit": LINES_PER_PAGE,
        "may_apply": row.state == WorkbookState.CHECKED
        and not problems
        and bool(row.changes)
        and row.requested_by == request.user,
    }


@require_safe
def workbook_import_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a workbook that was handed in: how far it is, its problems, what it changes."""
    row = _import_or_404(request, uuid)
    return render(
        request,
        "planning/workbook_import.html",
        {
            **_context(request, row),
            "demo_mark": row.is_demo,
            "breadcrumb": [
                {
                    "label": _("Excel workbook"),
                    "url": reverse("planning:workbook", args=[row.plan.year]),
                },
                {"label": row.file_name, "url": ""},
            ],
        },
    )


@require_safe
def workbook_import_status(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return the part of the page that changes while a worker has the file."""
    row = _import_or_404(request, uuid)
    return render(request, "planning/includes/workbook_progress.html", _context(request, row))


@require_POST
def workbook_applying(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Apply a checked workbook."""
    row = _import_or_404(request, uuid)
    try:
        with refused_as_403():
            workbook_apply(actor=signed_in(request.user), row=row)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("planning:workbook_import", uuid=uuid)


@require_safe
def workbook_import_file(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Hand over the file as it was handed in."""
    row = _import_or_404(request, uuid)
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=row.file_name, content_type=CONTENT_TYPE
    )
    response["ETag"] = f'"{row.sha256}"'
    _keep_private(response)
    return response
