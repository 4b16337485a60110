"""Objectives and indicators with the unit that they had by both clocks (design.md 4.10)."""

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.models import Record
from ibzplan.core.rewind import as_known_at
from ibzplan.core.selectors import instant_read
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from personnel.models import OrganisationUnit
from personnel.transfers import Transfers, may_have_moved, transfers_by_record, units_by


@dataclass(frozen=True, slots=True)
class Standing:
    """Objectives and indicators by key, as they stood at a moment in the unit of a day.

    An objective that was not there yet is not among them; an indicator always is.
    """

    objectives: Mapping[int, OperationalObjective]
    indicators: Mapping[int, Indicator]


def standing_at(
    objectives: Sequence[OperationalObjective],
    indicators: Sequence[Indicator],
    moments: Sequence[Clocks],
    *,
    read_at: datetime | None = None,
) -> list[Standing]:
    """Return for each moment how they stood, in the order of the moments.

    Of an indicator only the owner is led back: for its other columns see
    objectives.indicators.selectors.definitions.
    `read_at` is the instant of the record clock when the last of them was read, if known: no query
    when nothing can have changed since each of the moments. Otherwise one, and one for each
    reference that was changed since. One more for days that are past: see units_on.
    """
    instants = {moment.known_at for moment in moments}
    then: Mapping[datetime, Sequence[Record]] = {}
    records: list[Record] = [*objectives, *indicators]
    if not instants or read_at is None or read_at > min(instants):
        then = as_known_at(records, instants)
    is_past = any(may_have_moved(one.reference_date, one.known_at) for one in moments)
    transfers = transfers_by_record() if records and is_past else {}
    owned: dict[tuple[int, int], Indicator] = {}
    return [
        _standing(then.get(moment.known_at, records), indicators, moment, transfers, owned)
        for moment in moments
    ]


def _standing(
    known: Sequence[Record],
    indicators: Sequence[Indicator],
    clocks: Clocks,
    transfers: Transfers,
    owned: dict[tuple[int, int], Indicator],
) -> Standing:
    units = _units_by(transfers, known, clocks) | _units_by(transfers, indicators, clocks)
    owners = {row.pk: row.owner for row in known if isinstance(row, Indicator)}
    found: dict[int, Indicator] = {}
    for row in indicators:
        owner = units.get(row.uuid) or owners.get(row.pk, row.owner)
        # One object an owner: moments at which it is the same share what hangs on it.
        key = (row.pk, owner.pk)
        found[row.pk] = owned.get(key) or owned.setdefault(key, _owned(row, owner))
    objectives = [row for row in known if isinstance(row, OperationalObjective)]
    return Standing({row.pk: _in_unit(row, units.get(row.uuid)) for row in objectives}, found)


def _units_by(
    transfers: Transfers, records: Sequence[Record], clocks: Clocks
) -> dict[UUID, OrganisationUnit]:
    if not transfers or not may_have_moved(clocks.reference_date, clocks.known_at):
        return {}
    found: dict[UUID, OrganisationUnit] = {}
    for type_name in {record.type_name() for record in records}:
        found |= units_by(
            transfers,
            type_name,
            [record.uuid for record in records if record.type_name() == type_name],
            reference_date=clocks.reference_date,
            known_at=clocks.known_at,
        )
    return found


def objectives_then(
    objectives: Sequence[OperationalObjective], clocks: Clocks
) -> dict[int, OperationalObjective]:
    """Return by key the objectives as known then, with the unit of the reference date.

    Those that were not there yet are left out. Two queries, and one for each reference that was
    changed since.
    """
    (standing,) = standing_at(objectives, [], [clocks])
    return dict(standing.objectives)


def _in_unit(
    objective: OperationalObjective, unit: OrganisationUnit | None
) -> OperationalObjective:
    if unit is None:
        return objective
    moved = copy.copy(objective)
    moved.unit = unit
    return moved


def _owned(indicator: Indicator, owner: OrganisationUnit) -> Indicator:
    if owner.pk == indicator.owner_id:
        return indicator
    owned = copy.copy(indicator)
    owned.owner = owner
    return owned


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
    rows = list(objectives.annotate(read_at=instant_read()))
    read_at = rows[0].read_at if rows else None
    (standing,) = standing_at(rows, [], [clocks], read_at=read_at)
    then = standing.objectives
    return [row for row in rows if then.get(row.pk, row).unit_id in unit_ids]
