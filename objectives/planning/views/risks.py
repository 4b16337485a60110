"""Pages of the risks of an objective: entering, changing, withdrawing."""

from functools import partial
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error
from ibzplan.core.services.drafts import draft_drop
from objectives.planning.drafts import NEW_RISK, RISK
from objectives.planning.forms.common import offer_again
from objectives.planning.forms.risks import RiskForm
from objectives.planning.models import Risk
from objectives.planning.services import risk_add, risk_update, risk_withdraw
from objectives.planning.views.drafting import key_of
from objectives.planning.views.lookup import ObjectiveAccess, objective_or_404
from objectives.planning.views.objectives import closed_to_edits
from objectives.planning.views.part_forms import (
    WithdrawalTexts,
    part_page,
    part_withdrawal,
    saved,
)
from personnel.access import signed_in

_page: Final = partial(part_page, name="risk", kinds=(NEW_RISK, RISK))


def _risk_or_404(request: HttpRequest, uuid: UUID) -> tuple[Risk, ObjectiveAccess]:
    """Return a current risk with the objective that the user may see, or raise 404."""
    risk = get_object_or_404(Risk.objects.current().select_related("objective"), uuid=uuid)
    return risk, objective_or_404(request, risk.objective.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def risk_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add a risk; “save and add another” leads to the next one."""
    found = objective_or_404(request, uuid)
    objective = found.objective
    if closed := closed_to_edits(request, found):
        return closed
    form = RiskForm(request.POST or None, initial={"key": key_of(request, Risk)})
    if request.method == "POST" and form.is_valid():
        try:
            risk_add(
                actor=signed_in(request.user),
                objective=objective,
                sheet=form.sheet(),
                uuid=form.cleaned_data["key"],
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            key = form.cleaned_data["key"]
            draft_drop(actor=signed_in(request.user), form=NEW_RISK, target=key)
            return saved(request, objective, "planning:risk_new", "risks")
    return _page(request, objective, form, heading=_("New risk"))


@require_http_methods(["GET", "HEAD", "POST"])
def risk_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a risk; when someone saved meanwhile, show both versions side by side."""
    risk, found = _risk_or_404(request, uuid)
    objective = found.objective
    if closed := closed_to_edits(request, found):
        return closed
    form = RiskForm(request.POST or None, risk=risk, initial=RiskForm.initial_of(risk))
    conflict: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            risk_update(
                actor=signed_in(request.user),
                risk=risk,
                sheet=form.sheet(),
                expected_version=form.cleaned_data["version"] or 0,
            )
        except EditConflict as error:
            risk.refresh_from_db()
            conflict = form.differences(risk)
            form.add_error(None, error.message)
            offer_again(form, version=str(risk.version))
        except DomainError as error:
            add_domain_error(form, error)
        else:
            draft_drop(actor=signed_in(request.user), form=RISK, target=uuid)
            return saved(request, objective, "planning:risk_new", "risks")
    return _page(
        request, objective, form, heading=_("Change the risk"), part=risk, conflict=conflict
    )


@require_http_methods(["GET", "HEAD", "POST"])
def risk_withdrawal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask why, then take a risk out of an open objective."""
    risk, found = _risk_or_404(request, uuid)
    return part_withdrawal(
        request,
        found,
        partial(risk_withdraw, risk=risk),
        title=risk.title,
        anchor="risks",
        texts=WithdrawalTexts(
            heading=_("Withdraw the risk"),
            explanation=_("What was known before stays on record."),
            done=_("The risk is withdrawn."),
        ),
    )
