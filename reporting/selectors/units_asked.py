"""Whose objectives a page across all directorates is asked for."""

from typing import Protocol

from ibzplan.core.clocks import Clocks
from objectives.planning.models import OperationalPlan
from personnel.access import minister_unit_ids
from personnel.models import OrganisationUnit, SupervisingMinister


class PlanFilter(Protocol):
    """What the addresses of those pages have in common; None means all."""

    @property
    def plan(self) -> OperationalPlan:
        """Return the plan year."""

    @property
    def minister(self) -> SupervisingMinister | None:
        """Return the minister whose units are asked for."""

    @property
    def unit(self) -> OrganisationUnit | None:
        """Return the unit that is asked for."""


def units_asked(filter_: PlanFilter, clocks: Clocks) -> set[int] | None:
    """Return the keys of the units whose objectives are asked for by both clocks; None for all."""
    units: set[int] | None = None
    if filter_.minister:
        known_at = clocks.moment_asked
        units = set(
            minister_unit_ids({filter_.minister.pk}, on=clocks.reference_date, known_at=known_at)
        )
    if filter_.unit:
        units = {filter_.unit.pk} if units is None else units & {filter_.unit.pk}
    return units
