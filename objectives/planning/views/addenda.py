"""The page of an addendum: its transversal objectives with their KPIs."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ibzplan.core.clocks import year_in
from ibzplan.core.errors import DomainError
from ibzplan.core.forms import add_domain_error, typed_text
from ibzplan.core.rewind import as_known, rows_known
from ibzplan.core.selectors import history_of
from ibzplan.core.views import refused_as_403
from objectives.planning.forms.kpis import KpiForm
from objectives.planning.models import TransversalKpi
from objectives.planning.selectors.kpis import kpi_candidates, transversal_readings
from objectives.planning.selectors.statuses import running_year
from objectives.planning.services.kpis import kpi_add, kpi_withdraw
from objectives.planning.views.lookup import clocks_of
from objectives.strategy.models import Plan, PlanAddendum, StrategicObjective
from objectives.strategy.selectors import plan_asked
from objectives.strategy.services import may_keep_plans
from objectives.strategy.views.plan import plan_query
from personnel.access import access_of, signed_in


def _plan(request: HttpRequest) -> Plan:
    plan = plan_asked(request.GET.get("plan", ""))
    if plan is None:
        raise Http404
    return plan


def addendum_address(addendum: PlanAddendum) -> str:
    """Return the address of an addendum's page, whichever plan it belongs to."""
    return reverse("planning:addendum", args=[addendum.code]) + plan_query(addendum.plan)


@require_safe
def addendum_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show an addendum as known then: its objectives, and what their KPIs say."""
    plan, clocks, access = _plan(request), clocks_of(request), access_of(request.user)
    addendum = get_object_or_404(PlanAddendum.objects.select_related("plan"), plan=plan, code=code)
    rows = StrategicObjective.objects.filter(addendum=addendum).select_related("plan")
    objectives = rows_known(rows, clocks.moment_asked)
    if clocks.pinned_known:
        (addendum,) = as_known([addendum], clocks.known_at) or (addendum,)
    year = (
        year_in(request.GET.get("year", "")) or running_year(clocks) or clocks.reference_date.year
    )
    return render(
        request,
        "planning/addendum_detail.html",
        {
            "addendum": addendum,
            "readings": transversal_readings(objectives, year=year, clocks=clocks, access=access),
            "year": year,
            "clocks": clocks,
            "may_keep": may_keep_plans(access) and not clocks.pinned_known,
            "plan_query": plan_query(plan),
            "plan": plan,
            "history": history_of(addendum, until=clocks.moment_asked),
            "breadcrumb": [
                {
                    "label": str(plan.title),
                    "url": reverse("strategy:overview") + plan_query(plan) + "#life",
                },
                {"label": str(addendum.title), "url": ""},
            ],
            "demo_mark": addendum.is_demo,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def kpi_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let an indicator measure a transversal objective."""
    access = access_of(request.user)
    if not may_keep_plans(access):
        raise PermissionDenied
    objective = get_object_or_404(
        StrategicObjective.objects.select_related("plan", "addendum", "addendum__plan"),
        uuid=uuid,
        addendum__isnull=False,
    )
    back = addendum_address(objective.addendum) if objective.addendum else ""
    form = KpiForm(request.POST or None, candidates=kpi_candidates(access))
    if request.method == "POST" and form.is_valid():
        try:
            kpi_add(
                actor=signed_in(request.user),
                objective=objective,
                indicator=form.cleaned_data["indicator"],
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    return render(
        request,
        "planning/kpi_form.html",
        {"form": form, "objective": objective, "back": back, "demo_mark": objective.is_demo},
        status=422 if form.errors else 200,
    )


@require_POST
def kpi_withdrawal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let an indicator no longer measure a transversal objective."""
    link = get_object_or_404(
        TransversalKpi.objects.select_related("objective__addendum__plan", "indicator"), uuid=uuid
    )
    with refused_as_403():
        kpi_withdraw(actor=signed_in(request.user), link=link, reason=typed_text(request, "reason"))
    messages.success(
        request, _("%(code)s no longer measures this objective.") % {"code": link.indicator.code}
    )
    addendum = link.objective.addendum
    return redirect(addendum_address(addendum) if addendum else reverse("strategy:overview"))
