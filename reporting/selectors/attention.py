"""The order in which objectives ask for attention, the same on pages and in reports."""

from collections.abc import Sequence

from objectives.indicators import engine
from objectives.planning.selectors import ObjectiveReading

_ORDER = {engine.Status.OFF_TRACK: 0, engine.Status.AT_RISK: 1}


def needing_attention(readings: Sequence[ObjectiveReading]) -> tuple[ObjectiveReading, ...]:
    """Return what is off track, then at risk; within each, the lowest attainment first."""
    rows = [reading for reading in readings if reading.status.status in _ORDER]
    return tuple(
        sorted(
            rows,
            key=lambda r: (
                _ORDER[r.status.status],
                r.status.attainment is None,
                r.status.attainment or 0,
                r.objective.code,
            ),
        )
    )
