"""Taking a step with an objective."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error
from ibzplan.core.views import refused_as_403
from objectives.planning.choices import RETURNS
from objectives.planning.forms.common import offer_again
from objectives.planning.forms.workflow import StepForm
from objectives.planning.labels import desk_text
from objectives.planning.models import OperationalObjective
from objectives.planning.services import objective_move
from objectives.planning.views.lookup import objective_or_404
from objectives.planning.views.objectives import objective_page
from personnel.access import access_of, signed_in


@require_POST
def objective_step(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand over, submit, pass on, approve, return or take back.

    What was typed to send it back stays in the form when that did not work.
    """
    found = objective_or_404(request, uuid)
    objective, form = found.objective, StepForm(request.POST)
    if form.is_valid():
        try:
            with refused_as_403():
                _move(request, objective, form)
        except DomainError as error:
            if form.cleaned_data["step"] not in RETURNS:
                messages.error(request, error.message)
                return redirect("planning:objective", uuid=uuid)
            add_domain_error(form, error)
            if isinstance(error, EditConflict):
                objective.refresh_from_db()
                offer_again(form, version=str(objective.version))
        else:
            _tell(request, uuid)
            return _onward(request, uuid)
    elif form.data.get("step") not in RETURNS:
        messages.error(request, _("You cannot do this step now."))
        return redirect("planning:objective", uuid=uuid)
    return objective_page(request, found, returning=form)


def _move(request: HttpRequest, objective: OperationalObjective, form: StepForm) -> None:
    objective_move(
        actor=signed_in(request.user),
        objective=objective,
        step=form.cleaned_data["step"],
        expected_version=form.cleaned_data["version"],
        reason=form.cleaned_data["reason"],
        comments=form.comments(),
    )


def _onward(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Go to the objective, or to the queue when it went back out of the user's sight."""
    still_seen = OperationalObjective.objects.visible_to(access_of(request.user))
    if still_seen.filter(uuid=uuid).exists():
        return redirect("planning:objective", uuid=uuid)
    return redirect("planning:queue")


def _tell(request: HttpRequest, uuid: UUID) -> None:
    """Say whom the objective waits for now."""
    objective = OperationalObjective.objects.get(uuid=uuid)
    messages.success(
        request,
        _("%(code)s: %(where)s.") % {"code": objective.code, "where": desk_text(objective)},
    )
