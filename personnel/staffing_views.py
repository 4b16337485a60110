"""Pages of staffing: everyone who signs in reads them; officers enter figures from here."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ibzplan.core.asked import clocks_asked, say
from ibzplan.core.clocks import Clocks, year_in
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.exports import About, export_response
from ibzplan.core.forms import add_domain_error, offer_again, typed_beside
from ibzplan.core.views import refused_as_403
from personnel.access import access_of, signed_in
from personnel.choices import StaffKind, StaffMeasure, Statute
from personnel.models import StaffingFigure, StaffingFlow, StaffingLine
from personnel.services.staffing import may_keep_staffing, staffing_set, staffing_withdraw
from personnel.services.staffing_flows import flow_set, flow_withdraw
from personnel.staffing import (
    FlowCheck,
    StaffingRead,
    flow_checks,
    flow_lines,
    line_series,
    staffing_history,
    staffing_page,
    staffing_read,
    standing,
)
from personnel.staffing_forms import FlowForm, StaffingForm, WithdrawalForm
from personnel.staffing_tables import (
    LINE_TABLES,
    PAGE_TABLES,
    flows_table,
    line_flows_table,
    lines_table,
    series_table,
)


@require_safe
def staffing_lines(request: HttpRequest) -> HttpResponse:
    """Show the tree of a day: present against planned, the envelopes, and a year's flow.

    Or give the tree and the flow as a file.
    """
    clocks = clocks_asked(request)
    read = staffing_read(clocks)
    measure = _measure_asked(request)
    page = staffing_page(
        read,
        measure,
        on=_day_asked(request),
        plan_year=year_in(request.GET.get("plan", "")),
    )
    years = flow_years(read, measure)
    asked = year_in(request.GET.get("year", ""))
    year = asked if asked in years else next(reversed(years), None)
    flows = [
        (kind.label, found)
        for kind in StaffKind
        if year is not None and (found := flow_lines(read, measure, kind, year))
    ]
    is_demo = any(row.is_demo for row in read.counting)
    file = export_response(
        request,
        lambda: [lines_table(page), flows_table(measure, flows)],
        file_name=_("staffing"),
        about=About(
            _("Staffing"),
            clocks,
            filters=[(_("Counted in"), StaffMeasure(measure).label)],
            is_demo=is_demo,
        ),
    )
    return file or render(
        request,
        "personnel/staffing_lines.html",
        {
            "page": page,
            "measures": StaffMeasure,
            "flow_years": years,
            "flow_year": year,
            "flows": flows,
            "export_tables": list(PAGE_TABLES.items()),
            "clocks": clocks,
            "may_keep": _may_keep(request, clocks),
            "demo_mark": is_demo,
        },
    )


@require_safe
def staffing_line(request: HttpRequest, code: str) -> HttpResponse:
    """Show one line over the years, who came and went, and what was changed."""
    clocks = clocks_asked(request)
    read = staffing_read(clocks)
    line = read.line(code)
    if line is None:
        raise Http404
    parent = next((row for row, _depth in read.lines if row.pk == line.parent_id), None)
    series = [(measure, line_series(read, line, measure.value)) for measure in StaffMeasure]
    checks = _checks(read, line)
    file = export_response(
        request,
        lambda: [series_table(series), line_flows_table(checks)],
        file_name=f"{_('staffing')} {line.code}",
        about=About(str(line.title), clocks, is_demo=line.is_demo),
    )
    return file or render(
        request,
        "personnel/staffing_line.html",
        {
            "line": line,
            "parent": parent,
            "below": read.children.get(line.pk, ()),
            "series": series,
            "checks": checks,
            "export_tables": list(LINE_TABLES.items()),
            "own_flows": [row for row in read.flows if row.line_id == line.pk],
            "history": staffing_history(line, clocks),
            "clocks": clocks,
            "may_keep": _may_keep(request, clocks),
            "demo_mark": line.is_demo,
            "breadcrumb": staffing_trail((str(line.title), "")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def staffing_figures(request: HttpRequest, code: str) -> HttpResponse:
    """Enter who is on a line on a day; both versions side by side after a conflict."""
    line = _line_to_keep(request, code)
    measure, kind, on = cell_asked(request)
    form = StaffingForm(request.POST or None, initial=_stored(line, measure, kind, on))
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        sheet = form.sheet()
        try:
            changed = staffing_set(
                actor=signed_in(request.user),
                line=line,
                sheet=sheet,
                reason=form.cleaned_data["reason"],
                expected_versions=form.versions(),
            )
        except EditConflict as error:
            form.add_error(None, error.message)
            stored = _stored(line, sheet.measure, sheet.kind, sheet.on)
            conflict = typed_beside(form, _numbers_alone(stored))
        except DomainError as error:
            add_domain_error(form, error)
        else:
            text = _("Saved.") if changed else _("These figures stand already: nothing changed.")
            messages.success(request, text)
            return redirect("personnel:staffing_line", code=code)
    return _form_page(request, form, line, heading=_("Enter staffing"), conflict=conflict)


@require_http_methods(["GET", "HEAD", "POST"])
def staffing_flow(request: HttpRequest, code: str) -> HttpResponse:
    """Enter who came and went; both versions side by side after a conflict."""
    line = _line_to_keep(request, code)
    asked = request.GET.get("flow", "")
    flow = _uuid_row(StaffingFlow, line, asked) if asked else None
    form = FlowForm(request.POST or None, initial=FlowForm.initial_of(flow))
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        sheet = form.sheet()
        try:
            flow_set(
                actor=signed_in(request.user),
                line=line,
                sheet=sheet,
                reason=form.cleaned_data["reason"],
                expected_version=form.cleaned_data["version"] or 0,
            )
        except EditConflict as error:
            form.add_error(None, error.message)
            current = StaffingFlow.objects.filter(
                line=line,
                withdrawn_at=None,
                measure=sheet.measure,
                statute=sheet.statute,
                kind=sheet.kind,
                starts_on=sheet.starts_on,
                resolution=sheet.resolution,
            ).first()
            stored = FlowForm.initial_of(current) if current else {"inflow": "", "outflow": ""}
            conflict = typed_beside(form, {"version": 0, **stored})
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("personnel:staffing_line", code=code)
    return _form_page(request, form, line, heading=_("Enter in- and outflow"), conflict=conflict)


@require_http_methods(["GET", "HEAD", "POST"])
def staffing_figure_end(request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
    """Withdraw an entered figure, with a reason."""
    line = _line_to_keep(request, code)
    figure = get_object_or_404(StaffingFigure, uuid=uuid, line=line, withdrawn_at=None)
    withdraw = partial(staffing_withdraw, figure=figure)
    return _withdrawal(
        request, line, figure, withdraw, heading=_("Withdraw a figure"), figure=figure
    )


@require_http_methods(["GET", "HEAD", "POST"])
def staffing_flow_end(request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
    """Withdraw a flow, with a reason."""
    line = _line_to_keep(request, code)
    flow = get_object_or_404(StaffingFlow, uuid=uuid, line=line, withdrawn_at=None)
    withdraw = partial(flow_withdraw, flow=flow)
    return _withdrawal(
        request, line, flow, withdraw, heading=_("Withdraw in- and outflow"), flow=flow
    )


def _withdrawal(
    request: HttpRequest,
    line: StaffingLine,
    record: StaffingFigure | StaffingFlow,
    withdraw: Callable[..., object],
    **shown: Any,
) -> HttpResponse:
    """Ask for the reason, and withdraw."""
    form = WithdrawalForm(request.POST or None, initial={"version": record.version})
    if request.method == "POST" and form.is_valid():
        try:
            with refused_as_403():
                withdraw(
                    actor=signed_in(request.user),
                    reason=form.cleaned_data["reason"],
                    expected_version=form.cleaned_data["version"],
                )
        except EditConflict as error:
            form.add_error(None, error.message)
            offer_again(form, version=str(record.version))
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("The figure is withdrawn."))
            return redirect("personnel:staffing_line", code=line.code)
    return _form_page(request, form, line, is_withdrawal=True, **shown)


def flow_years(read: StaffingRead, measure: str) -> list[int]:
    """Return the years of which flows are known, the first one first."""
    return sorted({row.starts_on.year for row in read.flows if row.measure == measure})


def _checks(read: StaffingRead, line: StaffingLine) -> list[tuple[StaffMeasure, FlowCheck]]:
    """Return the flows of a line by year, latest first, each with what it is held against."""
    return [
        (measure, check)
        for measure in StaffMeasure
        for year in reversed(flow_years(read, measure))
        for kind in StaffKind
        for check in flow_checks(read, line, measure, kind, year)
    ]


def staffing_trail(*items: tuple[str, str]) -> list[dict[str, str]]:
    """Return the way from the staffing page to a page below it."""
    home = (_("Staffing"), reverse("personnel:staffing_lines"))
    return [{"label": label, "url": url} for label, url in (home, *items)]


def _may_keep(request: HttpRequest, clocks: Clocks) -> bool:
    return may_keep_staffing(access_of(request.user)) and not clocks.pinned_known


def _line_to_keep(request: HttpRequest, code: str) -> StaffingLine:
    if not may_keep_staffing(access_of(request.user)):
        raise PermissionDenied
    return get_object_or_404(StaffingLine.objects.select_related("unit"), code=code)


def _measure_asked(request: HttpRequest) -> str:
    asked = request.GET.get("measure", "")
    return asked if asked in StaffMeasure.values else StaffMeasure.FTE.value


def _day_asked(request: HttpRequest) -> date | None:
    """Return the day that the address names, None without one; what is no day is said."""
    asked = request.GET.get("day", "")
    day = _day(asked)
    if asked and day is None:
        say(
            request,
            _("“%(value)s” is not a date: the page shows the latest day.") % {"value": asked},
        )
    return day


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def cell_asked(request: HttpRequest) -> tuple[str, str, date | None]:
    """Return the measure, kind and day that the address names; the first ones without."""
    kind = request.GET.get("kind", "")
    return (
        _measure_asked(request),
        kind if kind in StaffKind.values else StaffKind.ACTUAL.value,
        _day(request.GET.get("on", "")),
    )


def _stored(line: StaffingLine, measure: str, kind: str, on: date | None) -> dict[str, Any]:
    """Return what the form shows of a day: the figures that count now."""
    rows = line.figures.filter(measure=measure, kind=kind, on=on, withdrawn_at=None) if on else ()
    return StaffingForm.initial_of(measure, kind, on, {row.statute: row for row in standing(rows)})


def _numbers_alone(stored: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers of a day, '' for those that there are not, and their versions."""
    numbers = {statute.value: stored.get(statute.value, "") for statute in Statute}
    return {**numbers, "version": stored["version"]}


def _uuid_row(model: type[StaffingFlow], line: StaffingLine, text: str) -> StaffingFlow:
    try:
        uuid = UUID(text)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(model, uuid=uuid, line=line, withdrawn_at=None)


def _form_page(
    request: HttpRequest,
    form: forms.Form,
    line: StaffingLine,
    *,
    heading: str,
    conflict: list[dict[str, Any]] | None = None,
    **content: Any,
) -> HttpResponse:
    back = reverse("personnel:staffing_line", args=[line.code])
    return render(
        request,
        "personnel/staffing_form.html",
        {
            "form": form,
            "heading": heading,
            "line": line,
            "conflict": conflict,
            "back": back,
            "demo_mark": line.is_demo,
            "breadcrumb": staffing_trail((str(line.title), back), (heading, "")),
            **content,
        },
        status=422 if form.errors else 200,
    )
