"""Pages of the activities of an objective: entering, changing, withdrawing, reporting."""

from functools import partial
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.services.drafts import draft_drop
from ibzplan.core.views import refused_as_403
from objectives.planning.drafts import ACTIVITY, NEW_ACTIVITY
from objectives.planning.forms.activities import (
    ActivityForm,
    MilestoneReportForm,
)
from objectives.planning.forms.common import offer_again
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.parts import activities_now
from objectives.planning.services import (
    activity_add,
    activity_update,
    activity_withdraw,
    milestones_report,
)
from objectives.planning.services.milestone_reports import may_report
from objectives.planning.views.drafting import key_of
from objectives.planning.views.lookup import ObjectiveAccess, objective_or_404
from objectives.planning.views.objectives import breadcrumb_of, closed_to_edits
from objectives.planning.views.part_forms import (
    WithdrawalTexts,
    back_to,
    part_page,
    part_withdrawal,
    saved,
)
from objectives.strategy.models import Activity, Milestone
from personnel.access import signed_in

_page: Final = partial(part_page, name="activity", kinds=(NEW_ACTIVITY, ACTIVITY))


def _activity_or_404(request: HttpRequest, uuid: UUID) -> tuple[Activity, ObjectiveAccess]:
    """Return a current activity with the objective that the user may see, or raise 404."""
    activity = get_object_or_404(
        Activity.objects.current(), uuid=uuid, target_type=OperationalObjective.type_name()
    )
    return activity, objective_or_404(request, activity.target_uuid)


def _milestones(activity: Activity) -> list[Milestone]:
    return list(Milestone.objects.current().filter(activity=activity))


@require_http_methods(["GET", "HEAD", "POST"])
def activity_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add an activity with its milestones; “save and add another” leads to the next one."""
    found = objective_or_404(request, uuid)
    objective = found.objective
    if closed := closed_to_edits(request, found):
        return closed
    form = ActivityForm(
        request.POST or None, objective=objective, initial={"key": key_of(request, Activity)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            activity_add(
                actor=signed_in(request.user),
                objective=objective,
                sheet=form.sheet(),
                milestones=form.milestones(),
                uuid=form.cleaned_data["key"],
            )
        except DomainError as error:
            form.add_refusal(error)
        else:
            key = form.cleaned_data["key"]
            draft_drop(actor=signed_in(request.user), form=NEW_ACTIVITY, target=key)
            return saved(request, objective, "planning:activity_new", "activities")
    return _page(request, objective, form, heading=_("New activity"))


@require_http_methods(["GET", "HEAD", "POST"])
def activity_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change an activity; when someone saved meanwhile, show both versions side by side."""
    activity, found = _activity_or_404(request, uuid)
    objective = found.objective
    if closed := closed_to_edits(request, found):
        return closed
    form = ActivityForm(
        request.POST or None,
        objective=objective,
        activity=activity,
        milestones=_milestones(activity),
        initial=ActivityForm.initial_of(activity),
    )
    conflict: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            activity_update(
                actor=signed_in(request.user),
                activity=activity,
                sheet=form.sheet(),
                milestones=form.milestones(),
                expected_version=form.cleaned_data["version"] or 0,
            )
        except EditConflict as error:
            activity.refresh_from_db()
            conflict = form.differences(activity, _milestones(activity))
            form.add_error(None, error.message)
            offer_again(form, version=str(activity.version))
        except DomainError as error:
            form.add_refusal(error)
        else:
            draft_drop(actor=signed_in(request.user), form=ACTIVITY, target=uuid)
            return saved(request, objective, "planning:activity_new", "activities")
    return _page(
        request, objective, form, heading=_("Change the activity"), part=activity, conflict=conflict
    )


@require_http_methods(["GET", "HEAD", "POST"])
def activity_withdrawal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask why, then take an activity with its milestones out of an open objective."""
    activity, found = _activity_or_404(request, uuid)
    return part_withdrawal(
        request,
        found,
        partial(activity_withdraw, activity=activity),
        title=activity.title,
        anchor="activities",
        texts=WithdrawalTexts(
            heading=_("Withdraw the activity"),
            explanation=_("Its milestones go with it. What was known before stays on record."),
            done=_("The activity is withdrawn."),
        ),
    )


def _reportable(objective: OperationalObjective) -> list[tuple[Activity, Milestone]]:
    """Return the milestones of the objective with their activities, in the order of the page."""
    rows = Milestone.objects.current().filter(activity__in=activities_now(objective))
    ordered = rows.select_related("activity").order_by(
        "activity__order", "activity_id", "due_on", "order", "pk"
    )
    return [(row.activity, row) for row in ordered]


@require_http_methods(["GET", "HEAD", "POST"])
def milestone_reports(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Report of all milestones of an objective when they were done or are expected."""
    found = objective_or_404(request, uuid)
    objective = found.objective
    if not found.may_plan:
        raise PermissionDenied
    if not may_report(objective):
        messages.error(request, _("The milestones of a closed plan are no longer reported."))
        return redirect("planning:objective", uuid=uuid)
    form = MilestoneReportForm(request.POST or None, milestones=_reportable(objective))
    conflict: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            with refused_as_403():
                milestones_report(
                    actor=signed_in(request.user), objective=objective, reports=form.reports()
                )
        except EditConflict as error:
            now = _reportable(objective)
            conflict = form.differences(now)
            form.add_error(None, error.message)
            versions = {row.uuid.hex: str(row.version) for _activity, row in now}
            offer_again(form, **{f"m_{key}_version": value for key, value in versions.items()})
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Saved."))
            return back_to(objective, "activities")
    heading = _("Report milestones")
    return render(
        request,
        "planning/milestone_reports.html",
        {
            "form": form,
            "objective": objective,
            "heading": heading,
            "conflict": conflict,
            "demo_mark": objective.is_demo,
            "breadcrumb": breadcrumb_of(objective, last=heading),
        },
    )
