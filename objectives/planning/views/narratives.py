"""The page on which a unit tells of an objective over a quarter."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ibzplan.core.drafts.selectors import draft_panel
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, typed_beside
from ibzplan.core.services.drafts import draft_drop
from objectives.indicators.formatting import period_text
from objectives.indicators.periods import Period, parse_period
from objectives.planning.drafts import narrative_draft
from objectives.planning.forms.narratives import NarrativeForm
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.narratives import by_period, narrative_now, narratives_known
from objectives.planning.services.narratives import (
    is_narrated_period,
    may_narrate,
    narrative_write,
)
from objectives.planning.views.lookup import clocks_of, objective_or_404
from objectives.planning.views.objectives import breadcrumb_of
from objectives.planning.views.part_forms import back_to
from personnel.access import signed_in


def _period_or_404(text: str, objective: OperationalObjective) -> Period:
    """Return a quarter of the plan year that has begun; any other one is a 404."""
    try:
        period = parse_period(text)
    except ValueError as error:
        raise Http404 from error
    if not is_narrated_period(objective, period, timezone.localdate()):
        raise Http404
    return period


@require_http_methods(["GET", "HEAD", "POST"])
def narrative_edit(request: HttpRequest, uuid: UUID, period: str) -> HttpResponse:
    """Tell of a quarter; when someone saved meanwhile, show both versions side by side."""
    found = objective_or_404(request, uuid)
    objective, quarter = found.objective, _period_or_404(period, found.objective)
    if not may_narrate(objective, found.access):
        raise PermissionDenied
    before = narrative_now(objective, quarter)
    form = NarrativeForm(request.POST or None, before=before)
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            narrative_write(
                actor=signed_in(request.user),
                objective=objective,
                period=quarter,
                sheet=form.sheet(),
                expected_version=form.cleaned_data["version"] or 0,
            )
        except EditConflict as error:
            stored = NarrativeForm.initial_of(narrative_now(objective, quarter))
            conflict = typed_beside(form, stored)
            form.add_error(None, error.message)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            draft_drop(actor=signed_in(request.user), form=narrative_draft(quarter), target=uuid)
            messages.success(request, _("Saved."))
            return back_to(objective, "narratives")
    return _page(request, objective, quarter, form, conflict)


def _page(
    request: HttpRequest,
    objective: OperationalObjective,
    quarter: Period,
    form: NarrativeForm,
    conflict: list[dict[str, Any]],
) -> HttpResponse:
    clocks = clocks_of(request)
    told = narratives_known([objective], clocks.known_at).get(objective.pk, [])
    heading = _("Narrative of %(period)s") % {"period": period_text(quarter)}
    user = signed_in(request.user)
    others = by_period(objective, told, clocks.reference_date)
    return render(
        request,
        "planning/narrative_form.html",
        {
            "form": form,
            "objective": objective,
            "quarter": quarter,
            "quarters": others,
            "earlier": [one for one in others if one.period < quarter and one.narrative][-1:],
            "heading": heading,
            "conflict": conflict,
            "draft": draft_panel(user, narrative_draft(quarter), objective.uuid, form),
            "demo_mark": objective.is_demo,
            "breadcrumb": breadcrumb_of(objective, last=heading),
        },
        status=422 if form.errors else 200,
    )
