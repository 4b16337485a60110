"""Reading the staffing tables: FTE and headcount."""

from collections.abc import Collection, Iterable
from datetime import date

from personnel.choices import StaffKind
from personnel.models import StaffingFigure


def staffing_of_units(units: Collection[int], on: date) -> list[StaffingFigure]:
    """Return the figures of units (by key) that stand on a day, in their order: one query."""
    rows = StaffingFigure.objects.filter(line__unit__in=units).select_related("line__unit")
    found = figures_on(rows, on)
    return sorted(found, key=lambda row: (row.line.unit.order if row.line.unit else 0, _place(row)))


def figures_on(figures: Iterable[StaffingFigure], on: date) -> list[StaffingFigure]:
    """Return of each line and measure the latest actual figures by a day, and the latest plan by
    its year: a line with newer figures hides no other.

    A plan stands on the last day of its year, so that of the running year counts too.
    """
    rows = [row for row in figures if row.on <= _until(row.kind, on)]
    latest: dict[tuple[int, str, str], date] = {}
    for row in rows:
        key = row.line_id, row.measure, row.kind
        latest[key] = max(row.on, latest.get(key, row.on))
    return [row for row in rows if row.on == latest[row.line_id, row.measure, row.kind]]


def _until(kind: str, on: date) -> date:
    return date(on.year, 12, 31) if kind == StaffKind.PLAN else on


def _place(row: StaffingFigure) -> tuple[int, str, str, date, int]:
    return row.line.order, row.measure, row.kind, row.on, row.pk
