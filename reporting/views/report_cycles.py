"""The reporting cycle: how often reports make themselves."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, offer_again, version_in
from ibzplan.core.views import refused_as_403
from personnel.access import Access, signed_in
from reporting.choices import CycleFrequency
from reporting.forms import CycleForm
from reporting.models import ReportCycle
from reporting.selectors.report_cycles import report_cycles as cycles_set
from reporting.selectors.report_cycles import stands_still
from reporting.selectors.report_list import ministers_reported, plans_reported
from reporting.selectors.reports import makes_reports, sees_before_issue
from reporting.services.report_cycles import report_cycle_set, report_cycle_stop
from reporting.views.report_lookup import maker_of_reports, reader_of_reports

_UNPROCESSABLE: Final = 422
_CONFLICT: Final = 409
_COMPARED: Final = ("frequency", "starts_on", "lag_days", "languages")


@require_http_methods(["GET", "HEAD", "POST"])
def report_cycles(request: HttpRequest) -> HttpResponse:
    """Show the cycles, with the form to set one to whoever may."""
    access = reader_of_reports(request)
    if not sees_before_issue(access):
        raise PermissionDenied
    if request.method != "POST":
        form = _form(request, initial=_initial(request)) if makes_reports(access) else None
        return _page(request, access, form)
    maker_of_reports(request)
    form = _form(request, request.POST)
    conflict: list[dict[str, Any]] = []
    if form.is_valid():
        try:
            with refused_as_403():
                _set(request, form)
                messages.success(request, _("The cycle is kept."))
                return redirect("reporting:report_cycles")
        except EditConflict:
            conflict = _beside(form)
        except DomainError as error:
            add_domain_error(form, error)
    status = _CONFLICT if conflict else _UNPROCESSABLE
    return _page(request, access, form, status=status, conflict=conflict)


def _form(request: HttpRequest, *args: Any, **kwargs: Any) -> CycleForm:
    return CycleForm(*args, plans=plans_reported(), ministers=ministers_reported(), **kwargs)


def _initial(request: HttpRequest) -> dict[str, Any]:
    """Return what the form starts with: the cycle that the address names, or a new one."""
    asked = request.GET.get("wijzigen", "")
    found = next((cycle for cycle in cycles_set() if str(cycle.uuid) == asked), None)
    if found is not None:
        return CycleForm.initial_of(found)
    return {"starts_on": date(timezone.localdate().year, 1, 1)}


def _set(request: HttpRequest, form: CycleForm) -> None:
    report_cycle_set(
        actor=signed_in(request.user),
        strategic_plan=form.cleaned_data["plan"],
        minister=form.cleaned_data["minister"],
        sheet=form.sheet(),
        # A cycle that this form did not start from is never overwritten unseen.
        expected_version=form.cleaned_data["version"] or 0,
    )


def _beside(form: CycleForm) -> list[dict[str, Any]]:
    """Return what is set now beside what was chosen here, in words; saving again is a choice."""
    data = form.cleaned_data
    rows = ReportCycle.objects.select_related("strategic_plan", "minister")
    stored = CycleForm.initial_of(rows.get(strategic_plan=data["plan"], minister=data["minister"]))
    offer_again(form, version=str(stored["version"]))
    found = [
        {"label": form.fields[name].label, "theirs": _said(name, old), "mine": _said(name, new)}
        for name, old, new in ((one, stored[one], data[one]) for one in _COMPARED)
    ]
    return [row for row in found if row["theirs"] != row["mine"]] or found


def _said(name: str, value: Any) -> str:
    if name == "frequency":
        return str(CycleFrequency(value).label)
    if name == "starts_on":
        return date_format(value, "SHORT_DATE_FORMAT")
    if name == "languages":
        return ", ".join(one.upper() for one in value)
    return str(value)


def _page(
    request: HttpRequest,
    access: Access,
    form: CycleForm | None,
    *,
    status: int = 200,
    conflict: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "cycles": [{"cycle": one, "stands_still": stands_still(one)} for one in cycles_set()],
        "conflict": conflict,
        "makes": makes_reports(access),
        "breadcrumb": [
            {"label": _("Reports"), "url": reverse("reporting:reports")},
            {"label": _("Reporting cycle"), "url": ""},
        ],
    }
    return render(request, "reporting/report_cycles.html", context, status=status)


@require_POST
def report_cycle_stopping(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a cycle ask for no more reports."""
    maker_of_reports(request)
    cycle = get_object_or_404(ReportCycle, uuid=uuid)
    try:
        with refused_as_403():
            report_cycle_stop(
                actor=signed_in(request.user),
                cycle=cycle,
                expected_version=version_in(request.POST.get("version", "")),
            )
            messages.success(request, _("The cycle makes no more reports."))
    except EditConflict:
        messages.error(request, _("Someone changed this cycle meanwhile: look at it again."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("reporting:report_cycles")
