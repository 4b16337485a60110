"""One helper holds access: what a user may not see does not exist for them (404)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from ibzplan.core.asked import clocks_asked
from ibzplan.core.clocks import Clocks
from ibzplan.core.models import HistoryEntry, Record
from ibzplan.core.selectors import history_of
from objectives.indicators import engine
from objectives.indicators.engine.registry import RULE_SETS
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors.plan_years import plan_of_year
from objectives.planning.selectors.readings import indicator_is_visible
from personnel.access import Access, access_of
from personnel.models import OrganisationUnit
from personnel.structure import units_that_plan


@dataclass(frozen=True, slots=True)
class ObjectiveAccess:
    """An objective that the user may see, and what they may do with it."""

    objective: OperationalObjective
    access: Access
    may_plan: bool


def clocks_of(request: HttpRequest) -> Clocks:
    """Return the clocks that the address asks for; a date nobody can read is said on the page."""
    return clocks_asked(request)


def rule_of(request: HttpRequest) -> int:
    """Return the rule version that the address asks for. One that never was is a 404."""
    text = request.GET.get("rule", "")
    if not text:
        return engine.CURRENT_RULE_VERSION
    for version in RULE_SETS:
        if text == str(version):
            return version
    raise Http404(_("There is no rule version “%(value)s”.") % {"value": text})


def result_query(clocks: Clocks, *, year: int, rule_version: int) -> str:
    """Return the query string of an address that keeps showing what is shown now."""
    pinned = replace(clocks, pinned_reference=True, pinned_known=True)
    return f"{pinned.query_with(year)}&rule={rule_version}"


def year_or_404(year: int) -> OperationalPlan:
    """Return the operational plan of a year, or raise 404."""
    plan = plan_of_year(year)
    if plan is None:
        raise Http404
    return plan


def objective_or_404(request: HttpRequest, uuid: UUID) -> ObjectiveAccess:
    """Return the objective with the user's rights on it, or raise 404."""
    access = access_of(request.user)
    objective = get_object_or_404(
        OperationalObjective.objects.visible_to(access).select_related(
            "plan", "plan__plan", "werf", "werf__objective", "unit", "sub_unit", "holder"
        ),
        uuid=uuid,
    )
    return ObjectiveAccess(objective, access, access.plans_for(objective.unit_id))


def indicator_or_404(request: HttpRequest, uuid: UUID) -> tuple[Indicator, Access]:
    """Return the indicator with the user's access, or raise 404."""
    access = access_of(request.user)
    indicator = get_object_or_404(
        Indicator.objects.visible_to(access).select_related("owner"), uuid=uuid
    )
    if not indicator_is_visible(indicator, access):
        raise Http404
    return indicator, access


def history_for(
    target: Record,
    unit_id: int,
    access: Access,
    public_from: datetime | None,
    clocks: Clocks,
) -> list[HistoryEntry]:
    """Return the history that the user may read; on a page of an earlier moment until then.

    What happened to a draft (who returned it and why) stays with the unit, the corporate cell,
    the committee and the auditor; everyone else reads on from `public_from`.
    """
    entries = history_of(target, until=clocks.moment_asked)
    return entries_seen(entries, unit_id, access, public_from)


def entries_seen(
    entries: Iterable[HistoryEntry], unit_id: int, access: Access, public_from: datetime | None
) -> list[HistoryEntry]:
    """Return the entries of a history that the user may read: see history_for."""
    if access.is_superuser or access.sees_submitted or access.plans_for(unit_id):
        return list(entries)
    return [entry for entry in entries if public_from is not None and entry.at >= public_from]


def own_units(access: Access) -> list[OrganisationUnit]:
    """Return the units for which the user plans, in order."""
    return [unit for unit in units_that_plan() if access.plans_for(unit.pk)]
