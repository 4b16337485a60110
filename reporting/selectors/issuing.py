"""What whoever issues a report should know of the figures that it shows."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from objectives.indicators.models import Measurement


@dataclass(frozen=True, slots=True)
class IssueCheck:
    """The figures that a report shows; those about which there is something to say, each once.

    `returned`: sent back to the planners. `changed`: another figure counts for the period by now.
    `provisional`: nobody validated it.
    """

    shown: tuple[UUID, ...] = ()
    returned: tuple[Measurement, ...] = ()
    changed: tuple[Measurement, ...] = ()
    provisional: tuple[Measurement, ...] = ()

    @property
    def to_confirm(self) -> str:
        """Return what tells these remarks from others; '' when there is nothing to confirm.

        A confirmation holds for the figures that were looked at only.
        """
        if not self.changed and not self.provisional:
            return ""
        names = [[str(row.uuid) for row in rows] for rows in (self.changed, self.provisional)]
        return hashlib.sha256(repr(names).encode()).hexdigest()[:16]


def issue_check(shown: Collection[UUID], known_at: datetime) -> IssueCheck:
    """Return how the figures of the whole that a report shows stand at a moment: two queries."""
    figures = Measurement.objects.filter(uuid__in=shown).totals()
    counting = set(
        Measurement.objects.filter(indicator__in=figures.values("indicator"))
        .totals()
        .latest_of_slot(known_at)
        .values_list("pk", flat=True)
    )
    rows = list(
        figures.with_validation(known_at)
        .select_related("indicator", "indicator__owner")
        .order_by("indicator__code", "period_start", "pk")
    )
    returned = tuple(row for row in rows if row.is_returned)
    left = [row for row in rows if not row.is_returned]
    return IssueCheck(
        shown=tuple(row.uuid for row in rows),
        returned=returned,
        changed=tuple(row for row in left if row.pk not in counting),
        provisional=tuple(row for row in left if row.pk in counting and not row.is_validated),
    )
