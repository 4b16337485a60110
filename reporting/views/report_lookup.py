"""Finding the report of an address, for whoever may read it."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from ibzplan.core.asked import say
from objectives.strategy.models import Plan
from personnel.access import Access, access_of
from reporting.models import ProgressReport
from reporting.selectors.report_list import plans_reported
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


def plan_asked(request: HttpRequest) -> Plan | None:
    """Return the plan that the address names, None for all."""
    code = request.GET.get("plan", "")
    if not code:
        return None
    found = next((plan for plan in plans_reported() if plan.code == code), None)
    if found is None:
        say(
            request,
            _(
                "There are no reports on a plan “%(value)s”: the page shows those on all plans. "
                "Choose one of the list."
            )
            % {"value": code},
        )
    return found
