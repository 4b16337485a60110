"""Objectives and indicators with the unit that they had by both clocks (design.md 4.10)."""

import copy
from collections.abc import Collection, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import as_known
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from personnel.models import OrganisationUnit
from personnel.transfers import units_on


def objectives_then(
    objectives: Sequence[OperationalObjective], clocks: Clocks
) -> dict[int, OperationalObjective]:
    """Return by key the objectives as known then, with the unit of the reference date.

    Those that were not there yet are left out. Two queries, and one for each reference that was
    changed since.
    """
    then = {row.pk: row for row in as_known(objectives, clocks.known_at)}
    units = units_on(
        OperationalObjective.type_name(),
        [row.uuid for row in objectives],
        reference_date=clocks.reference_date,
        known_at=clocks.known_at,
    )
    return {pk: _in_unit(row, units.get(row.uuid)) for pk, row in then.items()}


def _in_unit(
    objective: OperationalObjective, unit: OrganisationUnit | None
) -> OperationalObjective:
    if unit is None:
        return objective
    moved = copy.copy(objective)
    moved.unit = unit
    return moved


def owners_then(indicators: Sequence[Indicator], clocks: Clocks) -> dict[int, OrganisationUnit]:
    """Return by key the owner of the reference date, of the indicators that had another one.

    None that both clocks put at the present: no query then. Their other columns are left alone:
    see objectives.indicators.selectors.definitions.
    """
    found: dict[int, OrganisationUnit] = {}
    if clocks.pinned_known:
        known = as_known(indicators, clocks.known_at)
        now = {row.pk: row.owner_id for row in indicators}
        found = {row.pk: row.owner for row in known if row.owner_id != now[row.pk]}
    units = units_on(
        Indicator.type_name(),
        [row.uuid for row in indicators],
        reference_date=clocks.reference_date,
        known_at=clocks.known_at,
    )
    return found | {row.pk: units[row.uuid] for row in indicators if row.uuid in units}


def with_owner_then(indicators: Sequence[Indicator], clocks: Clocks) -> dict[int, Indicator]:
    """Return by key the indicators with the owner of the reference date; see owners_then."""
    owners = owners_then(indicators, clocks)
    found: dict[int, Indicator] = {}
    for indicator in indicators:
        owner = owners.get(indicator.pk)
        if owner is not None:
            indicator = copy.copy(indicator)
            indicator.owner = owner
        found[indicator.pk] = indicator
    return found


def of_units(
    objectives: QuerySet[OperationalObjective], unit_ids: Collection[int], clocks: Clocks
) -> list[OperationalObjective]:
    """Return the objectives that the units had by both clocks, in their order.

    At the present the database chooses; for an earlier day or moment every objective is looked at,
    in two queries more.
    """
    is_now = not clocks.pinned_known and clocks.reference_date >= timezone.localdate(
        clocks.known_at
    )
    if is_now:
        return list(objectives.filter(unit__in=unit_ids))
    rows = list(objectives)
    then = objectives_then(rows, clocks)
    return [row for row in rows if then.get(row.pk, row).unit_id in unit_ids]
