"""Who came and who went in a year, held against the figures of its first and last day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from personnel.choices import FlowPeriod, StaffKind, Statute
from personnel.models import StaffingFlow, StaffingLine
from personnel.staffing.read import StaffingRead
from personnel.staffing.table import PARTS, StaffingTable, staffing_table

MONTHS_OF: Final[Mapping[str, int]] = {
    FlowPeriod.YEAR: 12,
    FlowPeriod.HALF: 6,
    FlowPeriod.QUARTER: 3,
    FlowPeriod.MONTH: 1,
}
# The next shorter period, from which a longer one adds up.
_WITHIN: Final[Mapping[str, str]] = {
    FlowPeriod.YEAR: FlowPeriod.HALF,
    FlowPeriod.HALF: FlowPeriod.QUARTER,
    FlowPeriod.QUARTER: FlowPeriod.MONTH,
}
MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class FlowSum:
    """Who came and who went: thousandths of an FTE, or persons, over `months` of the year.

    `missing` counts the statutes or lines with people of which no flow was entered. `disputed`:
    a longer period was entered beside all the shorter ones that it consists of, and they add up to
    something else; the longer one counts then.
    """

    inflow: int
    outflow: int
    months: int = MONTHS_A_YEAR
    disputed: bool = False
    missing: int = 0

    @property
    def balance(self) -> int:
        """Return how many came more than went."""
        return self.inflow - self.outflow

    @property
    def is_whole(self) -> bool:
        """Tell whether the whole year is entered, of everyone."""
        return self.months == MONTHS_A_YEAR and not self.missing


class FlowState(StrEnum):
    """What came of holding a year's flow against the figures of two days."""

    ADDS_UP = "adds_up"
    OFF = "off"
    PARTIAL = "partial"
    NO_FIGURES = "no_figures"


@dataclass(frozen=True, slots=True)
class FlowCheck:
    """The flow of a year of one statute, and who was there on the days before and at its end.

    Of a plan: who was there, else who was planned, before the year, and who is planned at its end.
    """

    year: int
    kind: str
    statute: str
    flow: FlowSum
    opening: int | None
    closing: int | None

    @property
    def difference(self) -> int | None:
        """Return how many more there were at the end than before; None when one is not known."""
        if self.opening is None or self.closing is None:
            return None
        return self.closing - self.opening

    @property
    def unexplained(self) -> int | None:
        """Return what the difference is more than the balance of the flow; None as above."""
        return None if self.difference is None else self.difference - self.flow.balance

    @property
    def state(self) -> FlowState:
        """Return whether it adds up, or why that cannot be told."""
        if self.difference is None:
            return FlowState.NO_FIGURES
        if not self.flow.is_whole:
            return FlowState.PARTIAL
        return FlowState.OFF if self.unexplained else FlowState.ADDS_UP


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A line of the staffing tables with its flow of a year, of all statutes together."""

    line: StaffingLine
    depth: int
    check: FlowCheck


def flow_of(rows: Iterable[StaffingFlow], year: int) -> FlowSum | None:
    """Return the flow of a year of one line, statute, measure and kind; None without any.

    The year as entered, else its half-years, a half-year from its quarters, a quarter from its
    months: never both, so that nobody is counted twice.
    """
    found = {(row.starts_on, row.resolution): row for row in rows if row.starts_on.year == year}
    return _covered(found, date(year, 1, 1), FlowPeriod.YEAR)


def _covered(
    rows: Mapping[tuple[date, str], StaffingFlow], starts_on: date, resolution: str
) -> FlowSum | None:
    parts = _shorter(rows, starts_on, resolution)
    row = rows.get((starts_on, resolution))
    if row is None:
        return parts
    months = MONTHS_OF[resolution]
    disputed = parts is not None and (
        parts.disputed
        or (parts.months == months and (parts.inflow, parts.outflow) != (row.inflow, row.outflow))
    )
    return FlowSum(row.inflow, row.outflow, months, disputed)


def _shorter(
    rows: Mapping[tuple[date, str], StaffingFlow], starts_on: date, resolution: str
) -> FlowSum | None:
    within = _WITHIN.get(resolution)
    if within is None:
        return None
    months = range(starts_on.month, starts_on.month + MONTHS_OF[resolution], MONTHS_OF[within])
    found = [_covered(rows, starts_on.replace(month=month), within) for month in months]
    return flows_added(part for part in found if part is not None)


def flows_added(
    parts: Iterable[FlowSum], *, is_same_time: bool = False, missing: int = 0
) -> FlowSum | None:
    """Return the sum of flows that follow each other, or of the same time; None without any."""
    found = list(parts)
    if not found:
        return None
    months = [part.months for part in found]
    return FlowSum(
        sum(part.inflow for part in found),
        sum(part.outflow for part in found),
        min(months) if is_same_time else sum(months),
        any(part.disputed for part in found),
        missing + sum(part.missing for part in found),
    )


def flow_checks(
    read: StaffingRead, line: StaffingLine, measure: str, kind: str, year: int
) -> list[FlowCheck]:
    """Return the flow of a line and year by statute, then of all: those that there are. No query.

    Without a flow of its own a line has the sum of those below it.
    """
    days = _Days(read, measure, kind, year)
    flows = _flows(read, measure, days)
    return [
        days.check(line, statute, flow)
        for statute in (*PARTS, Statute.ALL)
        if (flow := flows.get((line.pk, statute.value))) is not None
    ]


def flow_lines(read: StaffingRead, measure: str, kind: str, year: int) -> list[FlowLine]:
    """Return the lines that have a flow of a year, in tree order, with its check. No query."""
    days = _Days(read, measure, kind, year)
    flows = _flows(read, measure, days)
    return [
        FlowLine(line, depth, days.check(line, Statute.ALL, flow))
        for line, depth in read.lines
        if (flow := flows.get((line.pk, Statute.ALL.value))) is not None
    ]


class _Days:
    """The tables of the day before a year and of its last day."""

    def __init__(self, read: StaffingRead, measure: str, kind: str, year: int) -> None:
        before = date(year - 1, 12, 31)
        self.year, self.kind = year, kind
        self.openings: list[StaffingTable] = [
            staffing_table(read, measure, StaffKind.ACTUAL, before)
        ]
        if kind == StaffKind.PLAN:
            self.openings.append(staffing_table(read, measure, StaffKind.PLAN, before))
        self.closing = staffing_table(read, measure, kind, date(year, 12, 31))

    def both(self, line: StaffingLine, statute: str) -> tuple[int | None, int | None]:
        """Return who was there before the year and at its end; None for what is not whole."""
        openings = [_whole(table, line, statute) for table in self.openings]
        opening = next((amount for amount in openings if amount is not None), None)
        return opening, _whole(self.closing, line, statute)

    def check(self, line: StaffingLine, statute: str, flow: FlowSum) -> FlowCheck:
        """Return the flow of a line with the figures of both days."""
        return FlowCheck(self.year, self.kind, statute, flow, *self.both(line, statute))


def _whole(table: StaffingTable, line: StaffingLine, statute: str) -> int | None:
    return None if line.pk in table.partial else table.cell(line, statute).amount


def _flows(read: StaffingRead, measure: str, days: _Days) -> dict[tuple[int, str], FlowSum]:
    """Return by line and statute the flow of a year: its own, else that of the lines below."""
    rows: dict[tuple[int, str], list[StaffingFlow]] = {}
    for row in read.flows:
        if (row.measure, row.kind, row.starts_on.year) == (measure, days.kind, days.year):
            rows.setdefault((row.line_id, row.statute), []).append(row)
    found: dict[tuple[int, str], FlowSum] = {}
    for line, _depth in reversed(read.lines):
        below = read.children.get(line.pk, ())
        own = _own_flows(rows, line, days)
        for statute in Statute:
            flow = own.get(statute.value) or flows_added(
                (found[child.pk, statute] for child in below if (child.pk, statute) in found),
                is_same_time=True,
                missing=sum(
                    (child.pk, statute) not in found and any(days.both(child, statute))
                    for child in below
                ),
            )
            if flow is not None:
                found[line.pk, statute.value] = flow
    return found


def _own_flows(
    rows: Mapping[tuple[int, str], Sequence[StaffingFlow]], line: StaffingLine, days: _Days
) -> dict[str, FlowSum]:
    """Return a line's own flows by statute; all of them together are their sum unless entered."""
    own = {
        statute.value: flow
        for statute in Statute
        if (flow := flow_of(rows.get((line.pk, statute.value), ()), days.year)) is not None
    }
    if Statute.ALL.value not in own:
        missing = sum(part not in own and any(days.both(line, part)) for part in PARTS)
        whole = flows_added(own.values(), is_same_time=True, missing=missing)
        if whole is not None:
            own[Statute.ALL.value] = whole
    return own
