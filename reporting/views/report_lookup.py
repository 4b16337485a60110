"""Finding the report of an address, for whoever may read it."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from personnel.access import Access, access_of
from reporting.models import ProgressReport
from reporting.selectors.reports import makes_reports, reads_reports, reports_visible_to


def reader_of_reports(request: HttpRequest) -> Access:
    """Return the access of whoever reads reports; anyone else is refused."""
    access = access_of(request.user)
    if not reads_reports(access):
        raise PermissionDenied
    return access


def maker_of_reports(request: HttpRequest) -> Access:
    """Return the access of whoever makes reports; anyone else is refused."""
    access = reader_of_reports(request)
    if not makes_reports(access):
        raise PermissionDenied
    return access


def report_or_404(request: HttpRequest, uuid: UUID, *without: str) -> ProgressReport:
    """Return a report that the user may read; `without` the large fields that are not needed."""
    rows = reports_visible_to(reader_of_reports(request)).defer(*without)
    found: ProgressReport = get_object_or_404(rows, uuid=uuid)
    return found
