"""What the addresses of the pages across all directorates have in common."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from ibzplan.core.clocks import Clocks, year_in
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.plan_years import current_plan
from personnel.models import OrganisationUnit, SupervisingMinister


def plan_asked(request: HttpRequest) -> OperationalPlan | None:
    """Return the plan of the year asked for, else the running one. An unknown year is a 404."""
    text = request.GET.get("year", "")
    year = year_in(text)
    plan = current_plan(year) if year is not None or not text else None
    if plan is None and text:
        raise Http404
    return plan


def filters_in_a_line(
    plan: OperationalPlan,
    minister: SupervisingMinister | None,
    unit: OrganisationUnit | None,
    clocks: Clocks,
    *others: object,
) -> str:
    """Return the filters in one line, for the closed bar on a phone."""
    parts = [
        minister.short_title if minister else _("All ministers"),
        unit.code if unit else _("all directorates"),
        plan,
        clocks.reference_date.strftime("%d/%m/%Y"),
        *others,
    ]
    return " · ".join(str(part) for part in parts)
