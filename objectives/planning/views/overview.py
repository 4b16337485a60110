"""A directorate's own page, and the page of a werf."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ibzplan.core.clocks import Clocks, year_in
from objectives.indicators import engine
from objectives.indicators.choices import SlotState
from objectives.indicators.formatting import period_text
from objectives.indicators.selectors.corrections import corrections_waiting
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors import ObjectiveReading, objective_readings, werf_reading
from objectives.planning.selectors.judgements import was_visible
from objectives.planning.selectors.plan_page import sees_plan
from objectives.planning.selectors.plan_years import current_plan, plan_years
from objectives.planning.selectors.units import of_units
from objectives.planning.views.lookup import clocks_of, rule_of
from objectives.planning.views.waiting import reviews_context
from objectives.planning.views.why import why_werf
from objectives.strategy.selectors import werf_page
from objectives.strategy.views.plan import werf_context
from personnel.access import Access, access_of
from personnel.models import OrganisationUnit
from personnel.structure import units_that_plan
from personnel.transfers import came_from, went_over_into


def _readings(
    access: Access,
    clocks: Clocks,
    plan: OperationalPlan | None,
    *,
    unit: OrganisationUnit | None = None,
    rule_version: int = engine.CURRENT_RULE_VERSION,
    **conditions: object,
) -> list[ObjectiveReading]:
    """Return the readings, with `unit` of what was that unit's by both clocks."""
    rows = (
        OperationalObjective.objects.visible_to(access)
        .standing_at(clocks.known_at)
        .filter(plan=plan, **conditions)
        .select_related("plan", "unit", "werf", "werf__objective")
        .order_by("werf__objective__order", "werf__order", "code", "pk")
    )
    objectives = list(rows) if unit is None else of_units(rows, {unit.pk}, clocks)
    readings = objective_readings(
        objectives, clocks=clocks, access=access, rule_version=rule_version
    )
    return [row for row in readings if was_visible(row.objective, access, clocks.known_at)]


@require_safe
def werf_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show a werf: what the plan says of it, and the operational objectives of a year."""
    plan = current_plan(_year(request))
    page = werf_page(code, _strategic_plan_code(request, plan))
    if page is None:
        raise Http404
    access = access_of(request.user)
    years = plan_years()
    clocks = clocks_of(request)  # once: what is shown and what was read are the same moment
    rule = rule_of(request)
    readings = _readings(access, clocks, plan, rule_version=rule, werf=page.werf)
    in_force = [r for r in readings if _was_in_force(r.objective, clocks)]
    reading = werf_reading(page.werf, in_force, rule_version=rule)
    return render(
        request,
        "planning/werf_detail.html",
        {
            **werf_context(page),
            "werf": page.werf,
            "reading": reading,
            "why": why_werf(reading, year=plan.year, clocks=clocks) if plan else None,
            "objectives": readings,
            "plan": plan,
            "years": years,
            "clocks": clocks,
            "may_add": bool(plan) and _may_add(access),
            "demo_mark": any(r.objective.is_demo for r in readings),
        },
    )


def _strategic_plan_code(request: HttpRequest, plan: OperationalPlan | None) -> str:
    """Return the code of the strategic plan whose werf is asked for, '' for the current one.

    A werf of an earlier plan has a page too: that of the years in which it was worked on.
    """
    asked = request.GET.get("plan", "")
    return asked or (plan.plan.code if plan and _year(request) is not None else "")


def _was_in_force(objective: OperationalObjective, clocks: Clocks) -> bool:
    """Tell whether an objective was approved by the moment that the page shows."""
    approved_at = objective.approved_at
    return objective.is_in_force and approved_at is not None and approved_at <= clocks.known_at


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
    unit = get_object_or_404(OrganisationUnit, code=code)
    access = access_of(request.user)
    clocks = clocks_of(request)  # once: what is shown and what was read are the same moment
    plan = current_plan(_year(request))
    readings = _readings(access, clocks, plan, unit=unit)
    return render(
        request,
        "planning/unit_detail.html",
        {
            "unit": unit,
            "plan": plan,
            "years": plan_years(),
            "objectives": readings,
            "to_measure": _to_measure(readings),
            "waiting": [
                (row, period_text(row.measurement.period))
                for row in corrections_waiting(access, [unit.pk], clocks.known_at)
            ],
            **reviews_context(access, unit.pk, clocks),
            "may_plan": access.plans_for(unit.pk),
            "may_open_plan": plan is not None and sees_plan(access, plan),
            "went_over": went_over_into(unit, clocks.known_at),
            "came_from": came_from(unit, clocks.known_at),
            "clocks": clocks,
            "demo_mark": any(r.objective.is_demo for r in readings),
        },
    )


def _to_measure(readings: list[ObjectiveReading]) -> list[dict[str, object]]:
    """Return the figures that are late or due next, most urgent first: one an indicator."""
    rows: dict[int, dict[str, object]] = {}
    for reading in readings:
        if reading.objective.state != PlanState.APPROVED:
            continue
        for link in reading.indicators:
            for slot in link.reading.slots:
                if slot.is_withheld:
                    continue
                if slot.state in (SlotState.MISSING, SlotState.NOT_YET_DUE):
                    rows.setdefault(
                        link.reading.indicator.pk,
                        {
                            "link": link,
                            "slot": slot,
                            "period": period_text(slot.period),
                            "due_on": slot.due_on,
                        },
                    )
    return sorted(rows.values(), key=lambda row: (str(row["due_on"]), row["link"].short_code))  # type: ignore[attr-defined]
