"""The indicator library, and taking a series from it into an objective."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from ibzplan.core.forms import add_domain_error
from objectives.indicators.formatting import figure_text, period_text, target_text
from objectives.indicators.models import Indicator
from objectives.indicators.selectors import IndicatorReading, indicator_readings
from objectives.planning.filtersets import LibraryFilters
from objectives.planning.forms import ReuseForm
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.library import LibraryRow, library_indicators, library_rows
from objectives.planning.selectors.plan_years import years_latest_first
from objectives.planning.services import indicator_reuse, may_reuse
from objectives.planning.views.lookup import clocks_of, indicator_or_404, objective_or_404
from objectives.planning.views.objectives import breadcrumb_of, closed_to_edits
from personnel.access import Access, access_of, signed_in
from personnel.structure import units_that_plan

ROWS_PER_PAGE: Final = 50


@require_safe
def indicator_library(request: HttpRequest) -> HttpResponse:
    """List the series that the user may see; from an objective they can be used there."""
    access, clocks = access_of(request.user), clocks_of(request)
    objective = _objective(request)
    filters = LibraryFilters(
        request.GET,
        queryset=library_indicators(clocks, access),
        clocks=clocks,
        access=access,
    )
    page = Paginator(filters.qs, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = library_rows(list(page.object_list), clocks=clocks, access=access)
    used = _used(objective)
    return render(
        request,
        "planning/indicator_library.html",
        {
            "rows": [_shown(row, objective, used) for row in rows],
            "page": page,
            "total": page.paginator.count,
            "filters": filters.form,
            "chosen": {name: request.GET.get(name, "") for name in filters.filters},
            "is_filtered": any(request.GET.get(name) for name in filters.filters),
            "units": units_that_plan(),
            "years": years_latest_first(),
            "objective": objective,
            "clocks": clocks,
            "demo_mark": any(row.indicator.is_demo for row in rows),
            "breadcrumb": breadcrumb_of(objective, last=_("Indicators")) if objective else [],
        },
    )


def _objective(request: HttpRequest) -> OperationalObjective | None:
    """Return the objective that looks for an indicator, when the user may change it."""
    text = request.GET.get("objective", "")
    if not text:
        return None
    try:
        objective = objective_or_404(request, UUID(text)).objective
    except ValueError as error:
        raise Http404 from error
    return objective if may_reuse(signed_in(request.user), objective) else None


def _used(objective: OperationalObjective | None) -> set[int]:
    """Return the keys of the indicators that the objective uses already."""
    if objective is None:
        return set()
    return set(objective.indicator_links.current().values_list("indicator_id", flat=True))


def _shown(
    row: LibraryRow, objective: OperationalObjective | None, used: set[int]
) -> dict[str, Any]:
    indicator = row.indicator
    return {
        "indicator": indicator,
        "uses": row.uses,
        "is_key": row.is_key,
        "derived_from": row.derived_from,
        "figure": figure_text(indicator, row.latest) if row.latest else "",
        "period": period_text(row.latest.period) if row.latest else "",
        "is_used": indicator.pk in used,
        "is_own": objective is not None and indicator.owner_id == objective.unit_id,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_reuse_form(request: HttpRequest, uuid: UUID, indicator_uuid: UUID) -> HttpResponse:
    """Let an objective go on with a series of its own unit, with a target of its own."""
    found = objective_or_404(request, uuid)
    objective = found.objective
    indicator, access = indicator_or_404(request, indicator_uuid)
    if closed := closed_to_edits(request, found):
        return closed
    last = indicator.objective_links.order_by("-objective__plan__year", "-pk").first()
    form = ReuseForm(
        request.POST or None,
        indicator=indicator,
        plan=objective.plan,
        initial={"weight": last.weight, "is_key": last.is_key} if last else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            indicator_reuse(
                actor=signed_in(request.user),
                objective=objective,
                indicator=indicator,
                **form.cleaned_data,
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(
                request,
                _("%(code)s goes on in this objective.") % {"code": indicator.code},
            )
            return redirect("planning:objective", uuid=uuid)
    return render(
        request,
        "planning/indicator_reuse_form.html",
        {
            "form": form,
            "objective": objective,
            "indicator": indicator,
            "heading": _("Go on with this series"),
            "button": _("Use here"),
            "explanation": _(
                "Definition and figures go on; earlier years keep their own targets and statuses."
            ),
            "facts": _facts(indicator, objective, access),
            "demo_mark": objective.is_demo,
            "breadcrumb": breadcrumb_of(objective, last=indicator.code),
        },
    )


def _facts(indicator: Indicator, objective: OperationalObjective, access: Access) -> dict[str, str]:
    """Return the target of the year before and the latest figure, as texts."""
    year = objective.plan.year - 1
    readings = indicator_readings([indicator], year=year, clocks=Clocks.now(), access=access)
    reading: IndicatorReading = readings[indicator.pk]
    latest = reading.latest
    return {
        "year": str(year),
        "target": target_text(reading.indicator, reading.final_target),
        "figure": figure_text(reading.indicator, latest.measurement if latest else None),
        "period": period_text(latest.period) if latest else "",
    }
