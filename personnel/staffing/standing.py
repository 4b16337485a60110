"""Which figure counts: the entered one over the printed one, and of each line the latest."""

from collections.abc import Collection, Iterable
from datetime import date

from personnel.choices import FigureOrigin, StaffKind, Statute
from personnel.models import StaffingFigure

# A line's figures of one measure and kind on one day stand together.
_Place = tuple[int, str, str, date]


def staffing_of_units(units: Collection[int], on: date) -> list[StaffingFigure]:
    """Return the figures of units (by key) that stand on a day, in their order: one query."""
    rows = StaffingFigure.objects.filter(line__unit__in=units).select_related("line__unit")
    found = figures_on(rows, on)
    return sorted(found, key=lambda row: (row.line.unit.order if row.line.unit else 0, _order(row)))


def figures_on(figures: Iterable[StaffingFigure], on: date) -> list[StaffingFigure]:
    """Return of each line and measure the latest actual figures by a day, and the latest plan by
    its year: a line with newer figures hides no other.

    A plan stands on the last day of its year, so that of the running year counts too. What was
    entered stands over what is printed (see `standing`).
    """
    rows = [row for row in standing(figures) if row.on <= _until(row.kind, on)]
    latest: dict[tuple[int, str, str], date] = {}
    for row in rows:
        key = row.line_id, row.measure, row.kind
        latest[key] = max(row.on, latest.get(key, row.on))
    return [row for row in rows if row.on == latest[row.line_id, row.measure, row.kind]]


def standing(figures: Iterable[StaffingFigure]) -> list[StaffingFigure]:
    """Return the figures that count, in their order.

    Those withdrawn do not. Where a figure is printed and another was entered for the same line,
    statute and day, the entered one counts. A printed total of the statutes counts no more once
    one of them was entered: it speaks of others.
    """
    rows = [row for row in figures if row.withdrawn_at is None]
    entered = {(_place(row), row.statute) for row in rows if is_entered(row)}
    touched = {place for place, _statute in entered}
    return [
        row
        for row in rows
        if is_entered(row)
        or (
            (_place(row), row.statute) not in entered
            and not (row.statute == Statute.ALL and _place(row) in touched)
        )
    ]


def is_entered(row: StaffingFigure) -> bool:
    """Tell whether a figure was entered here, and not taken from the plan."""
    return row.origin == FigureOrigin.ENTERED


def _until(kind: str, on: date) -> date:
    return date(on.year, 12, 31) if kind == StaffKind.PLAN else on


def _place(row: StaffingFigure) -> _Place:
    return row.line_id, row.measure, row.kind, row.on


def _order(row: StaffingFigure) -> tuple[int, str, str, date, int]:
    return row.line.order, row.measure, row.kind, row.on, row.pk
