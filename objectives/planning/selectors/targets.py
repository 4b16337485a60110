"""Every target that an indicator ever had, as far as a user may read it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from objectives.indicators.models import Indicator, Target
from personnel.access import Access


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target as it was set; `successor` is the row that took its place, or took it away."""

    row: Target
    successor: Target | None


def target_record(indicator: Indicator, access: Access, known_at: datetime) -> list[TargetLine]:
    """Return the targets recorded by then, the one due last first, of one date the newest first.

    What a draft aimed at and gave up before it was approved stays inside. One query.
    """
    by_date: dict[object, list[Target]] = defaultdict(list)
    rows = Target.objects.visible_to(access, known_at).filter(indicator=indicator)
    for row in rows.select_related("recorded_by").order_by("recorded_at", "pk"):
        by_date[row.due_on].append(row)
    lines = [
        TargetLine(row, successor)
        for same in by_date.values()
        for row, successor in zip(same, [*same[1:], None], strict=True)
        if not row.is_lifted
    ]
    return sorted(
        lines, key=lambda line: (line.row.due_on, line.row.recorded_at, line.row.pk), reverse=True
    )
