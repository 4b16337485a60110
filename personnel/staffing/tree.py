"""The staffing of a day as a tree: who was there against who is planned, and the envelopes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from personnel.choices import StaffKind
from personnel.models import StaffingLine
from personnel.staffing.read import StaffingRead
from personnel.staffing.table import PARTS, Cell, StaffingTable, staffing_table


@dataclass(frozen=True, slots=True)
class StaffingRow:
    """A line with its cells: one a statute, then all of them, present and planned.

    `share` is its part of the whole, by who is present; None without figures. `is_partial`: lines
    below it, or the line itself, have no figure of this day yet, so that nothing can be compared.
    """

    line: StaffingLine
    depth: int
    parts: Sequence[tuple[Cell, Cell]]
    present: Cell
    planned: Cell
    share: Fraction | None
    is_partial: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether the day has no figure of the line, present or planned."""
        cells = [self.present, self.planned, *(cell for pair in self.parts for cell in pair)]
        return all(cell.amount is None for cell in cells)

    @property
    def difference(self) -> int | None:
        """Return how many more are planned than present; None where one of the two is missing."""
        if self.is_partial or self.present.amount is None or self.planned.amount is None:
            return None
        return self.planned.amount - self.present.amount


@dataclass(frozen=True, slots=True)
class Envelope:
    """A group directly below the whole: its own subtotal, and its share of the whole."""

    line: StaffingLine
    cell: Cell
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class StaffingPage:
    """The staffing of a day in one measure.

    `on` is the day of those present and `plan_on` that of the plan, None without any. `missing` are
    the lines that have figures on other days but none on this one.
    """

    measure: str
    on: date | None
    plan_on: date | None
    days: Sequence[date]
    plan_days: Sequence[date]
    rows: Sequence[StaffingRow]
    envelopes: Sequence[Envelope]
    missing: Sequence[StaffingLine]

    @property
    def total(self) -> StaffingRow | None:
        """Return the row of the whole, None when there is no line."""
        return self.rows[0] if self.rows else None


def staffing_page(
    read: StaffingRead, measure: str, *, on: date | None = None, plan_year: int | None = None
) -> StaffingPage:
    """Return the tree of a day against the plan of a year. No query.

    Without a day the latest one by the reference date of which every line is entered, else the
    latest one that has figures. Without a year that of the
    day, else the first one after it that has a plan, else the last before.
    """
    days = read.days(measure, StaffKind.ACTUAL)
    plans = read.days(measure, StaffKind.PLAN)
    day = on or _latest_whole(read, measure, days)
    plan_on = date(plan_year, 12, 31) if plan_year else _plan_for(day, plans)
    present = staffing_table(read, measure, StaffKind.ACTUAL, day)
    planned = staffing_table(read, measure, StaffKind.PLAN, plan_on)
    rows = [_row(line, depth, read, present, planned) for line, depth in read.lines]
    top = read.children.get(None, ())
    return StaffingPage(
        measure,
        day,
        plan_on,
        days,
        plans,
        rows,
        [
            Envelope(line, present.cell(line), _share(line, read, present))
            for whole in top
            for line in read.children.get(whole.pk, ())
        ],
        _missing(read, present),
    )


def _latest_whole(read: StaffingRead, measure: str, days: Sequence[date]) -> date | None:
    for day in reversed(days):
        if not staffing_table(read, measure, StaffKind.ACTUAL, day).partial:
            return day
    return days[-1] if days else None


def _plan_for(day: date | None, plans: Sequence[date]) -> date | None:
    if day is None or not plans:
        return plans[-1] if plans else None
    return next((plan for plan in plans if plan.year >= day.year), plans[-1])


def _row(
    line: StaffingLine,
    depth: int,
    read: StaffingRead,
    present: StaffingTable,
    planned: StaffingTable,
) -> StaffingRow:
    return StaffingRow(
        line,
        depth,
        [(present.cell(line, part), planned.cell(line, part)) for part in PARTS],
        present.cell(line),
        planned.cell(line),
        _share(line, read, present),
        line.pk in present.partial or line.pk in planned.partial,
    )


def _share(line: StaffingLine, read: StaffingRead, present: StaffingTable) -> Fraction | None:
    """Return the line's part of the whole that it hangs below; None where one is not whole."""
    tops = read.children.get(None, ())
    if present.partial.intersection({line.pk, *(top.pk for top in tops)}):
        return None
    whole = present.cell(tops[0]).amount if len(tops) == 1 else None
    amount = present.cell(line).amount
    return Fraction(amount, whole) if whole and amount is not None else None


def _missing(read: StaffingRead, present: StaffingTable) -> list[StaffingLine]:
    """Return the lines without others below that have figures of the measure on other days."""
    return [
        line
        for line, _depth in read.lines
        if line.pk in present.partial and not read.children.get(line.pk)
    ]
