"""What the addresses of the pages across all directorates have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from ibzplan.core.clocks import Clocks, year_in
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.plan_years import current_plan, plan_years
from personnel.access import Access
from personnel.models import OrganisationUnit, SupervisingMinister
from personnel.selectors import ministers_of_plan
from personnel.structure import units_that_plan
from reporting.selectors.units_asked import PlanFilter


def plan_asked(request: HttpRequest) -> OperationalPlan | None:
    """Return the plan of the year asked for, else the running one. An unknown year is a 404."""
    text = request.GET.get("year", "")
    year = year_in(text)
    plan = current_plan(year) if year is not None or not text else None
    if plan is None and text:
        raise Http404
    return plan


@dataclass(frozen=True, slots=True)
class Choices:
    """Whose objectives such a page can be asked for."""

    ministers: Sequence[SupervisingMinister]
    units: Sequence[OrganisationUnit]

    def minister(self, code: str | None) -> SupervisingMinister | None:
        """Return the minister with this code, None for all."""
        return next((row for row in self.ministers if row.code == code), None)

    def unit(self, code: str | None) -> OrganisationUnit | None:
        """Return the unit with this code, None for all."""
        return next((row for row in self.units if row.code == code), None)

    def own_minister(self, access: Access) -> SupervisingMinister | None:
        """Return the minister that cabinet staff start with, None for everyone else."""
        own = [row for row in self.ministers if row.pk in access.minister_ids]
        return own[0] if len(own) == 1 else None


def choices_of(plan: OperationalPlan) -> Choices:
    """Return what the pages on a plan year let one choose."""
    return Choices(ministers_of_plan(plan.plan.code), units_that_plan())


def filter_context(
    filter_: PlanFilter, choices: Choices, clocks: Clocks, *others: object
) -> dict[str, Any]:
    """Return what such a page shows of its filters (reporting/includes/plan_filters.html)."""
    return {
        "filter": filter_,
        "filter_summary": _in_a_line(filter_, clocks, *others),
        "clocks": clocks,
        "plan": filter_.plan,
        "ministers": choices.ministers,
        "units": choices.units,
        "years": plan_years(),
        "demo_mark": filter_.plan.is_demo,
    }


def words_of(filter_: PlanFilter) -> list[tuple[str, str]]:
    """Return whose objectives are asked for as (label, value)."""
    words = []
    if filter_.minister:
        words.append((_("Supervising minister"), str(filter_.minister.short_title)))
    if filter_.unit:
        words.append((_("Directorate"), filter_.unit.code))
    return words


def _in_a_line(filter_: PlanFilter, clocks: Clocks, *others: object) -> str:
    """Return the filters in one line, for the closed bar on a phone."""
    parts = [
        filter_.minister.short_title if filter_.minister else _("All ministers"),
        filter_.unit.code if filter_.unit else _("all directorates"),
        filter_.plan,
        clocks.reference_date.strftime("%d/%m/%Y"),
        *others,
    ]
    return " · ".join(str(part) for part in parts)
