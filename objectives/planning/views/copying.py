"""Taking objectives over from the plan of the year before."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ibzplan.core.errors import DomainError
from objectives.planning.choices import PlanState
from objectives.planning.selectors.copying import CopyPage, copy_page
from objectives.planning.services.copying import Copied, CopyChoice, objectives_copy
from objectives.planning.views.lookup import own_units, year_or_404
from personnel.access import access_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def objectives_copying(request: HttpRequest, year: int) -> HttpResponse:
    """List what the own units had last year; make drafts of what was ticked."""
    plan = year_or_404(year)
    access = access_of(request.user)
    units = own_units(access)
    if not units or plan.state == PlanState.CLOSED:
        raise PermissionDenied
    page = copy_page(plan, units, access)
    refused = ""
    if request.method == "POST":
        choices = _chosen(request, page)
        try:
            if not choices:
                raise DomainError("nothing_ticked", _("Tick at least one objective."))
            done = objectives_copy(actor=signed_in(request.user), plan=plan, choices=choices)
        except DomainError as error:
            refused = error.message
        else:
            _tell(request, done)
            return redirect("planning:objectives_copy", year=year)
    return render(
        request,
        "planning/objectives_copy.html",
        {
            "plan": plan,
            "page": page,
            "refused": refused,
            "rows": _rows(request, page),
            "demo_mark": plan.is_demo,
            "breadcrumb": [
                {"label": _("Dashboard"), "url": reverse("reporting:dashboard")},
                {"label": units[0].code, "url": reverse("planning:unit", args=[units[0].code])},
                {"label": _("Take over from last year"), "url": ""},
            ],
        },
    )


def _chosen(request: HttpRequest, page: CopyPage) -> list[CopyChoice]:
    """Return the ticked objectives of the page, each with its ticked indicators."""
    ticked = set(request.POST.getlist("objective"))
    kept = set(request.POST.getlist("indicator"))
    return [
        CopyChoice(
            row.objective,
            frozenset(
                one.uuid for one in row.indicators if f"{row.objective.uuid}:{one.uuid}" in kept
            ),
        )
        for row in page.rows
        if str(row.objective.uuid) in ticked
    ]


def _rows(request: HttpRequest, page: CopyPage) -> list[dict[str, Any]]:
    """Return the rows as they are shown; a form that came back keeps its ticks."""
    ticked = set(request.POST.getlist("objective"))
    kept = set(request.POST.getlist("indicator"))
    is_back = request.method == "POST"
    return [
        {
            "row": row,
            "is_ticked": str(row.objective.uuid) in ticked,
            "indicators": [
                (one, not is_back or f"{row.objective.uuid}:{one.uuid}" in kept)
                for one in row.indicators
            ],
        }
        for row in page.rows
    ]


def _tell(request: HttpRequest, done: Sequence[Copied]) -> None:
    made = [one for one in done if one.is_new]
    messages.success(
        request,
        ngettext(
            "%(count)d objective is taken over as a draft.",
            "%(count)d objectives are taken over as drafts.",
            len(made),
        )
        % {"count": len(made)},
    )
    for one in made:
        if one.left_out:
            messages.warning(
                request,
                _("%(code)s: no longer to be chosen, so left out: %(names)s.")
                % {"code": one.objective.code, "names": ", ".join(one.left_out)},
            )
