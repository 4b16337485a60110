"""The page of an indicator, with its figures and the form to record one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ibzplan.core.clocks import year_in
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.forms import add_domain_error
from objectives.indicators.choices import TargetKind
from objectives.indicators.formatting import (
    figure_text,
    period_text,
    slot_text,
    target_text,
    value_text,
    with_unit,
)
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import Period, parse_period
from objectives.indicators.selectors import IndicatorReading, indicator_readings
from objectives.indicators.services import measurement_validate
from objectives.planning.explanations import explain, remarks
from objectives.planning.forms import MeasurementForm
from objectives.planning.models import ObjectiveIndicator, OperationalObjective
from objectives.planning.services import figure_record
from objectives.planning.views.lookup import clocks_of, history_for, indicator_or_404
from objectives.planning.views.objectives import breadcrumb_of
from personnel.access import Access, signed_in


def _links(indicator: Indicator, access: Access) -> list[ObjectiveIndicator]:
    """Return the objectives that use the indicator and that the user sees; latest year first."""
    return list(
        indicator.objective_links.filter(
            objective__in=OperationalObjective.objects.visible_to(access)
        )
        .select_related(
            "objective",
            "objective__plan",
            "objective__unit",
            "objective__werf",
            "objective__werf__objective",
        )
        .order_by("-objective__plan__year", "pk")
    )


def _open_periods(reading: IndicatorReading) -> list[Period]:
    """Return the periods that a figure can be recorded for: begun, missing ones first."""
    today = timezone.localdate()
    begun = [slot for slot in reading.slots if slot.period.start <= today]
    usable = [slot for slot in begun if not slot.not_applicable_reason]
    missing = [slot.period for slot in usable if slot.measurement is None]
    measured = [slot.period for slot in reversed(usable) if slot.measurement is not None]
    return [*missing, *measured]


def _table(reading: IndicatorReading, indicator: Indicator) -> list[dict[str, Any]]:
    return [
        {
            "slot": slot,
            "period": period_text(slot.period),
            "text": slot_text(indicator, slot),
            "row": slot.measurement,
            "is_validated": bool(getattr(slot.measurement, "is_validated", False)),
        }
        for slot in reversed(reading.slots)
    ]


def _corrections(indicator: Indicator, access: Access, known_at: datetime) -> list[dict[str, Any]]:
    """Return every superseded figure beside the one that replaced it, newest first."""
    rows = (
        Measurement.objects.visible_to(access, known_at)
        .filter(indicator=indicator)
        .totals()
        .known_at(known_at)
        .select_related("recorded_by")
        .in_order()
    )
    found: list[dict[str, Any]] = []
    previous: Measurement | None = None
    for row in rows:
        if previous is not None and previous.period == row.period:
            found.append(
                {
                    "period": period_text(row.period),
                    "old": figure_text(indicator, previous),
                    "new": figure_text(indicator, row),
                    "row": row,
                }
            )
        previous = row
    return found[::-1]


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an indicator; its planners record figures here."""
    indicator, access = indicator_or_404(request, uuid)
    clocks = clocks_of(request)
    links = _links(indicator, access)
    years = sorted({link.objective.plan.year for link in links}, reverse=True)
    asked = year_in(request.GET.get("year", ""))
    year = asked if asked in years else years[0] if years else clocks.reference_date.year
    link = next((link for link in links if link.objective.plan.year == year), None)
    reading = indicator_readings([indicator], year=year, clocks=clocks, access=access)[indicator.pk]
    may_record = access.plans_for(indicator.owner_id)
    form = _measurement_form(request, indicator, reading) if may_record else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if _record(request, indicator, form):
            return redirect("planning:indicator", uuid=uuid)
    status = reading.status
    return render(
        request,
        "planning/indicator_detail.html",
        {
            "indicator": indicator,
            "links": links,
            "reading": reading,
            "year": year,
            "years": years,
            "clocks": clocks,
            "form": form,
            "table": _table(reading, indicator),
            "corrections": _corrections(indicator, access, clocks.known_at),
            "strip": _strip(indicator, reading),
            "why": explain(status.steps),
            "remarks": remarks(status.remarks),
            "may_validate": access.heads(indicator.owner_id),
            "history": history_for(indicator, indicator.owner_id, access, None),
            "demo_mark": indicator.is_demo,
            "breadcrumb": (breadcrumb_of(link.objective, last=indicator.code) if link else []),
        },
    )


def _strip(indicator: Indicator, reading: IndicatorReading) -> dict[str, Any]:
    """Return baseline, now, expected, target and gap as texts; an en dash for what is not there."""
    data, status, latest = reading.data, reading.status, reading.latest
    gap = (
        status.actual - data.target
        if data and data.target is not None and status.actual is not None
        else None
    )
    now = value_text(indicator, status.actual)
    if status.actual is None:
        now = figure_text(indicator, latest.measurement if latest else None)
    is_ordinal = indicator.target_kind == TargetKind.ORDINAL
    return {
        "baseline": value_text(indicator, data.baseline.value if data and data.baseline else None),
        "baseline_date": indicator.baseline_date,
        "now": now,
        "now_period": period_text(latest.period) if latest else "",
        "expected": value_text(indicator, status.expected),
        "expected_on": status.measured_to,
        "target": target_text(indicator, reading.final_target),
        "target_on": reading.final_target.due_on if reading.final_target else None,
        "gap": "\N{EN DASH}" if is_ordinal else with_unit(indicator, gap),
    }


def _measurement_form(
    request: HttpRequest, indicator: Indicator, reading: IndicatorReading
) -> MeasurementForm | None:
    periods = _open_periods(reading)
    if not periods:
        return None
    current = {
        slot.period: str(slot.measurement.uuid) if slot.measurement else ""
        for slot in reading.slots
    }
    return MeasurementForm(
        request.POST or None, indicator=indicator, periods=periods, current=current
    )


def _record(request: HttpRequest, indicator: Indicator, form: MeasurementForm) -> bool:
    """Record what was typed; return whether it was accepted."""
    if not form.is_valid():
        return False
    try:
        row = figure_record(
            actor=signed_in(request.user),
            indicator=indicator,
            period=parse_period(form.cleaned_data["period"]),
            figure=form.figure(),
            reason=form.cleaned_data["reason"],
            expected_current=form.seen_figure(),
        )
    except DomainError as error:
        add_domain_error(form, error)
        # The page now shows the other figure: saving again is a choice.
        again = request.POST.copy()
        again["seen"] = form.now
        form.data = again
        return False
    messages.success(
        request,
        _("%(period)s: %(figure)s is recorded.")
        % {"period": period_text(row.period), "figure": figure_text(indicator, row)},
    )
    return True


@require_POST
def measurement_validation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Validate a figure as head of the directorate."""
    measurement = get_object_or_404(
        Measurement.objects.select_related("indicator", "indicator__owner"), uuid=uuid
    )
    indicator, _access = indicator_or_404(request, measurement.indicator.uuid)
    if indicator.pk != measurement.indicator_id:
        raise Http404
    try:
        measurement_validate(actor=signed_in(request.user), measurement=measurement)
    except NotAllowed as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request,
            _("%(period)s is validated.") % {"period": period_text(measurement.period)},
        )
    return redirect("planning:indicator", uuid=indicator.uuid)
