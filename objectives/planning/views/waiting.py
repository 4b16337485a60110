"""What waits for the reader of a page: figures sent back, to validate, corrections to decide."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ibzplan.core.clocks import Clocks
from ibzplan.core.steady import steady
from objectives.indicators.findings import stored_check_label
from objectives.indicators.formatting import figure_text, period_text
from objectives.indicators.models import Correction, Measurement
from objectives.indicators.selectors.corrections import corrections_waiting
from objectives.indicators.services import may_decide
from objectives.planning.selectors.reviews import unit_reviews
from personnel.access import Access, access_of
from personnel.models import User


def reviews_context(access: Access, unit_id: int, clocks: Clocks) -> dict[str, Any]:
    """Return the figures sent back and those to validate; none on a page of an earlier moment."""
    if clocks.pinned_known:
        return {"returned": [], "to_validate": []}
    found = unit_reviews(access, unit_id, clocks.known_at)
    return {
        "returned": [{**_figure(one.measurement), "review": one.review} for one in found.returned],
        "to_validate": [
            {
                **_figure(row),
                "confirmed": [stored_check_label(name) for name in row.confirmed_checks],
            }
            for row in found.to_validate
        ],
    }


def _figure(row: Measurement) -> dict[str, Any]:
    return {
        "row": row,
        "period": period_text(row.period),
        "text": figure_text(row.indicator, row),
    }


def corrections_listed(
    access: Access, unit_id: int, known_at: datetime
) -> list[tuple[Correction, str]]:
    """Return the corrections of a unit that waited for a second person, with their periods."""
    return [
        (row, period_text(row.measurement.period))
        for row in _corrections(access, unit_id, known_at)
    ]


@steady
def _corrections(access: Access, unit_id: int, known_at: datetime) -> tuple[Correction, ...]:
    return tuple(corrections_waiting(access, [unit_id], known_at))


def to_decide(user: User, unit_ids: Iterable[int], clocks: Clocks) -> list[tuple[Correction, str]]:
    """Return the corrections in these units that the user may decide, with their periods.

    None on a page of an earlier moment: what waited then may be decided since.
    """
    if clocks.pinned_known:
        return []
    rows = corrections_waiting(access_of(user), unit_ids, clocks.known_at)
    return [(row, period_text(row.measurement.period)) for row in rows if may_decide(user, row)]
