"""Fetching the archived files of a report, and the data that it was made from."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from personnel.access import access_of
from reporting.labels import file_name
from reporting.selectors.report_files import file_to_read
from reporting.views.report_lookup import report_or_404


@require_safe
def report_file(request: HttpRequest, uuid: UUID, format_: str) -> HttpResponseBase:
    """Hand over an archived file, or the data that the report was made from."""
    report = report_or_404(request, uuid, "seal")
    file = file_to_read(report, format_, access_of(request.user))
    if file is None:
        raise Http404
    try:
        content = file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content,
        as_attachment=True,
        filename=file_name(report, format_),
        content_type=file.content_type,
    )
    # No browser guesses what it is, and shared caches keep off.
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["ETag"] = f'"{file.sha256}"'
    return response
