"""The figures of one line over the years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from personnel.choices import StaffKind, Statute
from personnel.models import StaffingFigure, StaffingLine
from personnel.staffing.read import StaffingRead
from personnel.staffing.table import Cell, Cells, staffing_table


@dataclass(frozen=True, slots=True)
class SeriesDay:
    """The cells of a line on a day, and its own figures by statute: those that count.

    `is_partial`: lines below it have no figure of that day, so that the sum is not the whole.
    """

    on: date
    kind: str
    cells: Cells
    own: Mapping[str, StaffingFigure]
    is_partial: bool = False

    @property
    def total(self) -> Cell:
        """Return the cell of all statutes."""
        return self.cells[Statute.ALL]


def line_series(read: StaffingRead, line: StaffingLine, measure: str) -> list[SeriesDay]:
    """Return the days on which the line, or a line below it, has figures: the first day first.

    A day without figures is not there: nothing is made up between two days. No query.
    """
    found = [
        _day(read, line, measure, kind.value, on)
        for kind in StaffKind
        for on in read.days(measure, kind)
    ]
    return sorted(
        (day for day in found if any(cell.amount is not None for cell in day.cells.values())),
        key=lambda day: (day.on, day.kind),
    )


def _day(read: StaffingRead, line: StaffingLine, measure: str, kind: str, on: date) -> SeriesDay:
    table = staffing_table(read, measure, kind, on)
    own: Sequence[StaffingFigure] = [
        row
        for row in read.counting
        if (row.line_id, row.measure, row.kind, row.on) == (line.pk, measure, kind, on)
    ]
    own_by_statute = {row.statute: row for row in own}
    return SeriesDay(on, kind, table.rows[line.pk], own_by_statute, line.pk in table.partial)
