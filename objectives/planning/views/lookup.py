"""One helper holds access: what a user may not see does not exist for them (404)."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.readings import indicator_is_visible
from personnel.access import Access, access_of


@dataclass(frozen=True, slots=True)
class ObjectiveAccess:
    """An objective that the user may see, and what they may do with it."""

    objective: OperationalObjective
    access: Access
    may_plan: bool


def clocks_of(request: HttpRequest) -> Clocks:
    """Return the clocks that the address asks for. A date nobody can read is a 404."""
    try:
        return Clocks.from_query(request.GET)
    except DomainError as error:
        raise Http404(error.message) from error


def objective_or_404(request: HttpRequest, uuid: UUID) -> ObjectiveAccess:
    """Return the objective with the user's rights on it, or raise 404."""
    access = access_of(request.user)
    objective = get_object_or_404(
        OperationalObjective.objects.visible_to(access).select_related(
            "plan", "plan__plan", "werf", "werf__objective", "unit"
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
