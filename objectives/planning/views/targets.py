"""Changing the targets of an indicator in a draft objective."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ibzplan.core.clocks import Clocks, year_in
from ibzplan.core.errors import DomainError
from ibzplan.core.views import refused_as_403
from objectives.indicators.models import Indicator
from objectives.planning.forms import TargetForm
from objectives.planning.forms.common import offer_again
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.targets import target_record
from objectives.planning.services import (
    indicator_retarget,
    last_target,
    objective_to_retarget,
    planned_targets,
)
from objectives.planning.views.indicator_page import target_lines
from objectives.planning.views.lookup import indicator_or_404
from objectives.planning.views.objectives import breadcrumb_of
from personnel.access import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_target(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change the targets; `?year=` says of which draft plan, by default of the latest.

    Where an approved objective is judged by them the page of the indicator says what to do.
    """
    indicator, access = indicator_or_404(request, uuid)
    if not access.plans_for(indicator.owner_id):
        raise PermissionDenied
    objective = objective_to_retarget(indicator, year_in(request.GET.get("year", "")))
    if objective is None:
        messages.error(
            request, _("An approved objective is changed by an amendment of the plan only.")
        )
        return redirect("planning:indicator", uuid=uuid)
    year = objective.plan.year
    form = TargetForm(
        request.POST or None,
        indicator=indicator,
        targets=planned_targets(indicator, year),
        year=year,
        initial={"seen": last_target(indicator)},
    )
    page = f"{reverse('planning:indicator', args=[uuid])}?year={year}"
    if request.method == "POST" and form.is_valid():
        try:
            with refused_as_403():
                _retarget(request, objective, indicator, form)
        except DomainError as error:
            form.add_refusal(error)
            if error.code == "targets_changed":
                # The page now lists the other targets: saving again is a choice.
                offer_again(form, seen=last_target(indicator))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{page}#definition")
    return render(
        request,
        "planning/indicator_target_form.html",
        {
            "form": form,
            "indicator": indicator,
            "objective": objective,
            "page": page,
            "record": target_lines(
                indicator, target_record(indicator, access, Clocks.now().known_at)
            ),
            "demo_mark": objective.is_demo,
            "breadcrumb": breadcrumb_of(objective, last=_("Targets")),
        },
    )


def _retarget(
    request: HttpRequest,
    objective: OperationalObjective,
    indicator: Indicator,
    form: TargetForm,
) -> None:
    data = form.cleaned_data
    indicator_retarget(
        actor=signed_in(request.user),
        objective=objective,
        indicator=indicator,
        due_on=data["target_due_on"],
        target=data.get("target"),
        target_level=data.get("target_level"),
        interim=form.interim(),
        reason=data["reason"],
        expected_last=data["seen"],
    )
