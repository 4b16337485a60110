"""Which indicators were taken away from their objective: those that a report may name.

An indicator that is in an earlier report and not in a later one may as well have become
confidential, and two snapshots alone do not tell which.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from objectives.planning.models import ObjectiveIndicator, OperationalObjective
from objectives.planning.selectors import ObjectiveReading


def links_ended(
    objectives: Iterable[OperationalObjective], known_at: datetime
) -> list[ObjectiveIndicator]:
    """Return the links of objectives to indicators that had ended by then: one query."""
    rows = ObjectiveIndicator.objects.filter(
        objective__in=[row.pk for row in objectives], known_until__lte=known_at
    )
    return list(rows.select_related("indicator", "indicator__owner").order_by("pk"))


def taken_away(
    ended: Iterable[ObjectiveIndicator],
    readings: Sequence[ObjectiveReading],
    confidential: Collection[int],
) -> dict[int, list[str]]:
    """Return by objective the public ids of the indicators that it no longer has.

    `readings` hold the confidential ones; what was `confidential` is not among the answer.
    """
    held = {
        (reading.objective.pk, link.link.indicator_id)
        for reading in readings
        for link in reading.indicators
    }
    found: dict[int, set[str]] = defaultdict(set)
    for row in ended:
        is_held = (row.objective_id, row.indicator_id) in held
        if not is_held and row.indicator_id not in confidential:
            found[row.objective_id].add(str(row.indicator.uuid))
    return {key: sorted(rows) for key, rows in found.items()}
