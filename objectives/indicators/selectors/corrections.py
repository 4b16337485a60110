"""Corrections of locked figures, as they stood at a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from objectives.indicators.choices import CorrectionState
from objectives.indicators.models import Correction, Indicator
from personnel.access import Access
from personnel.choices import Role


@dataclass(frozen=True, slots=True)
class CorrectionReading:
    """A correction with the state that it had; what was decided later is not known yet."""

    correction: Correction
    state: CorrectionState

    @property
    def is_pending(self) -> bool:
        """Tell whether it waited for a second person."""
        return self.state == CorrectionState.PENDING


def sees_corrections(access: Access, unit_id: int) -> bool:
    """Tell whether the user reads what waits or was refused: the unit, corporate cell, auditor."""
    return access.plans_for(unit_id) or access.has(Role.CORPORATE, Role.AUDITOR)


def corrections_seen(access: Access, owner: str) -> Q:
    """Return the rule of `sees_corrections` as a condition; `owner` names the unit's column."""
    if access.has(Role.CORPORATE, Role.AUDITOR):
        return Q(pk__isnull=False)
    if not access.has(Role.PLANNER, Role.HEAD):
        return Q(pk__in=[])
    return Q(**{f"{owner}__in": access.unit_ids})


def corrections_of(indicator: Indicator, known_at: datetime) -> list[CorrectionReading]:
    """Return the corrections asked for by `known_at`, newest first: one query."""
    rows = Correction.objects.filter(
        measurement__indicator=indicator, requested_at__lte=known_at
    ).select_related("measurement", "requested_by", "decided_by")
    return [reading_of(row, known_at) for row in rows]


def reading_of(row: Correction, known_at: datetime) -> CorrectionReading:
    """Return a correction with the state that it had then."""
    return CorrectionReading(row, _state_at(row, known_at))


def _state_at(row: Correction, known_at: datetime) -> CorrectionState:
    if row.decided_at is None or row.decided_at > known_at:
        return CorrectionState.PENDING
    return CorrectionState(row.state)


def corrections_waiting(
    access: Access, unit_ids: Iterable[int], known_at: datetime
) -> QuerySet[Correction]:
    """Return what waited then for a second person in the units, oldest first."""
    seen = [unit_id for unit_id in unit_ids if sees_corrections(access, unit_id)]
    return (
        Correction.objects.filter(
            Q(decided_at=None) | Q(decided_at__gt=known_at),
            requested_at__lte=known_at,
            measurement__indicator__owner__in=seen,
            measurement__indicator__in=Indicator.objects.visible_to(access),
        )
        .select_related("measurement__indicator__owner", "requested_by")
        .order_by("requested_at", "pk")
    )
