"""What the corporate cell enters in the calendar of the plan cycle."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, version_in
from ibzplan.core.selectors import history_of
from ibzplan.core.views import refused_as_403
from objectives.planning.forms.common import offer_again
from objectives.planning.labels import action_text
from objectives.planning.models import OperationalPlan
from personnel.access import Access, access_of, signed_in
from reporting.choices import DeadlineKind
from reporting.forms import DeadlineForm
from reporting.models import Deadline
from reporting.services.calendar import (
    deadline_create,
    deadline_remove,
    deadline_update,
    deadlines_take_over,
    enters_deadlines,
)

if TYPE_CHECKING:
    from datetime import date


def _corporate(request: HttpRequest) -> Access:
    access = access_of(request.user)
    if not enters_deadlines(access):
        raise PermissionDenied
    return access


@require_http_methods(["GET", "HEAD", "POST"])
def deadline_new(request: HttpRequest, year: int) -> HttpResponse:
    """Enter a day of a plan's cycle."""
    _corporate(request)
    plan = get_object_or_404(OperationalPlan, year=year)
    form = DeadlineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deadline_create(actor=signed_in(request.user), plan=plan, sheet=form.sheet())
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("The date is in the calendar."))
            return _to_the_day(form)
    return _form_page(request, form, plan, None)


@require_http_methods(["GET", "HEAD", "POST"])
def deadline_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a day, say that it was done, or take it out."""
    _corporate(request)
    deadline = get_object_or_404(Deadline.objects.select_related("plan", "unit"), uuid=uuid)
    if deadline.removed_at is not None:
        return _taken_out(request, deadline.plan)
    form = DeadlineForm(request.POST if request.method == "POST" else None, deadline=deadline)
    conflict: list[dict[str, str]] = []
    if form.is_valid():
        try:
            deadline_update(
                actor=signed_in(request.user),
                deadline=deadline,
                sheet=form.sheet(),
                expected_version=form.cleaned_data["version"] or 0,
            )
        except EditConflict as error:
            conflict = _conflict(form, deadline)
            add_domain_error(form, error)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("The date is changed."))
            return _to_the_day(form)
    return _form_page(request, form, deadline.plan, deadline, conflict)


def _taken_out(request: HttpRequest, plan: OperationalPlan) -> HttpResponse:
    """Say that the date is gone; what was typed meanwhile can be entered as a new one."""
    said = _("This date was taken out of the calendar meanwhile.")
    if request.method != "POST":
        messages.warning(request, said)
        return redirect("reporting:calendar")
    form = DeadlineForm(request.POST)
    if form.is_valid():
        advice = _("What you typed is still here: save to enter it as a new date.")
        form.add_error(None, f"{said} {advice}")
    return _form_page(request, form, plan, None)


def _to_the_day(form: DeadlineForm) -> HttpResponse:
    """Show the day that was just entered, wherever it stands in the list of all dates."""
    day: date = form.cleaned_data["due_on"]
    return redirect(f"{reverse('reporting:calendar')}?day={day.isoformat()}#list")


def _conflict(form: DeadlineForm, deadline: Deadline) -> list[dict[str, str]]:
    """Return both versions of the fields that differ, and let the form be saved again."""
    stored = DeadlineForm(deadline=Deadline.objects.select_related("unit").get(pk=deadline.pk))
    mine = DeadlineForm(data=form.data, deadline=deadline)
    rows = []
    for name, field in stored.fields.items():
        theirs, typed = stored[name].initial or "", mine[name].value() or ""
        if name != "version" and str(theirs) != str(typed):
            rows.append(
                {
                    "label": str(field.label),
                    "theirs": _value_text(name, theirs),
                    "mine": _value_text(name, typed),
                }
            )
    offer_again(form, version=str(stored["version"].initial))
    return rows


def _value_text(name: str, value: object) -> str:
    """Return a value as a reader knows it: the kind by its label, nothing as a dash."""
    if name == "kind" and value in DeadlineKind.values:
        return str(DeadlineKind(value).label)
    return str(value) or "–"


def _form_page(
    request: HttpRequest,
    form: DeadlineForm,
    plan: OperationalPlan,
    deadline: Deadline | None,
    conflict: Sequence[dict[str, str]] = (),
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        # A date that was taken out meanwhile is saved as a new one.
        "action": "" if deadline else reverse("reporting:deadline_new", args=[plan.year]),
        "plan": plan,
        "deadline": deadline,
        "conflict": conflict,
        "history": [(row, action_text(row.action)) for row in history_of(deadline)]
        if deadline
        else [],
        "demo_mark": plan.is_demo,
        "breadcrumb": [
            {"label": _("Calendar"), "url": reverse("reporting:calendar")},
            {"label": _("Change a date") if deadline else _("New date"), "url": ""},
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "reporting/deadline_form.html", context, status=status)


@require_POST
def deadline_removal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a day out of the calendar."""
    _corporate(request)
    deadline = get_object_or_404(Deadline, uuid=uuid)
    if deadline.removed_at is not None:
        messages.warning(request, _("This date was taken out of the calendar meanwhile."))
        return redirect("reporting:calendar")
    try:
        deadline_remove(
            actor=signed_in(request.user),
            deadline=deadline,
            expected_version=version_in(request.POST.get("version", "")) or 0,
        )
    except EditConflict as error:
        messages.error(request, error.message)
        return redirect("reporting:deadline", uuid=uuid)
    messages.success(request, _("The date is taken out of the calendar."))
    return redirect("reporting:calendar")


@require_POST
def deadlines_taking_over(request: HttpRequest, year: int) -> HttpResponse:
    """Enter last year's days for the plan of a year, each a year later."""
    _corporate(request)
    plan = get_object_or_404(OperationalPlan, year=year)
    try:
        with refused_as_403():
            made = deadlines_take_over(actor=signed_in(request.user), plan=plan)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request,
            ngettext(
                "%(n)s date is taken over from last year: look at its day.",
                "%(n)s dates are taken over from last year: look at their days.",
                made,
            )
            % {"n": made},
        )
    return redirect(f"{reverse('reporting:calendar')}?year={year}")
