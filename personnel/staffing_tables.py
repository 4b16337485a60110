"""The tables of the staffing pages as they go into a file."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ibzplan.core.exports import Cell, Column, ExportTable, Kind
from personnel.choices import StaffKind, StaffMeasure, Statute
from personnel.staffing import FlowCheck, FlowLine, SeriesDay, StaffingPage
from personnel.staffing.amounts import people
from personnel.staffing.table import PARTS

LINES: Final = "lines"
FLOWS: Final = "flows"
SERIES: Final = "series"
PAGE_TABLES: Final = {
    LINES: gettext_lazy("By line and statute"),
    FLOWS: gettext_lazy("In- and outflow"),
}
LINE_TABLES: Final = {SERIES: gettext_lazy("Over the years"), FLOWS: PAGE_TABLES[FLOWS]}
_KINDS: Final = (StaffKind.ACTUAL, StaffKind.PLAN)


def lines_table(page: StaffingPage) -> ExportTable:
    """Return a row a line: present and planned, by statute and of all."""

    def number(amount: int | None) -> Cell:
        return None if amount is None else people(page.measure, amount)

    columns = [
        Column("code", _("Code")),
        Column("line", _("Line")),
        Column("unit", _("Unit")),
        *(
            Column(f"{part.value}{kind.value.title()}", f"{part.label}, {kind.label}", Kind.DECIMAL)
            for part in (*PARTS, Statute.ALL)
            for kind in _KINDS
        ),
        Column("presentOn", _("Present on"), Kind.DATE),
        Column("plannedOn", _("Planned for"), Kind.DATE),
    ]
    rows = [
        [
            row.line.code,
            row.line.title,
            row.line.unit.code if row.line.unit else None,
            *(number(cell.amount) for pair in row.parts for cell in pair),
            number(row.present.amount),
            number(row.planned.amount),
            page.on,
            page.plan_on,
        ]
        for row in page.rows
    ]
    return ExportTable(LINES, PAGE_TABLES[LINES], columns, rows)


def flows_table(
    measure: str, flows: Iterable[tuple[str | Promise, Sequence[FlowLine]]]
) -> ExportTable:
    """Return a row for each line that has a flow of the year, of one measure."""
    rows = [
        [one.line.code, one.line.title, label, *_check_cells(measure, one.check)]
        for label, lines in flows
        for one in lines
    ]
    columns = [Column("code", _("Code")), Column("line", _("Line")), Column("kind", _("Kind"))]
    return ExportTable(FLOWS, PAGE_TABLES[FLOWS], [*columns, *_check_columns()], rows)


def line_flows_table(checks: Iterable[tuple[StaffMeasure, FlowCheck]]) -> ExportTable:
    """Return the flows of one line: a row for each measure, year, kind and statute."""
    rows = [
        [
            measure.label,
            StaffKind(check.kind).label,
            Statute(check.statute).label,
            *_check_cells(measure, check),
        ]
        for measure, check in checks
    ]
    columns = [
        Column("measure", _("Counted in")),
        Column("kind", _("Kind")),
        Column("statute", _("Statute")),
    ]
    return ExportTable(FLOWS, PAGE_TABLES[FLOWS], [*columns, *_check_columns()], rows)


def series_table(series: Iterable[tuple[StaffMeasure, Sequence[SeriesDay]]]) -> ExportTable:
    """Return one line over the years: a row for each measure, day and kind."""
    statutes = (*PARTS, Statute.ALL)
    rows = [
        [
            measure.label,
            day.on,
            StaffKind(day.kind).label,
            *(
                None if cell.amount is None else people(measure, cell.amount)
                for cell in (day.cells[statute] for statute in statutes)
            ),
        ]
        for measure, days in series
        for day in days
    ]
    columns = [
        Column("measure", _("Counted in")),
        Column("on", _("Day"), Kind.DATE),
        Column("kind", _("Kind")),
        *(Column(statute.value, statute.label, Kind.DECIMAL) for statute in statutes),
    ]
    return ExportTable(SERIES, LINE_TABLES[SERIES], columns, rows)


def _check_columns() -> list[Column]:
    return [
        Column("year", _("Year")),
        Column("before", _("Before"), Kind.DECIMAL),
        Column("inflow", _("Inflow"), Kind.DECIMAL),
        Column("outflow", _("Outflow"), Kind.DECIMAL),
        Column("balance", _("Balance"), Kind.DECIMAL),
        Column("after", _("At the end"), Kind.DECIMAL),
        Column("unexplained", _("Unexplained"), Kind.DECIMAL),
    ]


def _check_cells(measure: str, check: FlowCheck) -> list[Cell]:
    flow = check.flow
    amounts = (check.opening, flow.inflow, flow.outflow, flow.balance, check.closing)
    unexplained = check.unexplained if flow.is_whole else None
    return [
        str(check.year),
        *(None if one is None else people(measure, one) for one in (*amounts, unexplained)),
    ]
