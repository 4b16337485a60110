"""Pages of the end of a plan year: final evaluations per unit, and closing the plan."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ibzplan.core.clocks import Clocks
from ibzplan.core.comments.threads import comments_panel
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, version_in
from ibzplan.core.views import refused_as_403
from objectives.planning.choices import PlanState
from objectives.planning.forms.common import offer_again
from objectives.planning.forms.evaluations import EvaluationForm, ReopenForm
from objectives.planning.models import FinalEvaluation, OperationalObjective
from objectives.planning.selectors import objective_readings
from objectives.planning.selectors.closing import (
    EvaluationReading,
    closing_state,
    evaluation_opens_on,
    evaluations_of_plan,
    units_with_objectives,
)
from objectives.planning.selectors.plan_years import all_plans, plan_years
from objectives.planning.selectors.readings import ObjectiveReading
from objectives.planning.services.closing import may_close, plan_close
from objectives.planning.services.copying import Copied
from objectives.planning.services.evaluations import (
    evaluation_hand_in,
    evaluation_of,
    evaluation_reopen,
    evaluation_save,
    may_evaluate,
    objective_continue,
)
from objectives.planning.views.lookup import (
    ObjectiveAccess,
    clocks_of,
    objective_or_404,
    year_or_404,
)
from objectives.planning.views.objectives import breadcrumb_of
from personnel.access import Access, access_of, signed_in
from personnel.choices import Role
from personnel.models import OrganisationUnit

# What the other buttons of the form send as `action`.
HAND_IN: Final = "hand_in"
CONTINUE: Final = "continue"


def _units_read(access: Access) -> list[OrganisationUnit]:
    """Return the units whose evaluations the user follows, or refuse whoever follows none."""
    if access.has(Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR):
        return list(units_with_objectives())
    if access.has(Role.PLANNER, Role.HEAD):
        return [unit for unit in units_with_objectives() if unit.pk in access.unit_ids]
    raise PermissionDenied


@require_safe
def evaluation_list(request: HttpRequest, year: int) -> HttpResponse:
    """Show by unit which objectives of a plan year are evaluated, and what keeps it open."""
    access, clocks = access_of(request.user), clocks_of(request)
    units = _units_read(access)
    plan = year_or_404(year)
    asked = next((unit for unit in units if unit.code == request.GET.get("unit")), None)
    rows = evaluations_of_plan(
        plan, clocks=clocks, access=access, units=[asked] if asked else units
    )
    today = timezone.localdate()
    is_open = plan.state == PlanState.APPROVED and today >= evaluation_opens_on(year)
    decides = may_close(access) and is_open and not clocks.pinned_known
    return render(
        request,
        "planning/evaluations.html",
        {
            "plan": plan,
            "years": plan_years(),
            "units": units,
            "unit": asked,
            "groups": _by_unit(rows),
            "total": len(rows),
            "handed_in": sum(row.is_handed_in for row in rows),
            "opens_on": evaluation_opens_on(year),
            "is_open": is_open,
            "closing": closing_state(plan) if decides else None,
            "clocks": clocks,
            "access": access,
            "demo_mark": plan.is_demo,
        },
    )


def _by_unit(rows: list[EvaluationReading]) -> list[dict[str, Any]]:
    """Return the rows by the unit that the objective had, in the order of the rows."""
    groups: dict[str, dict[str, Any]] = {}
    for row in rows:
        unit = row.objective.unit
        group = groups.setdefault(unit.code, {"unit": unit, "rows": [], "handed_in": 0})
        group["rows"].append(row)
        group["handed_in"] += row.is_handed_in
    return list(groups.values())


@require_http_methods(["GET", "HEAD", "POST"])
def evaluation_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write the evaluation of an objective beside its figures; its head hands it in here."""
    found = objective_or_404(request, uuid)
    objective = found.objective
    if not found.may_plan:
        raise PermissionDenied
    evaluation = evaluation_of(objective)
    if not may_evaluate(objective, found.access) or _is_handed_in(evaluation):
        _say_why_not(request, objective, evaluation)
        return redirect("planning:objective", uuid=uuid)
    form = EvaluationForm(
        request.POST or None,
        objective=objective,
        evaluation=evaluation,
        access=found.access,
        initial=EvaluationForm.initial_of(objective, evaluation),
    )
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            with refused_as_403():
                return _save(request, objective, form)
        except EditConflict as error:
            evaluation = evaluation_of(objective)
            conflict = _side_by_side(objective, evaluation, form)
            form.add_error(None, error.message)
            offer_again(form, version=str(evaluation.version if evaluation else 0))
        except DomainError as error:
            add_domain_error(form, error)
            evaluation = evaluation_of(objective)
            offer_again(form, version=str(evaluation.version if evaluation else 0))
    return _form_page(request, found, form, evaluation, conflict)


def _form_page(
    request: HttpRequest,
    found: ObjectiveAccess,
    form: EvaluationForm,
    stored: FinalEvaluation | None,
    conflict: list[dict[str, Any]],
) -> HttpResponse:
    objective, clocks = found.objective, Clocks.now()
    (reading,) = objective_readings([objective], clocks=clocks, access=found.access)
    return render(
        request,
        "planning/evaluation_form.html",
        {
            "objective": objective,
            "shown": reading.objective,
            "reading": reading,
            "targets": targets_reached(reading),
            "form": form,
            "conflict": conflict,
            "comments": comments_panel(stored, request.user) if stored else None,
            "may_hand_in": found.access.heads(objective.unit_id),
            "clocks": clocks,
            "next_year": objective.plan.year + 1,
            "has_next_plan": any(
                plan.year == objective.plan.year + 1 and plan.state != PlanState.CLOSED
                for plan in all_plans()
            ),
            "demo_mark": objective.is_demo,
            "breadcrumb": breadcrumb_of(objective, last=_("Final evaluation")),
        },
        status=422 if form.is_bound else 200,
    )


def targets_reached(reading: ObjectiveReading) -> tuple[int, int]:
    """Return how many indicators reached their target, out of how many."""
    return (
        sum(link.reading.status.status == "achieved" for link in reading.indicators),
        len(reading.indicators),
    )


def _is_handed_in(evaluation: FinalEvaluation | None) -> bool:
    return evaluation is not None and evaluation.state == "handed_in"


def _say_why_not(
    request: HttpRequest, objective: OperationalObjective, evaluation: FinalEvaluation | None
) -> None:
    if _is_handed_in(evaluation):
        text = _("This evaluation is handed in. The corporate cell can open it again.")
    elif objective.plan.state == PlanState.APPROVED and objective.state == PlanState.APPROVED:
        text = _("It is too early to evaluate this objective.")
    else:
        text = _("Only an objective that is in force gets a final evaluation.")
    messages.error(request, text)


def _save(
    request: HttpRequest, objective: OperationalObjective, form: EvaluationForm
) -> HttpResponse:
    """Save the draft, then do what else was asked; a refusal of that leaves the draft saved."""
    actor = signed_in(request.user)
    evaluation = evaluation_save(
        actor=actor,
        objective=objective,
        sheet=form.sheet(),
        expected_version=form.cleaned_data["version"] or 0,
    )
    action = request.POST.get("action")
    if action == CONTINUE:
        copied = objective_continue(actor=actor, objective=objective)
        messages.success(request, _continued_text(copied))
        return redirect("planning:evaluation", uuid=objective.uuid)
    if action != HAND_IN:
        messages.success(request, _("The evaluation is saved as a draft."))
        return redirect("planning:evaluation", uuid=objective.uuid)
    evaluation_hand_in(actor=actor, evaluation=evaluation, expected_version=evaluation.version)
    messages.success(
        request, _("The evaluation of %(code)s is handed in.") % {"code": objective.code}
    )
    return redirect("planning:objective", uuid=objective.uuid)


def _continued_text(copied: Copied) -> str:
    new = copied.objective
    values = {"old": copied.source.code, "new": new.code, "year": new.plan.year}
    if not copied.is_new:
        return _("%(old)s goes on in %(new)s of the plan of %(year)s already.") % values
    text = _("%(old)s goes on in %(new)s, a draft in the plan of %(year)s.") % values
    if not copied.left_out:
        return text
    left = _("Left out, as %(year)s no longer has it: %(names)s.")
    return f"{text} {left % {'year': new.plan.year, 'names': ', '.join(copied.left_out)}}"


def _side_by_side(
    objective: OperationalObjective, stored: FinalEvaluation | None, form: EvaluationForm
) -> list[dict[str, Any]]:
    """Return the fields in which the stored evaluation and the typed one differ."""
    theirs = EvaluationForm.initial_of(objective, stored)
    mine = {
        **form.cleaned_data,
        "successors": [row.uuid for row in form.cleaned_data["successors"]],
    }
    queryset = form.fields["successors"].queryset  # type: ignore[attr-defined]
    codes = {row.uuid: row.code for row in queryset}
    rows = []
    for name, field in form.fields.items():
        old, new = theirs.get(name, ""), mine[name]
        if name == "successors":
            old, new = (", ".join(sorted(codes.get(one, "") for one in row)) for row in (old, new))
        if name != "version" and str(old) != str(new):
            rows.append({"label": field.label, "theirs": old, "mine": new})
    return rows


@require_POST
def evaluation_reopening(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give an evaluation back to its unit, with the reason."""
    objective = objective_or_404(request, uuid).objective
    evaluation = get_object_or_404(
        FinalEvaluation.objects.select_related("objective", "objective__plan"), objective=objective
    )
    form = ReopenForm(request.POST)
    form.is_valid()
    try:
        with refused_as_403():
            evaluation_reopen(
                actor=signed_in(request.user),
                evaluation=evaluation,
                reason=form.cleaned_data.get("reason", ""),
            )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request,
            _("The evaluation of %(code)s is open again.") % {"code": objective.code},
        )
    return redirect("planning:objective", uuid=uuid)


@require_POST
def plan_closing(request: HttpRequest, year: int) -> HttpResponse:
    """Close the plan of a year."""
    plan = year_or_404(year)
    try:
        with refused_as_403():
            count = plan_close(
                actor=signed_in(request.user),
                plan=plan,
                expected_version=version_in(request.POST.get("version", "")) or 0,
            )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        said = ngettext(
            "The plan of %(year)s is closed, with %(n)s objective.",
            "The plan of %(year)s is closed, with %(n)s objectives.",
            count,
        )
        messages.success(request, said % {"year": year, "n": count})
    return redirect("planning:evaluations", year=year)
