"""Pages of an operational objective: read, make, change, submit, decide."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.forms import add_domain_error
from objectives.planning.choices import PlanState
from objectives.planning.explanations import explain, remarks
from objectives.planning.forms import IndicatorForm, MoveForm, ObjectiveForm
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors import objective_readings
from objectives.planning.services import (
    indicator_add,
    objective_create,
    objective_move,
    objective_update,
)
from objectives.planning.services.objectives import possible_moves
from objectives.planning.views.lookup import clocks_of, history_for, objective_or_404
from objectives.strategy.models import Werf
from personnel.access import access_of, signed_in
from personnel.models import OrganisationUnit
from personnel.selectors import planning_units


def breadcrumb_of(objective: OperationalObjective, *, last: str = "") -> list[dict[str, str]]:
    """Return the way from the dashboard to an objective."""
    werf = objective.werf
    strategic = werf.objective
    items = [
        {"label": _("Dashboard"), "url": reverse("reporting:dashboard")},
        {
            "label": " ".join([_("SO"), strategic.code, str(strategic.title)]),
            "url": reverse("strategy:objective", args=[strategic.code]),
        },
        {"label": f"{werf.code} {werf.title}", "url": reverse("planning:werf", args=[werf.code])},
        {
            "label": objective.code,
            "url": reverse("planning:objective", args=[objective.uuid]),
        },
    ]
    return [*items, {"label": last, "url": ""}] if last else items


@require_safe
def objective_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an objective: status and why, indicators, links, history."""
    found = objective_or_404(request, uuid)
    objective, clocks = found.objective, clocks_of(request)
    reading = objective_readings([objective], clocks=clocks, access=found.access)[0]
    return render(
        request,
        "planning/objective_detail.html",
        {
            "objective": objective,
            "reading": reading,
            "clocks": clocks,
            "why": explain(
                reading.status.steps, parts=[link.short_code for link in reading.indicators]
            ),
            "remarks": remarks(reading.status.remarks),
            "moves": possible_moves(objective, found.access),
            "may_edit": found.may_plan and not objective.is_in_force,
            "security_links": objective.security_links.select_related(
                "security_objective", "security_objective__theme"
            ),
            "history": history_for(
                objective, objective.unit_id, found.access, objective.approved_at
            ),
            "demo_mark": objective.is_demo,
            "breadcrumb": breadcrumb_of(objective),
        },
    )


def _is_in_force(request: HttpRequest, objective: OperationalObjective) -> bool:
    """Tell, also the user, that an approved objective is no longer edited."""
    if objective.is_in_force:
        messages.error(
            request, _("An approved objective is changed by an amendment of the plan only.")
        )
    return objective.is_in_force


def _own_units(request: HttpRequest) -> list[OrganisationUnit]:
    access = access_of(request.user)
    return [unit for unit in planning_units() if access.plans_for(unit.pk)]


@require_http_methods(["GET", "HEAD", "POST"])
def objective_new(request: HttpRequest, year: int) -> HttpResponse:
    """Make an objective in the plan of a year."""
    plan = get_object_or_404(OperationalPlan.objects.select_related("plan"), year=year)
    units = _own_units(request)
    if not units or plan.state == PlanState.CLOSED:
        raise PermissionDenied
    werf = Werf.objects.filter(
        objective__plan=plan.plan_id, code=request.GET.get("werf", "")
    ).first()
    form = ObjectiveForm(
        request.POST or None,
        plan=plan,
        units=units,
        initial={"werf": werf.uuid if werf else None, "key": uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            objective = objective_create(
                actor=signed_in(request.user),
                plan=plan,
                werf=form.cleaned_data["werf"],
                unit=form.cleaned_data["unit"],
                sheet=form.sheet(),
                security_objectives=form.cleaned_data["security_objectives"],
                uuid=form.cleaned_data["key"],
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(
                request,
                _("Objective %(code)s is saved as a draft. Add an indicator now.")
                % {"code": objective.code},
            )
            return redirect("planning:objective", uuid=objective.uuid)
    context = {"form": form, "plan": plan, "demo_mark": plan.is_demo}
    return render(request, "planning/objective_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def objective_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a draft; when someone saved meanwhile, show both versions side by side."""
    found = objective_or_404(request, uuid)
    objective = found.objective
    if not found.may_plan:
        raise PermissionDenied
    if _is_in_force(request, objective):
        return redirect("planning:objective", uuid=uuid)
    form = ObjectiveForm(
        request.POST or None,
        plan=objective.plan,
        units=[objective.unit],
        objective=objective,
        initial=ObjectiveForm.initial_of(objective),
    )
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            _save_edit(request, objective, form)
        except EditConflict as error:
            conflict = _side_by_side(objective, form)
            objective.refresh_from_db()
            form.add_error(None, error.message)
            again = request.POST.copy()
            again["version"] = str(objective.version)
            form.data = again
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("planning:objective", uuid=objective.uuid)
    return render(
        request,
        "planning/objective_form.html",
        {
            "form": form,
            "plan": objective.plan,
            "objective": objective,
            "conflict": conflict,
            "demo_mark": objective.is_demo,
            "breadcrumb": breadcrumb_of(objective, last=_("Edit")),
        },
    )


def _save_edit(request: HttpRequest, objective: OperationalObjective, form: ObjectiveForm) -> None:
    objective_update(
        actor=signed_in(request.user),
        objective=objective,
        sheet=form.sheet(),
        expected_version=form.cleaned_data["version"] or 0,
        security_objectives=form.cleaned_data["security_objectives"],
    )


def _side_by_side(objective: OperationalObjective, form: ObjectiveForm) -> list[dict[str, Any]]:
    """Return the fields in which the stored version and the typed one differ."""
    stored = OperationalObjective.objects.get(pk=objective.pk)
    theirs = ObjectiveForm.initial_of(stored)
    rows = [
        {"label": field.label, "theirs": theirs[name], "mine": form.cleaned_data[name]}
        for name, field in form.fields.items()
        if name not in ("version", "key", "security_objectives")
        and str(theirs[name]) != str(form.cleaned_data[name])
    ]
    stored_codes = sorted(
        link.security_objective.code
        for link in stored.security_links.select_related("security_objective")
    )
    typed_codes = sorted(row.code for row in form.cleaned_data["security_objectives"])
    if stored_codes != typed_codes:
        label = form.fields["security_objectives"].label
        rows.append(
            {"label": label, "theirs": ", ".join(stored_codes), "mine": ", ".join(typed_codes)}
        )
    return rows


@require_POST
def objective_step(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Submit, approve, return or close."""
    found = objective_or_404(request, uuid)
    form = MoveForm(request.POST)
    if form.is_valid():
        try:
            objective_move(
                actor=signed_in(request.user),
                objective=found.objective,
                to=form.cleaned_data["to"],
                expected_version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
            )
        except NotAllowed as error:
            raise PermissionDenied(error.message) from error
        except DomainError as error:
            messages.error(request, error.message)
        else:
            label = PlanState(form.cleaned_data["to"]).label
            messages.success(
                request,
                _("%(code)s is now: %(state)s.") % {"code": found.objective.code, "state": label},
            )
    return redirect("planning:objective", uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add an indicator with baseline and target to an objective."""
    found = objective_or_404(request, uuid)
    objective = found.objective
    if not found.may_plan:
        raise PermissionDenied
    if _is_in_force(request, objective):
        return redirect("planning:objective", uuid=uuid)
    form = IndicatorForm(request.POST or None, plan=objective.plan)
    if request.method == "POST" and form.is_valid():
        try:
            indicator = indicator_add(
                actor=signed_in(request.user),
                objective=objective,
                sheet=form.sheet(),
                target=form.cleaned_data["target"],
                target_level=form.target_level(),
                target_due_on=form.cleaned_data["target_due_on"],
                weight=form.cleaned_data["weight"],
                is_key=form.cleaned_data["is_key"],
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Indicator %(code)s is saved.") % {"code": indicator.code})
            return redirect("planning:indicator", uuid=indicator.uuid)
    return render(
        request,
        "planning/indicator_form.html",
        {
            "form": form,
            "objective": objective,
            "demo_mark": objective.is_demo,
            "breadcrumb": breadcrumb_of(objective, last=_("New indicator")),
        },
    )
