"""Who was there and who is planned in a year, of lines of the staffing tables together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from personnel.choices import StaffKind, StaffMeasure, Statute
from personnel.models import StaffingLine
from personnel.staffing import FlowSum, StaffingRead, StaffingTable, flow_lines, staffing_table
from personnel.staffing.flows import flows_added
from personnel.staffing.table import PARTS


@dataclass(frozen=True, slots=True)
class PeopleMeans:
    """The people of lines in one measure: thousandths of an FTE, or persons; None for no figure.

    `present` is of the day `on`, the last one of the year or before it of which every line has its
    figure; where there is none, the last one, and `missing` are the lines that have none then.
    `planned` is of the end of `planned_year`: the year itself, else the last one before it that has
    a plan. `parts` are those present, then planned, by statute.
    """

    measure: StaffMeasure
    on: date | None
    present: int | None
    planned: int | None
    planned_year: int
    parts: Sequence[tuple[Statute, int | None, int | None]]
    missing: Sequence[StaffingLine]
    flow: FlowSum | None
    planned_flow: FlowSum | None

    @property
    def difference(self) -> int | None:
        """Return how many more are planned than present; None where one of the two is missing, or
        the plan is of a year before.
        """
        if self.present is None or self.planned is None or self.on is None:
            return None
        if self.planned_year < self.on.year:
            return None
        return self.planned - self.present


def people_means(
    read: StaffingRead, lines: Sequence[StaffingLine], measure: StaffMeasure, year: int
) -> PeopleMeans:
    """Return the people of a year; no line stands below another one of them. No query."""
    present, missing = _present(read, lines, measure, year)
    planned_year, planned = _planned(read, lines, measure, year)
    return PeopleMeans(
        measure,
        present.on,
        _added(present, lines),
        _added(planned, lines),
        planned_year,
        [(part, _added(present, lines, part), _added(planned, lines, part)) for part in PARTS],
        missing,
        _flow(read, lines, measure, StaffKind.ACTUAL, year),
        _flow(read, lines, measure, StaffKind.PLAN, year),
    )


def uncounted(
    read: StaffingRead, lines: Sequence[StaffingLine], one: PeopleMeans, other: PeopleMeans
) -> list[StaffingLine]:
    """Return the lines at the ends with figures in the first and none in the second: the two do not
    count the same people. None where one of the two has no figure at all.
    """
    if one.present is None or other.present is None:
        return []
    tables = [staffing_table(read, it.measure, StaffKind.ACTUAL, it.on) for it in (one, other)]
    return [
        line
        for line in _ends(read, lines)
        if tables[0].cell(line).amount is not None and tables[1].cell(line).amount is None
    ]


def _present(
    read: StaffingRead, lines: Sequence[StaffingLine], measure: StaffMeasure, year: int
) -> tuple[StaffingTable, list[StaffingLine]]:
    days = [day for day in read.days(measure, StaffKind.ACTUAL) if day.year <= year]
    known = {
        row.line_id
        for row in read.counting
        if (row.measure, row.kind) == (measure, StaffKind.ACTUAL)
    }
    ends = [line for line in _ends(read, lines) if line.pk in known]
    last: tuple[StaffingTable, list[StaffingLine]] | None = None
    for day in reversed(days):
        table = staffing_table(read, measure, StaffKind.ACTUAL, day)
        if _added(table, lines) is None:
            continue
        missing = [line for line in ends if table.cell(line).amount is None]
        if not missing:
            return table, []
        last = last or (table, missing)
    return last or (staffing_table(read, measure, StaffKind.ACTUAL, None), [])


def _planned(
    read: StaffingRead, lines: Sequence[StaffingLine], measure: StaffMeasure, year: int
) -> tuple[int, StaffingTable]:
    for day in reversed(read.days(measure, StaffKind.PLAN)):
        table = staffing_table(read, measure, StaffKind.PLAN, day)
        if day.year <= year and _added(table, lines) is not None:
            return day.year, table
    return year, staffing_table(read, measure, StaffKind.PLAN, None)


def _ends(read: StaffingRead, lines: Iterable[StaffingLine]) -> list[StaffingLine]:
    """Return the lines themselves, or at the ends of their branches, in their order."""
    found: list[StaffingLine] = []
    waiting = list(reversed(list(lines)))
    while waiting:
        line = waiting.pop()
        below = read.children.get(line.pk, ())
        if not below:
            found.append(line)
        waiting.extend(reversed(below))
    return found


def _added(
    table: StaffingTable, lines: Iterable[StaffingLine], statute: Statute = Statute.ALL
) -> int | None:
    """Return the sum of the figures there are; None without any, which zero is not."""
    amounts = [table.cell(line, statute).amount for line in lines]
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _flow(
    read: StaffingRead, lines: Sequence[StaffingLine], measure: str, kind: str, year: int
) -> FlowSum | None:
    wanted = {line.pk for line in lines}
    found = [
        one.check.flow for one in flow_lines(read, measure, kind, year) if one.line.pk in wanted
    ]
    return flows_added(found, is_same_time=True, missing=len(wanted) - len(found))
