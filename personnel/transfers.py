"""Which unit a record had on a day: what a reorganisation moved, undone (design.md 4.10)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from personnel.models import OrganisationUnit, UnitTransfer
from personnel.structure import all_transfers, transfers_of_type


@dataclass(frozen=True, slots=True)
class Succession:
    """Work of one unit that went over into another; `is_whole` when the first one ended then."""

    unit: OrganisationUnit
    since: date
    is_whole: bool


Transfers = Mapping[tuple[str, UUID], Sequence[UnitTransfer]]
"""By type and UUID of the record, in their order."""


def units_on(
    type_name: str, uuids: Collection[UUID], *, reference_date: date, known_at: datetime
) -> dict[UUID, OrganisationUnit]:
    """Return the unit that these records had on the reference date, where it is another one now.

    `now` is what the record says as known at that moment: transfers recorded by then that take
    effect after the reference date are undone. One query, for the transfers of records of this
    type; none when there can be no such transfer.
    """
    if not may_have_moved(reference_date, known_at) or not uuids:
        return {}
    transfers = _by_record(transfers_of_type(type_name))
    return units_by(transfers, type_name, uuids, reference_date=reference_date, known_at=known_at)


def may_have_moved(reference_date: date, known_at: datetime) -> bool:
    """Tell whether something can have another unit by now: a transfer is recorded on the day it
    takes effect or later.
    """
    return reference_date < timezone.localdate(known_at)


def units_by(
    transfers: Transfers,
    type_name: str,
    uuids: Iterable[UUID],
    *,
    reference_date: date,
    known_at: datetime,
) -> dict[UUID, OrganisationUnit]:
    """Return what `units_on` does, by transfers that were read before: no query."""
    found: dict[UUID, OrganisationUnit] = {}
    for uuid in uuids:
        for row in transfers.get((type_name, uuid), ()):
            if row.takes_effect_on > reference_date and row.recorded_at <= known_at:
                found[uuid] = row.from_unit  # the first one leads back to that day
                break
    return found


def transfers_by_record() -> Transfers:
    """Return what reorganisations moved, by record: not many rows, so all of them; one query."""
    return _by_record(all_transfers())


def _by_record(rows: Iterable[UnitTransfer]) -> Transfers:
    found: dict[tuple[str, UUID], list[UnitTransfer]] = {}
    for row in rows:
        found.setdefault((row.target_type, row.target_uuid), []).append(row)
    return found


def unit_of_day(
    transfers: Iterable[UnitTransfer], day: date, now: OrganisationUnit
) -> OrganisationUnit:
    """Return the unit that a record had on a day; `transfers` are its own, in their order."""
    later = (row.from_unit for row in transfers if row.takes_effect_on > day)
    return next(later, now)


def transfers_of(type_name: str, uuid: UUID, known_at: datetime) -> list[UnitTransfer]:
    """Return the transfers of one record known then, the first one first: one query."""
    return [
        row
        for row in transfers_of_type(type_name)
        if row.target_uuid == uuid and row.recorded_at <= known_at
    ]


def went_over_into(unit: OrganisationUnit, known_at: datetime) -> list[Succession]:
    """Return the units that work of this one went over into, by date: one query."""
    rows = [row for row in all_transfers() if row.from_unit_id == unit.pk]
    pairs = {(row.takes_effect_on, row.to_unit) for row in rows if row.recorded_at <= known_at}
    return [
        Succession(other, day, is_whole=_ended_before(unit, day))
        for day, other in sorted(pairs, key=lambda pair: (pair[0], pair[1].code))
    ]


def came_from(unit: OrganisationUnit, known_at: datetime) -> list[Succession]:
    """Return the units whose work went over into this one, by date: one query."""
    rows = [row for row in all_transfers() if row.to_unit_id == unit.pk]
    pairs = {(row.takes_effect_on, row.from_unit) for row in rows if row.recorded_at <= known_at}
    return [
        Succession(other, day, is_whole=_ended_before(other, day))
        for day, other in sorted(pairs, key=lambda pair: (pair[0], pair[1].code))
    ]


def _ended_before(unit: OrganisationUnit, day: date) -> bool:
    return unit.valid_to is not None and unit.valid_to <= day - timedelta(days=1)
