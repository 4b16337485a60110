"""Figures of a unit that wait for its own people: returned to the planners, or to be validated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ibzplan.core.steady import steady
from objectives.indicators.models import Indicator, Measurement, MeasurementEvent
from objectives.indicators.selectors.corrections import sees_corrections
from objectives.indicators.selectors.figures import last_reviews
from objectives.planning.choices import PlanState
from objectives.planning.models import ObjectiveIndicator
from personnel.access import Access


@dataclass(frozen=True, slots=True)
class ReturnedFigure:
    """A figure that its head sent back, with the words and the moment of that."""

    measurement: Measurement
    review: MeasurementEvent


@dataclass(frozen=True, slots=True)
class UnitReviews:
    """What waits: `returned` for the planners, the oldest first; `to_validate` for the head."""

    returned: tuple[ReturnedFigure, ...] = ()
    to_validate: tuple[Measurement, ...] = ()


@steady
def unit_reviews(access: Access, unit_id: int, known_at: datetime) -> UnitReviews:
    """Return the figures of a unit that wait for one of its own: three queries at most.

    Who reads what happens inside the unit reads what was returned; only its head is asked to
    validate. A returned figure of a closed plan year is left out: nobody can correct it any more.
    """
    if not sees_corrections(access, unit_id):
        return UnitReviews()
    rows = list(
        Measurement.objects.filter(
            indicator__in=Indicator.objects.visible_to(access).filter(owner=unit_id)
        )
        .totals()
        .latest_of_slot(known_at)
        .with_validation(known_at)
        .filter(is_validated=False)
        .select_related("indicator", "indicator__owner", "recorded_by")
        .order_by("period_end", "indicator__code", "pk")
    )
    sent_back = [row for row in rows if row.is_returned]
    return UnitReviews(
        _returned(sent_back, known_at) if sent_back else (),
        tuple(row for row in rows if not row.is_returned) if access.heads(unit_id) else (),
    )


def _returned(rows: list[Measurement], known_at: datetime) -> tuple[ReturnedFigure, ...]:
    reviews = last_reviews(rows, known_at)
    closed = closed_years(row.indicator_id for row in rows)
    found = [
        ReturnedFigure(row, reviews[row.pk])
        for row in rows
        if (row.indicator_id, row.period_end.year) not in closed
    ]
    return tuple(sorted(found, key=lambda one: (one.review.recorded_at, one.review.pk)))


def closed_years(indicator_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Return the pairs of indicator and plan year that take no figures: every plan is closed.

    One query.
    """
    states: dict[tuple[int, int], set[str]] = {}
    used = ObjectiveIndicator.objects.current().filter(indicator__in=list(indicator_ids))
    for indicator_id, year, state in used.values_list(
        "indicator", "objective__plan__year", "objective__plan__state"
    ):
        states.setdefault((indicator_id, year), set()).add(state)
    return {key for key, found in states.items() if found == {PlanState.CLOSED}}
