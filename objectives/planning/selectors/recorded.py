"""What is recorded of objectives' indicators and judgements, to be judged at several moments."""

from collections.abc import Sequence
from datetime import datetime

from ibzplan.core.clocks import Clocks
from ibzplan.core.selectors import instant_read
from ibzplan.core.steady import steady
from objectives.planning.models import (
    ObjectiveIndicator,
    OperationalObjective,
    StatusOverride,
)


def recorded_links(
    objectives: Sequence[OperationalObjective], until: datetime
) -> tuple[list[ObjectiveIndicator], datetime | None]:
    """Return the links that began by then, ended or not, in the order of their objectives: one
    query.

    With it the instant of the record clock at which they were read, None when there are none: the
    same statement tells it, so that nothing comes between.
    """
    rows = list(
        ObjectiveIndicator.objects.filter(
            objective__in=[objective.pk for objective in objectives], known_from__lte=until
        )
        .select_related("indicator", "indicator__owner")
        .annotate(read_at=instant_read())
    )
    return rows, rows[0].read_at if rows else None


def recorded_overrides(
    objectives: Sequence[OperationalObjective],
) -> dict[int, list[StatusOverride]]:
    """Return by objective what heads judged, in the order of recording: one query."""
    return _overrides_of(*sorted({objective.plan_id for objective in objectives}))


@steady
def _overrides_of(*plans: int) -> dict[int, list[StatusOverride]]:
    """Return all judgements of some plan years: few, so one reading serves every page."""
    rows = StatusOverride.objects.filter(objective__plan__in=plans).select_related("recorded_by")
    found: dict[int, list[StatusOverride]] = {}
    for row in rows.order_by("recorded_at", "pk"):
        found.setdefault(row.objective_id, []).append(row)
    return found


def override_held(rows: Sequence[StatusOverride], clocks: Clocks) -> StatusOverride | None:
    """Return the judgement that speaks of the reference date, as known then; None without one."""
    known = [
        row
        for row in rows
        if row.recorded_at <= clocks.known_at and row.holds_from <= clocks.reference_date
    ]
    return known[-1] if known and known[-1].status else None
