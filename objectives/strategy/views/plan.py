"""Pages of the strategic plan. Everyone who is signed in may read them."""

from functools import partial
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from objectives.strategy import selectors
from objectives.strategy.choices import ElementKind, PlanKind
from objectives.strategy.models import Plan
from objectives.strategy.sections import STRATEGY, plan_page_context
from objectives.strategy.services import may_keep_plans
from personnel.access import access_of

_context: Final = partial(plan_page_context, STRATEGY, gettext_lazy("Strategic plan"))


def _plan(request: HttpRequest | None = None) -> Plan:
    """Return the current plan, or the one that the address of a page names."""
    plan = selectors.plan_asked(request.GET.get("plan", "") if request else "")
    if plan is None:
        raise Http404
    return plan


def _count_phrases(counts: selectors.PlanCounts) -> list[str]:
    """Return '3 missions', '4 strategic objectives' and so on."""
    return [
        ngettext("%(count)s mission", "%(count)s missions", counts.missions)
        % {"count": counts.missions},
        ngettext(
            "%(count)s strategic objective", "%(count)s strategic objectives", counts.objectives
        )
        % {"count": counts.objectives},
        ngettext("%(count)s goal", "%(count)s goals", counts.goals) % {"count": counts.goals},
        ngettext("%(count)s werf", "%(count)s werven", counts.werven) % {"count": counts.werven},
    ]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the whole plan as an outline; before the plans are loaded, say so."""
    asked = request.GET.get("plan", "")
    plan = selectors.plan_asked(asked)
    if plan is None and asked:
        raise Http404
    if plan is None:
        context = _context("strategy:overview", _("Strategic plan"))
        return render(request, "strategy/not_loaded.html", context)
    page = selectors.overview_page(plan)
    context = _context(
        "strategy:overview",
        plan.title,
        page=page,
        phrases=_count_phrases(page.counts),
        life=selectors.plan_life(plan),
        may_keep=may_keep_plans(access_of(request.user)),
        plan_query=plan_query(plan) if asked else "",
    )
    return render(request, "strategy/overview.html", context)


@require_safe
def objective(request: HttpRequest, code: str) -> HttpResponse:
    """Show a strategic objective with its goals and its werven."""
    plan = _plan(request)
    page = selectors.objective_page(plan, code)
    if page is None:
        raise Http404
    phrases = [
        ngettext("%(count)s goal", "%(count)s goals", len(page.goals)) % {"count": len(page.goals)},
        ngettext("%(count)s werf", "%(count)s werven", len(page.werven))
        % {"count": len(page.werven)},
    ]
    context = _context(
        "",
        page.objective.title,
        page=page,
        phrases=phrases,
        lineage=selectors.lineage_of(page.objective),
        plan_query=plan_query(plan) if "plan" in request.GET else "",
    )
    return render(request, "strategy/objective_detail.html", context)


def werf_context(page: selectors.WerfPage) -> dict[str, object]:
    """Return the context of strategy/werf_detail.html, for whoever fills its blocks too."""
    parent = page.werf.objective
    query = plan_query(parent.plan)
    trail = [
        {
            "label": f"{parent.code} {parent.title}",
            "url": reverse("strategy:objective", args=[parent.code]) + query,
        }
    ]
    return _context(
        "",
        page.werf.title,
        trail,
        page=page,
        lineage=selectors.lineage_of(page.werf),
        plan_query=query,
    )


def plan_query(plan: Plan) -> str:
    """Return what a link to a page of this plan needs: '' for the current one."""
    current = selectors.current_plan(PlanKind.STRATEGIC)
    return "" if current == plan else f"?plan={plan.code}"


@require_safe
def werf(request: HttpRequest, code: str) -> HttpResponse:
    """Show a werf as the plan describes it."""
    page = selectors.werf_page(code, request.GET.get("plan", ""))
    if page is None:
        raise Http404
    return render(request, "strategy/werf_detail.html", werf_context(page))


@require_safe
def identity(request: HttpRequest) -> HttpResponse:
    """Show mission, vision, values, core missions and the coalition agreement's lines."""
    plan = _plan()
    kinds = (
        ElementKind.MISSION_STATEMENT,
        ElementKind.VISION,
        ElementKind.GUIDING_PRINCIPLE,
        ElementKind.VALUE,
        ElementKind.COALITION_LINE,
    )
    context = _context(
        "strategy:identity",
        _("Mission, vision and values"),
        elements=selectors.elements_by_kind(plan, *kinds),
        missions=selectors.missions_of(plan),
    )
    return render(request, "strategy/identity.html", context)


@require_safe
def stakeholders(request: HttpRequest) -> HttpResponse:
    """Show the groups of stakeholders with their members."""
    groups = selectors.elements_by_kind(_plan(), ElementKind.STAKEHOLDER_GROUP)
    context = _context(
        "strategy:stakeholders", _("Stakeholders"), groups=groups[ElementKind.STAKEHOLDER_GROUP]
    )
    return render(request, "strategy/stakeholders.html", context)


@require_safe
def environment(request: HttpRequest) -> HttpResponse:
    """Show the PESTEL and SWOT analyses."""
    elements = selectors.elements_by_kind(_plan(), ElementKind.PESTEL, ElementKind.SWOT)
    context = _context("strategy:environment", _("PESTEL and SWOT analyses"), elements=elements)
    return render(request, "strategy/environment.html", context)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show the planning rules with their law references, and the addendum that is still open."""
    kinds = (ElementKind.PLANNING_RULE, ElementKind.ADDENDUM)
    context = _context(
        "strategy:rules",
        _("Planning rules and transversal policy"),
        elements=selectors.elements_by_kind(_plan(), *kinds),
    )
    return render(request, "strategy/rules.html", context)


@require_safe
def communication(request: HttpRequest) -> HttpResponse:
    """Show the communication plan; a date that the source leaves open is shown as open."""
    actions = selectors.communication_plan(_plan())
    context = _context(
        "strategy:communication",
        _("Communication plan"),
        actions=actions,
        open_count=sum(action.is_date_open for action in actions),
    )
    return render(request, "strategy/communication.html", context)


@require_safe
def organisation(request: HttpRequest) -> HttpResponse:
    """Show units with their names in each place, ministers and office-holders."""
    page = selectors.organisation_page()
    context = _context("strategy:organisation", _("Organisation"), page=page)
    return render(request, "strategy/organisation.html", context)
