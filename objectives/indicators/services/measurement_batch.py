"""Recording many figures at once by the rules of measurement_record: all of them or none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.services import next_instant
from objectives.indicators.formatting import period_text
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import Period
from objectives.indicators.selectors.quality import slot_of
from objectives.indicators.selectors.series import Series, series_of
from objectives.indicators.services.entry_checks import confirm_findings, findings_among
from objectives.indicators.services.figures import Figure, check_figure
from objectives.indicators.services.measurements import (
    check_current,
    check_reason,
    check_recorder,
    figure_rows,
    nothing_changed,
    period_locked,
    refuse_slot,
    says_all,
)
from personnel.models import User

# So many series are in memory at a time.
_SERIES_AT_ONCE: Final = 500
# PostgreSQL takes rows in one statement by the thousand; SQLite's own limit is lower, and known.
_ROWS_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFigure:
    """What is to be recorded, see measurement_record."""

    indicator: Indicator
    period: Period
    figure: Figure
    reason: str = ""
    expected_current: str = ""
    confirmed: tuple[str, ...] = ()


class FiguresRefused(Exception):
    """Some figures break a rule, so none is recorded; `errors` has theirs by place."""

    def __init__(self, errors: Mapping[int, DomainError]) -> None:
        """Keep the error of each."""
        super().__init__()
        self.errors = errors


@transaction.atomic
def measurements_record_all(
    *,
    actor: User,
    figures: Mapping[int, NewFigure],
    refused: Mapping[int, DomainError] | None = None,
) -> dict[int, Measurement]:
    """Record figures by their place, all at one instant; return the row of each whole.

    Every rule of measurement_record holds, in the order of the places: a figure is judged by those
    before it too. `refused` are places that the caller refuses already. A figure of a locked period
    is refused: its correction waits for a second person, so it is asked for on its own. A slot is
    named once.

    The number of queries grows by six with every _SERIES_AT_ONCE indicators, not with the figures.
    Raises FiguresRefused with every bad place; nothing is recorded then.
    """
    at = next_instant()  # takes the lock, so that what follows cannot be overtaken
    errors = dict(refused or {})
    found: dict[int, list[Measurement]] = {}
    for places in _by_series(figures):
        series = series_of([figures[place].indicator for place in places], at)
        _name_recorders(series.values())
        taken: dict[tuple[int, Period], int] = {}
        for place in places:
            new = figures[place]
            try:
                _refuse_twice(taken, place, new)
                rows = _judged(actor, series[new.indicator.pk], new, at)
            except DomainError as error:
                errors.setdefault(place, error)
            else:
                found[place] = rows
    if errors:
        raise FiguresRefused(errors)
    every = [row for rows in found.values() for row in rows if row.pk is None]
    Measurement.objects.bulk_create(every, batch_size=_ROWS_AT_ONCE)
    return {place: found[place][0] for place in figures}


def _by_series(figures: Mapping[int, NewFigure]) -> Iterator[list[int]]:
    """Yield the places in groups that hold every figure of so many indicators."""
    by_indicator: dict[int, list[int]] = {}
    for place, new in figures.items():
        by_indicator.setdefault(new.indicator.pk, []).append(place)
    keys = list(by_indicator)
    for first in range(0, len(keys), _SERIES_AT_ONCE):
        group = keys[first : first + _SERIES_AT_ONCE]
        yield sorted(place for key in group for place in by_indicator[key])


def _name_recorders(series: Iterable[Series]) -> None:
    """Let a refusal say who recorded the figure that counts: one query for all."""
    rows = [by_key[""] for one in series for by_key in one.rows.values() if "" in by_key]
    prefetch_related_objects(rows, "recorded_by")


def _refuse_twice(taken: dict[tuple[int, Period], int], place: int, new: NewFigure) -> None:
    first = taken.setdefault((new.indicator.pk, new.period), place)
    if first != place:
        raise DomainError(
            "slot_twice",
            _("Row %(first)s gives a figure of %(code)s for %(period)s already.")
            % {
                "first": first,
                "code": new.indicator.code,
                "period": period_text(new.period),
            },
            "period",
        )


def _judged(actor: User, series: Series, new: NewFigure, at: datetime) -> list[Measurement]:
    """Return the rows to write, by the rules of measurement_record in their order; no query.

    What is recorded already with the same words is returned as it is.
    """
    period, figure = new.period, new.figure
    check_recorder(actor, series.indicator)
    known = series.defined(period.end)
    refuse_slot(series.asked.get(slot_of(period)), period)
    check_figure(known.indicator, figure)
    current, there = series.current(period), series.parts(period)
    is_same = current is not None and says_all(current, there, figure)
    if current is not None and is_same and new.expected_current != str(current.uuid):
        return [current]
    check_current(current, new.expected_current)
    if slot_of(period) in series.locked:
        raise period_locked(period)
    if current is not None and is_same:
        raise nothing_changed(current)
    check_reason(current, period, new.reason)
    due_on = series.asked[slot_of(period)].due_on
    findings, judged = findings_among(known, series.figures, period, due_on, figure)
    agreed = confirm_findings(known.indicator, figure, findings, new.confirmed)
    series.figures[slot_of(period)] = judged
    return figure_rows(
        actor=actor,
        indicator=known.indicator,
        period=period,
        figure=figure,
        there=there,
        recorded_at=at,
        reason=new.reason,
        confirmed=agreed,
    )
