"""Pages of an operational objective: read, make, change, submit, decide."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ibzplan.core.clocks import Clocks
from ibzplan.core.comments.threads import comments_panel
from ibzplan.core.drafts.selectors import draft_panel
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.exports import About, export_response
from ibzplan.core.follows.selectors import follow_state
from ibzplan.core.forms import add_domain_error
from ibzplan.core.questions.selectors import questions_panel
from ibzplan.core.services.drafts import draft_drop
from ibzplan.core.views import refused_as_403
from objectives.planning.choices import PlanState
from objectives.planning.drafts import NEW_OBJECTIVE, OBJECTIVE
from objectives.planning.explanations import remarks
from objectives.planning.forms import ObjectiveForm
from objectives.planning.forms.common import offer_again
from objectives.planning.forms.overrides import (
    JudgementForm,
    JudgementForms,
    TakeBackForm,
    judgement_forms,
)
from objectives.planning.forms.smart import MotivationForm
from objectives.planning.forms.workflow import StepForm
from objectives.planning.means_panels import means_parts
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.amendments import takes_amendments
from objectives.planning.selectors.judgements import judgements, was_visible
from objectives.planning.selectors.objective_page import Below, Course, below, course_of
from objectives.planning.selectors.readings import ObjectiveReading
from objectives.planning.services import objective_create, objective_update, status_override
from objectives.planning.services.links import submitted_text
from objectives.planning.services.overrides import may_judge
from objectives.planning.views.amendment_panel import amendment_context
from objectives.planning.views.drafting import key_of, typed_key
from objectives.planning.views.evaluation_panel import evaluation_context
from objectives.planning.views.lookup import (
    ObjectiveAccess,
    clocks_of,
    entries_seen,
    objective_or_404,
    own_units,
    rule_of,
    year_or_404,
)
from objectives.planning.views.objective_export import EXPORTED, objective_tables
from objectives.planning.views.parts import parts_panels
from objectives.planning.views.smart import smart_panel
from objectives.planning.views.step_panel import step_context
from objectives.planning.views.why import why_objective
from objectives.strategy.selectors.structure import werven_of
from personnel.access import access_of, signed_in
from personnel.models import User


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
    return objective_page(request, objective_or_404(request, uuid))


def objective_page(
    request: HttpRequest,
    found: ObjectiveAccess,
    *,
    bound: JudgementForms | None = None,
    motivations: MotivationForm | None = None,
    returning: StepForm | None = None,
) -> HttpResponse:
    """Show an objective as known at the clocks.

    `bound` holds what a head typed wrongly, `motivations` what a planner could not save,
    `returning` what someone typed who could not send it back.
    """
    objective, clocks = found.objective, clocks_of(request)
    course = course_of(objective, clocks=clocks, access=found.access, rule_version=rule_of(request))
    reading = course.reading
    shown = reading.objective
    if not was_visible(shown, found.access, clocks.known_at):
        return render(
            request,
            "planning/objective_absent.html",
            {"objective": objective, "clocks": clocks, "demo_mark": objective.is_demo},
        )
    below_it = below(shown, clocks.known_at)
    exported = export_response(
        request,
        partial(objective_tables, reading, below_it, clocks),
        file_name=_("objective-%(code)s") % {"code": shown.code},
        about=About(
            f"{shown.code} {shown.title}", clocks, objective.plan.year, is_demo=objective.is_demo
        ),
    )
    if exported:
        return exported
    user = signed_in(request.user)
    context = {
        **_page_context(user, found, course, below_it, clocks),
        **_judgement_context(found, reading, below_it, clocks, bound=bound),
        **step_context(shown, found, user, clocks, bound=returning),
        "smart": smart_panel(reading, found, clocks, bound=motivations),
    }
    status = 422 if bound or motivations or returning else 200
    return render(request, "planning/objective_detail.html", context, status=status)


def _page_context(
    user: User, found: ObjectiveAccess, course: Course, below_it: Below, clocks: Clocks
) -> dict[str, Any]:
    """Return what the page shows, whatever was typed in its forms."""
    objective, reading = found.objective, course.reading
    shown = reading.objective
    panels = parts_panels(shown, found, clocks, below_it)
    seen_below = replace(below_it, parts=panels["parts"])
    return {
        "objective": objective,
        "shown": shown,
        "reading": reading,
        "trend": course.trend,
        "questions": questions_panel(user, objective, clocks),
        "follow": follow_state(user, objective, clocks),
        "export_tables": EXPORTED,
        "clocks": clocks,
        "why": why_objective(reading, clocks=clocks),
        "remarks": remarks(reading.status.remarks),
        "may_edit": found.may_plan and objective.is_open,
        "lies_elsewhere": found.may_plan and objective.state == PlanState.SUBMITTED,
        **panels,
        **amendment_context(shown, found, clocks),
        "means_parts": means_parts(shown, clocks, found.access),
        "history": entries_seen(
            below_it.history, objective.unit_id, found.access, objective.approved_at
        ),
        **evaluation_context(reading, found, clocks, user, seen_below),
        "demo_mark": objective.is_demo,
        "breadcrumb": breadcrumb_of(shown),
    }


def _judgement_context(
    found: ObjectiveAccess,
    reading: ObjectiveReading,
    below_it: Below,
    clocks: Clocks,
    *,
    bound: JudgementForms | None,
) -> dict[str, Any]:
    """Return the judgements of the head, with the forms for whoever may judge now."""
    judged = judgements(below_it.overrides, reading.override)
    forms = bound
    if forms is None and may_judge(found.objective, found.access) and not clocks.pinned_known:
        forms = judgement_forms(found.objective, judged[0].row if judged else None)
    return {"judgement": reading.override, "judgements": judged, "judgement_forms": forms}


@require_http_methods(["GET", "HEAD", "POST"])
def objective_judgement(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put a head's judgement beside the computed status, or take it back.

    Its address is left in the browser when something was typed wrongly: read again, it leads to
    the page of the objective.
    """
    found = objective_or_404(request, uuid)
    objective = found.objective
    back = reverse("planning:objective", args=[objective.uuid])
    if request.method != "POST":
        return with_query(request, back)
    forms = judgement_forms(
        objective, objective.overrides.order_by("-recorded_at", "-pk").first(), data=request.POST
    )
    if _record_judgement(request, objective, forms.bound):
        return redirect(back)
    if not may_judge(objective, found.access):
        raise PermissionDenied
    return objective_page(request, found, bound=forms)


def _record_judgement(
    request: HttpRequest, objective: OperationalObjective, form: JudgementForm | TakeBackForm
) -> bool:
    """Record what was typed; return whether it was accepted."""
    if not form.is_valid():
        return False
    try:
        with refused_as_403():
            row = status_override(
                actor=signed_in(request.user),
                objective=objective,
                status=form.cleaned_data.get("status", ""),
                reason=form.cleaned_data["reason"],
                holds_from=form.cleaned_data["holds_from"],
                expected_current=form.cleaned_data["seen"],
            )
    except DomainError as error:
        add_domain_error(form, error)
        form.look_again()
        return False
    said = _("Your judgement is recorded.") if row.status else _("Your judgement is taken back.")
    messages.success(request, said)
    return True


def with_query(request: HttpRequest, path: str) -> HttpResponse:
    """Lead to another address with the query of this one."""
    query = request.GET.urlencode()
    return redirect(f"{path}?{query}" if query else path)


def closed_to_edits(request: HttpRequest, found: ObjectiveAccess) -> HttpResponse | None:
    """Return where a request leads that edits what is submitted or in force, None when it may.

    It tells the user what to do. Raises PermissionDenied for whoever does not plan there.
    """
    objective = found.objective
    if not found.may_plan:
        raise PermissionDenied
    if objective.state == PlanState.SUBMITTED:
        messages.error(request, submitted_text(objective))
    if objective.is_in_force:
        messages.error(
            request, _("An approved objective is changed by an amendment of the plan only.")
        )
    return None if objective.is_open else redirect("planning:objective", uuid=objective.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def objective_new(request: HttpRequest, year: int) -> HttpResponse:
    """Make an objective in the plan of a year."""
    plan = year_or_404(year)
    units = own_units(access_of(request.user))
    if not units or plan.state == PlanState.CLOSED:
        raise PermissionDenied
    asked = request.GET.get("werf", "")
    werf = next((werf for werf in werven_of(plan.plan_id) if werf.code == asked), None)
    form = ObjectiveForm(
        request.POST or None,
        plan=plan,
        units=units,
        initial={
            "werf": werf.uuid if werf else None,
            "key": key_of(request, OperationalObjective),
        },
    )
    key = typed_key(form["key"].value(), uuid4())
    if request.method == "POST" and form.is_valid():
        try:
            objective = objective_create(
                actor=signed_in(request.user),
                plan=plan,
                werf=form.cleaned_data["werf"],
                unit=form.cleaned_data["unit"],
                sheet=form.sheet(),
                uuid=form.cleaned_data["key"],
                **form.links(),
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(
                request,
                _("Objective %(code)s is saved as a draft. Add an indicator now.")
                % {"code": objective.code},
            )
            draft_drop(actor=signed_in(request.user), form=NEW_OBJECTIVE, target=key)
            return redirect("planning:objective", uuid=objective.uuid)
    place = str(plan.year)
    return render(
        request,
        "planning/objective_form.html",
        {
            "form": form,
            "plan": plan,
            "takes_amendments": takes_amendments(plan),
            "draft": draft_panel(signed_in(request.user), NEW_OBJECTIVE, key, form, place=place),
            "demo_mark": plan.is_demo,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def objective_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a draft; when someone saved meanwhile, show both versions side by side."""
    found = objective_or_404(request, uuid)
    objective = found.objective
    if closed := closed_to_edits(request, found):
        return closed
    form = ObjectiveForm(
        request.POST or None,
        plan=objective.plan,
        units=[objective.unit],
        objective=objective,
        initial=ObjectiveForm.initial_of(objective),
    )
    conflict: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            _save_edit(request, objective, form)
        except EditConflict as error:
            objective.refresh_from_db()
            conflict = form.differences(objective)
            form.add_error(None, error.message)
            offer_again(form, version=str(objective.version))
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Saved."))
            draft_drop(actor=signed_in(request.user), form=OBJECTIVE, target=uuid)
            return redirect("planning:objective", uuid=objective.uuid)
    return render(
        request,
        "planning/objective_form.html",
        {
            "form": form,
            "plan": objective.plan,
            "objective": objective,
            "conflict": conflict,
            "comments": comments_panel(objective, request.user),
            "draft": draft_panel(signed_in(request.user), OBJECTIVE, uuid, form),
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
        **form.links(),
    )
