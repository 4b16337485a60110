"""Printed and recomputed: what the tables and the texts of the plans give more than once.

It reads what is printed, as known then: that an amount was corrected here changes nothing of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from budget.choices import CreditTable, StatedUnit
from budget.models import CreditAmount, CreditLine, StatedFigure
from budget.reconciliation import (
    COLUMNS,
    PARTS,
    Cell,
    Check,
    Finding,
    Sheet,
    Stated,
    Table,
    Tree,
    Unit,
    Verdict,
    findings_of,
)
from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.rewind import rows_known
from personnel.choices import StaffKind
from personnel.models import StaffingFigure, StaffingLine

_MILLI: Final = 1000
# What differs most comes first.
VERDICTS: Final = (Verdict.MISMATCH, Verdict.ROUNDING, Verdict.ONLY_IN_ONE)
TABLES: Final = tuple(Table)
_STEP_KEUR: Final = PARTS[Unit.KEUR]
_MONEY: Final[Mapping[str, int]] = {
    StatedUnit.MEUR: 1000 * PARTS[Unit.KEUR],
    StatedUnit.BEUR: 1_000_000 * PARTS[Unit.KEUR],
}
_COUNTED: Final[Mapping[str, Unit]] = {
    StatedUnit.PERCENT: Unit.PERCENT,
    StatedUnit.FTE: Unit.FTE,
    StatedUnit.PERSONS: Unit.PERSONS,
}


@dataclass(frozen=True, slots=True)
class Printed:
    """The rows that are reconciled, as they stood at one moment."""

    credit_lines: Sequence[CreditLine]
    amounts: Sequence[CreditAmount]
    staffing_lines: Sequence[StaffingLine]
    figures: Sequence[StaffingFigure]
    stated: Sequence[StatedFigure]


@dataclass(frozen=True, slots=True)
class ReconciledLine:
    """One difference: where it stands, and the row that is named there."""

    finding: Finding
    row: CreditLine | StaffingLine | StatedFigure

    @property
    def title(self) -> LocalisedText:
        """Return the name of the line, or of the figure of the text."""
        title: LocalisedText = self.row.title
        return title

    @property
    def unit_ids(self) -> frozenset[int]:
        """Return the key of the unit whose line it is, if it is one's."""
        own = None if isinstance(self.row, StatedFigure) else self.row.unit_id
        return frozenset() if own is None else frozenset({own})


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All differences, the worst first, and how many checks were made."""

    checks: int
    lines: Sequence[ReconciledLine]

    def count(self, verdict: Verdict) -> int:
        """Return how many differences are of this class."""
        return sum(line.finding.verdict == verdict for line in self.lines)

    @property
    def agreeing(self) -> int:
        """Return how many checks came out as printed."""
        return self.checks - sum(line.finding.check not in _NOT_CHECKED for line in self.lines)


# What stands in one place only was compared with nothing.
_NOT_CHECKED: Final = (Check.ALONE, Check.UNBACKED)


def reconcile(clocks: Clocks) -> Reconciliation:
    """Return every difference that there is, as known then.

    Of the tables of the years and days up to the reference date; a budget and a plan stand for
    their whole year. Five queries, and those of rewinding at an earlier moment.
    """
    moment = clocks.moment_asked
    printed = Printed(
        rows_known(CreditLine.objects.order_by("order", "code"), moment),
        rows_known(CreditAmount.objects.exclude(printed_commitment=None), moment),
        rows_known(StaffingLine.objects.order_by("order", "code"), moment),
        rows_known(StaffingFigure.objects.exclude(printed=""), moment),
        rows_known(StatedFigure.objects.order_by("order", "code"), moment),
    )
    return reconciliation_of(printed, clocks.reference_date)


def reconciliation_of(printed: Printed, day: date) -> Reconciliation:
    """Return the differences of these rows, of the tables that count on a day. No query."""
    stated = [_stated(row) for row in printed.stated]
    findings = findings_of(_sheets(printed, day), stated)
    credit_lines = {row.code: row for row in printed.credit_lines}
    staffing_lines = {row.code: row for row in printed.staffing_lines}
    figures = {row.code: row for row in printed.stated}

    def row_of(finding: Finding) -> CreditLine | StaffingLine | StatedFigure:
        if finding.table == Table.TEXT:
            return figures[finding.line]
        if finding.table in (Table.FTE, Table.HEADCOUNT):
            return staffing_lines[finding.line]
        return credit_lines[finding.line]

    lines = [
        ReconciledLine(finding, row_of(finding))
        for finding in findings
        if finding.verdict != Verdict.AGREES
    ]
    checks = sum(finding.check not in _NOT_CHECKED for finding in findings)
    return Reconciliation(checks, sorted(lines, key=_place))


def _place(line: ReconciledLine) -> tuple[int, int, str, int, str, int, str]:
    finding = line.finding
    column = COLUMNS.index(finding.column) if finding.column else -1
    return (
        VERDICTS.index(finding.verdict),
        TABLES.index(finding.table),
        finding.sheet,
        line.row.order,
        finding.line,
        column,
        finding.check,
    )


def _sheets(printed: Printed, day: date) -> list[Sheet]:
    """Return the tables, each for one budget or one day, in the order of the plan."""
    credit_codes = {row.pk: row.code for row in printed.credit_lines}
    staffing_codes = {row.pk: row.code for row in printed.staffing_lines}
    cells = [
        *(
            cell
            for row in printed.amounts
            if row.year <= day.year and row.line_id in credit_codes
            for cell in _money(row, credit_codes[row.line_id])
        ),
        *(
            _people(row, staffing_codes[row.line_id])
            for row in printed.figures
            if row.on <= _until(row.kind, day) and row.line_id in staffing_codes
        ),
    ]
    trees = {"credits": _tree(printed.credit_lines), "staffing": _tree(printed.staffing_lines)}
    found: dict[tuple[Table, str], list[Cell]] = {}
    for cell in cells:
        found.setdefault((cell.table, cell.sheet), []).append(cell)
    return [
        Sheet(table, name, trees["staffing" if _counts_people(table) else "credits"], its_cells)
        for (table, name), its_cells in sorted(found.items(), key=_sheet_place)
    ]


def _sheet_place(found: tuple[tuple[Table, str], list[Cell]]) -> tuple[int, str]:
    (table, name), _cells = found
    return TABLES.index(table), name


def _counts_people(table: Table) -> bool:
    return table in (Table.FTE, Table.HEADCOUNT)


def _until(kind: str, day: date) -> date:
    """Return the last day that counts: a plan stands on the last day of its year."""
    return date(day.year, 12, 31) if kind == StaffKind.PLAN else day


def _tree(lines: Sequence[CreditLine] | Sequence[StaffingLine]) -> Tree:
    found: list[CreditLine | StaffingLine] = [*lines]
    rows = sorted(found, key=lambda row: (row.order, row.code))
    codes = {row.pk: row.code for row in rows}
    return Tree({row.code: codes.get(row.parent_id) if row.parent_id else None for row in rows})


def _money(row: CreditAmount, line: str) -> list[Cell]:
    printed = {"commitment": row.printed_commitment, "payment": row.printed_payment}
    return [
        Cell(
            Table.MISSIONS if row.table == CreditTable.MISSIONS else Table.GLOBAL,
            f"{row.year}/{row.budget}",
            line,
            column,
            f"{keur:,}".replace(",", "."),
            keur * PARTS[Unit.KEUR],
            _STEP_KEUR,
            row.source_first_line,
        )
        for column, keur in printed.items()
        if keur is not None
    ]


def _people(row: StaffingFigure, line: str) -> Cell:
    value, step = thousandths(row.printed)
    table = Table(row.measure)
    return Cell(
        table,
        f"{row.on.isoformat()}/{row.kind}",
        line,
        row.statute,
        row.printed,
        value,
        step if table == Table.FTE else 0,
        row.source_first_line,
    )


def thousandths(printed: str) -> tuple[int, int]:
    """Return a printed number in thousandths, and what it is rounded to: 100 for one decimal."""
    whole, _comma, decimals = printed.replace(".", "").partition(",")
    value = int(whole) * _MILLI + int(decimals.ljust(3, "0"))
    return value, _MILLI // 10 ** len(decimals)


def _stated(row: StatedFigure) -> Stated:
    value, step = thousandths(row.printed)
    unit = _COUNTED.get(row.unit, Unit.KEUR)
    scale = _MONEY.get(row.unit, _MILLI) // _MILLI
    return Stated(
        code=row.code,
        printed=row.printed,
        value=value * scale,
        step=0 if unit == Unit.PERSONS else step * scale,
        unit=unit,
        table=Table(row.table) if row.table else None,
        sheet=row.sheet,
        columns=row.columns,
        parts=row.parts,
        of=row.share_of,
        source_line=row.source_first_line,
    )
