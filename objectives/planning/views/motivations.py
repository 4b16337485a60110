"""What planners say to the advice of the SMART check, saved from the page of the objective."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from ibzplan.core.views import refused_as_403
from objectives.planning.forms.smart import MotivationForm
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.smart import smart_readings
from objectives.planning.services import smart_motivate
from objectives.planning.views.lookup import objective_or_404
from objectives.planning.views.objectives import closed_to_edits, objective_page, with_query
from personnel.access import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def objective_motivation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Save the motivations of an objective; read, the address leads to its page."""
    found = objective_or_404(request, uuid)
    objective = found.objective
    back = reverse("planning:objective", args=[objective.uuid])
    if request.method != "POST":
        return with_query(request, back)
    if closed := closed_to_edits(request, found):
        return closed
    (reading,) = smart_readings([objective], clocks=Clocks.now(), access=found.access)
    form = MotivationForm(request.POST, findings=reading.advisory, version=objective.version)
    if _save(request, objective, form):
        return redirect(f"{back}#smart")
    return objective_page(request, found, motivations=form)


def _save(request: HttpRequest, objective: OperationalObjective, form: MotivationForm) -> bool:
    """Save what was typed; return whether it was accepted."""
    if not form.is_valid():
        form.look_again(objective.version)
        return False
    try:
        with refused_as_403():
            changed = smart_motivate(
                actor=signed_in(request.user),
                objective=objective,
                words=form.words(),
                expected_version=form.cleaned_data["version"],
            )
    except DomainError as error:
        form.add_error(None, error.message)
        objective.refresh_from_db(fields=["version"])
        form.look_again(objective.version)
        return False
    messages.success(
        request, _("The motivations are saved.") if changed else _("Nothing was changed.")
    )
    return True
