"""Recording a figure, and what is done to one: validated, sent back, exempted, corrected."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ibzplan.core.clocks import year_in
from ibzplan.core.errors import DomainError
from ibzplan.core.forms import typed_text
from ibzplan.core.views import refused_as_403
from objectives.indicators.formatting import figure_text, period_text
from objectives.indicators.models import Correction, Indicator, Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.selectors.corrections import sees_corrections
from objectives.indicators.services import (
    correction_withdraw,
    measurement_return,
    measurement_validate,
)
from objectives.planning.forms import MeasurementForm
from objectives.planning.forms.common import offer_again
from objectives.planning.forms.measurements import OpenPeriod
from objectives.planning.selectors.indicator_rows import Recorded
from objectives.planning.services import correction_settle, figure_exempt, figure_record
from objectives.planning.views.figures_table import text_now
from objectives.planning.views.lookup import indicator_or_404
from personnel.access import signed_in

# Recording ----------------------------------------------------------------------------------------


def record_form_of(request: HttpRequest, rows: Recorded) -> MeasurementForm | None:
    """Return the form of whoever records for the unit; None where nothing can be recorded."""
    if not rows.may_record:
        return None
    periods = _open_periods(rows)
    if not periods:
        return None
    data = request.POST if request.method == "POST" else None
    return MeasurementForm(data, indicator=rows.reading.indicator, periods=periods)


def _open_periods(rows: Recorded) -> list[OpenPeriod]:
    """Return the periods that a figure can be recorded for: begun, missing ones first."""
    reading, today, current = rows.reading, timezone.localdate(), rows.current
    usable = [
        slot.period
        for slot in reading.slots
        if slot.period.start <= today and not slot.not_applicable_reason
    ]
    missing = [period for period in usable if period not in current]
    measured = [period for period in reversed(usable) if period in current]
    return [
        *(OpenPeriod(period) for period in missing),
        *(
            OpenPeriod(
                period,
                str(current[period].uuid),
                _remark(reading.indicator, current[period], is_locked=period in rows.locks),
            )
            for period in measured
        ),
    ]


def _remark(indicator: Indicator, row: Measurement, *, is_locked: bool) -> str:
    text = text_now(indicator, row)
    return _("%(figure)s, locked") % {"figure": text} if is_locked else text


def record(request: HttpRequest, indicator: Indicator, form: MeasurementForm) -> bool:
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
            confirmed=form.confirmed_checks(),
        )
    except DomainError as error:
        form.add_refusal(error)
        if error.code == "figure_changed":
            # The page now shows the other figure: saving again is a choice.
            offer_again(form, seen=form.now)
            messages.warning(
                request,
                _(
                    "What you typed is still there. Save again, with a reason, to replace that "
                    "figure."
                ),
            )
        return False
    if isinstance(row, Correction):
        messages.success(
            request,
            _("%(period)s is locked: your correction waits for a second person.")
            % {"period": period_text(row.measurement.period)},
        )
        return True
    messages.success(
        request,
        _("%(period)s: %(figure)s is recorded.")
        % {"period": period_text(row.period), "figure": figure_text(indicator, row)},
    )
    return True


# What the buttons do ------------------------------------------------------------------------------


def _measurement_or_404(request: HttpRequest, uuid: UUID) -> Measurement:
    measurement: Measurement = get_object_or_404(
        Measurement.objects.select_related("indicator", "indicator__owner"), uuid=uuid
    )
    indicator_or_404(request, measurement.indicator.uuid)
    return measurement


def _correction_or_404(request: HttpRequest, uuid: UUID) -> Correction:
    correction = get_object_or_404(
        Correction.objects.select_related(
            "measurement", "measurement__indicator", "measurement__indicator__owner", "requested_by"
        ),
        uuid=uuid,
    )
    indicator, access = indicator_or_404(request, correction.measurement.indicator.uuid)
    if not sees_corrections(access, indicator.owner_id):
        raise Http404
    return correction


def _do(request: HttpRequest, act: Callable[[], object], done: str) -> None:
    """Call a service; tell the user that it is done, or why not."""
    try:
        with refused_as_403():
            act()
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)


def _back(request: HttpRequest, indicator: Indicator, section: str) -> HttpResponse:
    """Return to the section of the page, in the plan year that it showed."""
    year = year_in(request.POST.get("year", ""))
    query = f"?year={year}" if year is not None else ""
    return redirect(f"{reverse('planning:indicator', args=[indicator.uuid])}{query}#{section}")


@require_POST
def measurement_validation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Validate a figure as head of the directorate."""
    measurement = _measurement_or_404(request, uuid)
    _do(
        request,
        lambda: measurement_validate(actor=signed_in(request.user), measurement=measurement),
        _("%(period)s is validated.") % {"period": period_text(measurement.period)},
    )
    return _back(request, measurement.indicator, "figures")


@require_POST
def measurement_returning(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send a figure back to the planners as head of the directorate, with a reason."""
    measurement = _measurement_or_404(request, uuid)
    reason = typed_text(request, "return_reason")
    _do(
        request,
        lambda: measurement_return(
            actor=signed_in(request.user), measurement=measurement, reason=reason
        ),
        _("%(period)s is returned to the planners.") % {"period": period_text(measurement.period)},
    )
    return _back(request, measurement.indicator, "figures")


@require_POST
def period_applicability(request: HttpRequest, uuid: UUID, period: str) -> HttpResponse:
    """Say that a period is not measured, with the reason; without one it is due again."""
    indicator, _access = indicator_or_404(request, uuid)
    try:
        wanted = parse_period(period)
    except ValueError as error:
        raise Http404 from error
    reason = typed_text(request, "exempt_reason").strip()
    names = {"period": period_text(wanted)}
    if "again" not in request.POST and not reason:
        messages.error(request, _("Say why %(period)s does not apply.") % names)
        return _back(request, indicator, "figures")
    _do(
        request,
        lambda: figure_exempt(
            actor=signed_in(request.user),
            indicator=indicator,
            period=wanted,
            reason="" if "again" in request.POST else reason,
        ),
        (
            _("%(period)s applies again: its figure is due.")
            if "again" in request.POST
            else _("%(period)s does not apply: no figure is expected.")
        )
        % names,
    )
    return _back(request, indicator, "figures")


@require_POST
def correction_decision(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Approve or refuse, as second person, the correction of a locked figure."""
    correction = _correction_or_404(request, uuid)
    decision = request.POST.get("decision", "")
    if decision not in ("approve", "refuse"):
        raise Http404
    approve, measurement = decision == "approve", correction.measurement
    sentence = (
        _("The correction of %(period)s is approved: the new figure counts from now on.")
        if approve
        else _("The correction of %(period)s is refused.")
    )
    _do(
        request,
        lambda: correction_settle(
            actor=signed_in(request.user),
            correction=correction,
            approve=approve,
            note=typed_text(request, "note"),
        ),
        sentence % {"period": period_text(measurement.period)},
    )
    return _back(request, measurement.indicator, "corrections")


@require_POST
def correction_withdrawal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take back a correction that waits."""
    correction = _correction_or_404(request, uuid)
    measurement = correction.measurement
    _do(
        request,
        lambda: correction_withdraw(actor=signed_in(request.user), correction=correction),
        _("The correction of %(period)s is withdrawn.")
        % {"period": period_text(measurement.period)},
    )
    return _back(request, measurement.indicator, "corrections")
