"""Which unit a record had on a day: what a reorganisation moved, undone (design.md 4.10)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from personnel.models import OrganisationUnit, UnitTransfer


@dataclass(frozen=True, slots=True)
class Succession:
    """Work of one unit that went over into another; `is_whole` when the first one ended then."""

    unit: OrganisationUnit
    since: date
    is_whole: bool


def units_on(
    type_name: str, uuids: Collection[UUID], *, reference_date: date, known_at: datetime
) -> dict[UUID, OrganisationUnit]:
    """Return the unit that these records had on the reference date, where it is another one now.

    `now` is what the record says as known at that moment: transfers recorded by then that take
    effect after the reference date are undone. One query, none when there can be no such transfer:
    it is recorded on the day it takes effect or later.
    """
    if reference_date >= timezone.localdate(known_at) or not uuids:
        return {}
    found: dict[UUID, OrganisationUnit] = {}
    for row in UnitTransfer.objects.filter(
        target_type=type_name,
        target_uuid__in=list(uuids),
        takes_effect_on__gt=reference_date,
        recorded_at__lte=known_at,
    ).select_related("from_unit"):
        found.setdefault(row.target_uuid, row.from_unit)  # the first one leads back to that day
    return found


def unit_of_day(
    transfers: Iterable[UnitTransfer], day: date, now: OrganisationUnit
) -> OrganisationUnit:
    """Return the unit that a record had on a day; `transfers` are its own, in their order."""
    later = (row.from_unit for row in transfers if row.takes_effect_on > day)
    return next(later, now)


def transfers_of(type_name: str, uuid: UUID, known_at: datetime) -> list[UnitTransfer]:
    """Return the transfers of one record known then, the first one first: one query."""
    return list(
        UnitTransfer.objects.filter(
            target_type=type_name, target_uuid=uuid, recorded_at__lte=known_at
        ).select_related("from_unit", "to_unit")
    )


def went_over_into(unit: OrganisationUnit, known_at: datetime) -> list[Succession]:
    """Return the units that work of this one went over into, by date: one query."""
    rows = UnitTransfer.objects.filter(from_unit=unit, recorded_at__lte=known_at)
    pairs = {(row.takes_effect_on, row.to_unit) for row in rows.select_related("to_unit")}
    return [
        Succession(other, day, is_whole=_ended_before(unit, day))
        for day, other in sorted(pairs, key=lambda pair: (pair[0], pair[1].code))
    ]


def came_from(unit: OrganisationUnit, known_at: datetime) -> list[Succession]:
    """Return the units whose work went over into this one, by date: one query."""
    rows = UnitTransfer.objects.filter(to_unit=unit, recorded_at__lte=known_at)
    pairs = {(row.takes_effect_on, row.from_unit) for row in rows.select_related("from_unit")}
    return [
        Succession(other, day, is_whole=_ended_before(other, day))
        for day, other in sorted(pairs, key=lambda pair: (pair[0], pair[1].code))
    ]


def _ended_before(unit: OrganisationUnit, day: date) -> bool:
    return unit.valid_to is not None and unit.valid_to <= day - timedelta(days=1)
