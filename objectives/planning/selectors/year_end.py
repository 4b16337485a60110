"""The status that the figures give an objective at the end of its plan year."""

from collections.abc import Sequence
from datetime import date, datetime

from ibzplan.core.clocks import Clocks
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.readings import readings_each
from personnel.access import Access

# The status that is frozen rests on every indicator, the confidential ones too.
_EVERYTHING = Access(is_superuser=True)


def status_at_year_end(objective: OperationalObjective, known_at: datetime) -> str:
    """Return the status that the figures known then give on 31 December of the plan year."""
    (status,) = statuses_at_year_end([(objective, known_at)])
    return status


def statuses_at_year_end(
    asked: Sequence[tuple[OperationalObjective, datetime]],
) -> list[str]:
    """Return that status of several objectives, each by what was known at a moment of its own."""
    readings = readings_each(
        [
            (
                objective,
                Clocks(
                    date(objective.plan.year, 12, 31),
                    known_at,
                    pinned_reference=True,
                    pinned_known=True,
                ),
            )
            for objective, known_at in asked
        ],
        access=_EVERYTHING,
    )
    return [reading.status.status.value for reading in readings]
