"""The operational plan of a year: at a glance, and the steps of its life."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error
from ibzplan.core.selectors import history_of
from ibzplan.core.views import refused_as_403
from objectives.planning.calendar_rules import sending_due_on
from objectives.planning.choices import PlanState
from objectives.planning.forms.common import offer_again
from objectives.planning.forms.workflow import (
    BudgetVoteForm,
    PlanApproveForm,
    PlanReturnForm,
    PlanSendForm,
    PlanSubmitForm,
)
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.plan_page import (
    PlanGaps,
    may_open_next,
    next_deadline,
    plan_gaps,
    reads_desks,
    sees_plan,
    unit_desks,
)
from objectives.planning.selectors.plan_years import all_plans, current_plan
from objectives.planning.selectors.workbooks import may_export
from objectives.planning.services.plans import (
    budget_vote_set,
    may_step,
    plan_approve,
    plan_open,
    plan_return,
    plan_send,
    plan_submit,
)
from objectives.planning.views.lookup import year_or_404
from personnel.access import Access, access_of, signed_in
from personnel.choices import Role


def plan_or_404(request: HttpRequest, year: int) -> OperationalPlan:
    """Return the plan of a year that the user may see."""
    plan = year_or_404(year)
    if not sees_plan(access_of(request.user), plan):
        raise Http404
    return plan


@require_safe
def plan_now(request: HttpRequest) -> HttpResponse:
    """Send the user to the running plan."""
    plan = current_plan(None)
    if plan is None:
        messages.info(
            request, _("There is no operational plan yet. The corporate cell opens one for a year.")
        )
        return redirect("strategy:overview")
    return redirect("planning:plan", year=plan.year)


@require_safe
def plan_detail(request: HttpRequest, year: int) -> HttpResponse:
    """Show the plan at a glance."""
    return _page(request, plan_or_404(request, year))


def _forms(plan: OperationalPlan, access: Access, gaps: PlanGaps) -> dict[str, forms.Form]:
    """Return the forms of the steps that this user may take with the plan now."""
    start = {"version": plan.version}
    found: dict[str, forms.Form] = {}
    has_version = plan.versions.exists()
    if access.has(Role.CORPORATE):
        if plan.state == PlanState.DRAFT:
            found["submit"] = PlanSubmitForm(initial=start)
        if plan.state == PlanState.APPROVED:
            found["send"] = PlanSendForm(initial=start, plan=plan)
        if plan.state != PlanState.CLOSED:
            found["budget"] = BudgetVoteForm(initial=start, plan=plan)
    if access.has(Role.COMMITTEE):
        if plan.state == PlanState.SUBMITTED:
            found["return"] = PlanReturnForm(initial=start)
        if plan.state == PlanState.SUBMITTED or (
            plan.state == PlanState.APPROVED and not has_version
        ):
            found["approve"] = PlanApproveForm(initial=start, drafts=_drafts(gaps))
    return found


def _drafts(gaps: PlanGaps) -> list[tuple[str, str]]:
    return [(str(row.uuid), f"{row.code} ({row.unit.code})") for row in gaps.drafts]


def _page(
    request: HttpRequest, plan: OperationalPlan, *, bound: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    access, user = access_of(request.user), signed_in(request.user)
    inside = reads_desks(access)
    gaps = plan_gaps(plan) if inside else PlanGaps()
    found = _forms(plan, access, gaps)
    if bound is not None:
        found[bound[0]] = bound[1]
    context = {
        "plan": plan,
        "years": [row.year for row in all_plans() if sees_plan(access, row)],
        "desks": unit_desks(plan, access) if inside else [],
        "gaps": gaps if plan.state in (PlanState.DRAFT, PlanState.SUBMITTED) else None,
        "has_workbook": may_export(access),
        "next_deadline": next_deadline(plan, user, timezone.localdate()),
        "sending_due_on": sending_due_on(plan.budget_voted_on) if plan.budget_voted_on else None,
        "versions": plan.versions.select_related("recorded_by", "amendment"),
        "step_forms": found,
        "may_open_next": may_open_next(plan, access),
        "next_year": plan.year + 1,
        "history": history_of(plan) if inside else [],
        "demo_mark": plan.is_demo,
        "breadcrumb": [
            {"label": _("Dashboard"), "url": reverse("reporting:dashboard")},
            {"label": str(plan), "url": ""},
        ],
    }
    return render(request, "planning/plan_detail.html", context, status=422 if bound else 200)


def _step(
    request: HttpRequest,
    plan: OperationalPlan,
    name: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    """Take one step; what was typed stays in the form when that did not work."""
    if not may_step(access_of(request.user), name):
        raise PermissionDenied  # before the page, which would show the form to whoever may not
    if not form.is_valid():
        return _page(request, plan, bound=(name, form))
    data = dict(form.cleaned_data)
    data["expected_version"] = data.pop("version")
    try:
        with refused_as_403():
            act(data)
    except DomainError as error:
        plan.refresh_from_db()
        add_domain_error(form, error)
        if isinstance(error, EditConflict):
            offer_again(form, version=str(plan.version))
        return _page(request, plan, bound=(name, form))
    messages.success(request, done)
    return redirect("planning:plan", year=plan.year)


@require_POST
def plan_submission(request: HttpRequest, year: int) -> HttpResponse:
    """Ask the committee to put the plan in force."""
    plan, user = plan_or_404(request, year), signed_in(request.user)
    return _step(
        request,
        plan,
        "submit",
        PlanSubmitForm(request.POST),
        lambda data: plan_submit(actor=user, plan=plan, expected_version=data["expected_version"]),
        _("The plan waits for the direction committee."),
    )


@require_POST
def plan_returning(request: HttpRequest, year: int) -> HttpResponse:
    """Send the plan back to the corporate cell."""
    plan, user = plan_or_404(request, year), signed_in(request.user)
    return _step(
        request,
        plan,
        "return",
        PlanReturnForm(request.POST),
        lambda data: plan_return(actor=user, plan=plan, **data),
        _("The plan went back to the corporate cell."),
    )


@require_POST
def plan_approval(request: HttpRequest, year: int) -> HttpResponse:
    """Put the plan in force."""
    plan, user = plan_or_404(request, year), signed_in(request.user)
    form = PlanApproveForm(request.POST, drafts=_drafts(plan_gaps(plan)))
    return _step(
        request,
        plan,
        "approve",
        form,
        lambda data: plan_approve(
            actor=user,
            plan=plan,
            **{**data, "left_out": [UUID(one) for one in data.get("left_out", ())]},
        ),
        _("The plan is in force. Its first version is frozen."),
    )


@require_POST
def plan_sending(request: HttpRequest, year: int) -> HttpResponse:
    """Note when the plan went to the ministers."""
    plan, user = plan_or_404(request, year), signed_in(request.user)
    return _step(
        request,
        plan,
        "send",
        PlanSendForm(request.POST, plan=plan),
        lambda data: plan_send(actor=user, plan=plan, **data),
        _("Saved."),
    )


@require_POST
def budget_vote(request: HttpRequest, year: int) -> HttpResponse:
    """Note when the Chamber approved the budget."""
    plan, user = plan_or_404(request, year), signed_in(request.user)
    return _step(
        request,
        plan,
        "budget",
        BudgetVoteForm(request.POST, plan=plan),
        lambda data: budget_vote_set(actor=user, plan=plan, **data),
        _("Saved."),
    )


@require_POST
def plan_opening(request: HttpRequest, year: int) -> HttpResponse:
    """Open the plan of the next year."""
    plan = plan_or_404(request, year)
    try:
        with refused_as_403():
            made = plan_open(actor=signed_in(request.user), after=plan)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("planning:plan", year=plan.year)
    messages.success(request, _("The plan of %(year)s is open.") % {"year": made.year})
    return redirect("planning:plan", year=made.year)
