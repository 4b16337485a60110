"""A directorate's own page, and the page of a werf."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budget.selectors import unit_means
from ibzplan.core.clocks import Clocks, year_in
from ibzplan.core.exports import About, export_response
from ibzplan.core.follows.selectors import follow_state
from objectives.indicators import engine
from objectives.planning.means_panels import werf_means_parts
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors import werf_reading
from objectives.planning.selectors.plan_page import sees_plan
from objectives.planning.selectors.plan_years import current_plan, plan_years
from objectives.planning.selectors.units import of_units
from objectives.planning.selectors.work import Work, due_days, figures_owed, work_on
from objectives.planning.views.lookup import clocks_of, rule_of
from objectives.planning.views.waiting import corrections_listed, reviews_context
from objectives.planning.views.why import why_werf
from objectives.planning.views.work_export import (
    FIGURES,
    MEANS,
    OBJECTIVES,
    figures_table,
    means_table,
    objectives_table,
)
from objectives.strategy.selectors import werf_page
from objectives.strategy.views.plan import werf_context
from personnel.access import Access, access_of
from personnel.models import OrganisationUnit
from personnel.selectors import functions_held
from personnel.structure import all_units, units_that_plan
from personnel.transfers import came_from, went_over_into


def _work(
    access: Access,
    clocks: Clocks,
    plan: OperationalPlan | None,
    *,
    unit: OrganisationUnit | None = None,
    rule_version: int = engine.CURRENT_RULE_VERSION,
    **conditions: object,
) -> Work:
    """Return the objectives of a plan year, with `unit` those that it had by both clocks."""
    if plan is None:
        return Work((), (), ())
    rows = (
        OperationalObjective.objects.visible_to(access)
        .standing_at(clocks.known_at)
        .filter(plan=plan, **conditions)
        .select_related("plan", "unit", "werf", "werf__objective")
        .order_by("werf__objective__order", "werf__order", "code", "pk")
    )
    objectives = list(rows) if unit is None else of_units(rows, {unit.pk}, clocks)
    return work_on(
        objectives, year=plan.year, clocks=clocks, access=access, rule_version=rule_version
    )


def _about(title: object, clocks: Clocks, plan: OperationalPlan | None, work: Work) -> About:
    return About(
        str(title),
        clocks,
        plan.year if plan else None,
        is_demo=any(reading.objective.is_demo for reading in work.readings),
    )


def _work_context(work: Work, clocks: Clocks, plan: OperationalPlan | None) -> dict[str, object]:
    return {
        "work": work,
        "objectives": work.readings,
        "plan": plan,
        "years": plan_years(),
        "clocks": clocks,
        "demo_mark": any(reading.objective.is_demo for reading in work.readings),
    }


@require_safe
def werf_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show a werf: what the plan says of it, and the operational objectives of a year."""
    plan = current_plan(_year(request))
    page = werf_page(code, _strategic_plan_code(request, plan))
    if page is None:
        raise Http404
    access = access_of(request.user)
    clocks = clocks_of(request)  # once: what is shown and what was read are the same moment
    rule = rule_of(request)
    work = _work(access, clocks, plan, rule_version=rule, werf=page.werf)
    file = export_response(
        request,
        lambda: [objectives_table(work)],
        file_name=f"{_('werf')} {page.werf.code}",
        about=_about(f"{page.werf.code} {page.werf.title}", clocks, plan, work),
    )
    if file:
        return file
    reading = werf_reading(page.werf, work.in_force, rule_version=rule)
    return render(
        request,
        "planning/werf_detail.html",
        {
            **werf_context(page),
            **_work_context(work, clocks, plan),
            "means_parts": werf_means_parts(page.werf, plan.year, clocks, access) if plan else [],
            "werf": page.werf,
            "reading": reading,
            "why": why_werf(reading, year=plan.year, clocks=clocks) if plan else None,
            "follow": follow_state(request.user, page.werf, clocks),
            "may_add": bool(plan) and _may_add(access),
        },
    )


def _strategic_plan_code(request: HttpRequest, plan: OperationalPlan | None) -> str:
    """Return the code of the strategic plan whose werf is asked for, '' for the current one.

    A werf of an earlier plan has a page too: that of the years in which it was worked on.
    """
    asked = request.GET.get("plan", "")
    return asked or (plan.plan.code if plan and _year(request) is not None else "")


def _year(request: HttpRequest) -> int | None:
    return year_in(request.GET.get("year", ""))


def _may_add(access: Access) -> bool:
    return any(access.plans_for(unit.pk) for unit in units_that_plan())


@require_safe
def own_unit(request: HttpRequest) -> HttpResponse:
    """Send a planner to the page of their directorate, others to the list of directorates."""
    access, today = access_of(request.user), timezone.localdate()
    own = [unit for unit in units_that_plan() if access.plans_for(unit.pk)]
    # Who followed a unit into its successor kept the role in the old one too.
    standing = [unit for unit in own if unit.valid_to is None or unit.valid_to >= today]
    for unit in standing or own:
        return redirect("planning:unit", code=unit.code)
    return redirect("strategy:organisation")


@require_safe
def unit_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show a directorate's objectives of a year, and the figures it still has to give."""
    unit = next((unit for unit in all_units() if unit.code == code), None)
    if unit is None:
        raise Http404
    access = access_of(request.user)
    clocks = clocks_of(request)  # once: what is shown and what was read are the same moment
    plan = current_plan(_year(request))
    work = _work(access, clocks, plan, unit=unit)
    owed = figures_owed(work.readings)
    means = unit_means(unit, plan.year if plan else clocks.reference_date.year, clocks)
    file = export_response(
        request,
        lambda: [objectives_table(work), figures_table(owed), means_table(means)],
        file_name=unit.code,
        about=_about(unit.title, clocks, plan, work),
    )
    return file or render(
        request,
        "planning/unit_detail.html",
        {
            **_work_context(work, clocks, plan),
            "unit": unit,
            "to_measure": owed,
            "late": sum(one.slot.is_late for one in owed),
            "days": due_days(work, clocks),
            "means": means,
            "functions": functions_held(unit, clocks),
            "waiting": corrections_listed(access, unit.pk, clocks.known_at),
            **reviews_context(access, unit.pk, clocks),
            "may_plan": access.plans_for(unit.pk),
            "may_open_plan": plan is not None and sees_plan(access, plan),
            "went_over": went_over_into(unit, clocks.known_at),
            "came_from": came_from(unit, clocks.known_at),
            "export_tables": [
                (OBJECTIVES, _("Operational objectives")),
                (FIGURES, _("Figures to give")),
                (MEANS, _("Means")),
            ],
        },
    )
