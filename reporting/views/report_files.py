"""Fetching the archived files of a report, and the data that it was made from."""

from typing import Final
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from personnel.access import access_of
from reporting.choices import ReportFormat
from reporting.labels import file_name
from reporting.models import ProgressReport
from reporting.selectors.report_files import files_to_read
from reporting.selectors.report_reserved import questions_reserved
from reporting.views.report_lookup import report_or_404

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
CONTENT_TYPES: Final[dict[str, str]] = {
    ReportFormat.PDF: "application/pdf",
    ReportFormat.DOCX: f"{_OFFICE}.wordprocessingml.document",
    ReportFormat.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    ReportFormat.HTML: "text/html; charset=utf-8",
}
SNAPSHOT_FORMAT: Final = "json"


@require_safe
def report_file(request: HttpRequest, uuid: UUID, format_: str) -> HttpResponseBase:
    """Hand over an archived file, or the data that the report was made from."""
    report = report_or_404(request, uuid, "seal")
    if questions_reserved(report, access_of(request.user)):  # its page shows the rest
        raise Http404
    name = file_name(report, format_)
    if format_ == SNAPSHOT_FORMAT:
        return _snapshot(report, name)
    row = next((one for one in files_to_read(report) if one.format == format_), None)
    if row is None:
        raise Http404
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
