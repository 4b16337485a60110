"""Within one table: every subtotal and total, along the lines and along the statutes."""

from collections.abc import Iterator, Sequence

from budget.reconciliation.cells import (
    ALL_STATUTES,
    STATUTES,
    Cell,
    Check,
    Finding,
    Sheet,
    judged,
    slack,
    total,
)


def sums(sheet: Sheet) -> Iterator[Finding]:
    """Give what came of each printed figure that has others below it, or beside it, to add up."""
    for line in sheet.lines:
        for cell in sheet.row(line):
            rows = sheet.nearest(line, cell.column)
            if rows:
                yield added(Check.BELOW, cell, rows, sheet)
        whole = sheet.cells.get((line, ALL_STATUTES))
        parts = [cell for cell in sheet.row(line) if cell.column in STATUTES]
        if whole is not None and parts:
            yield added(Check.STATUTES, whole, parts, sheet)


def added(check: Check, cell: Cell, rows: Sequence[Cell], sheet: Sheet) -> Finding:
    """Return what came of a printed figure against the sum of others."""
    found = total(rows)
    return Finding(
        check,
        judged(abs(cell.value - found), step=cell.step, spread=slack(rows)),
        cell.table,
        cell.sheet,
        cell.line,
        cell.column,
        sheet.unit,
        cell.printed,
        cell.value,
        found,
        (cell, *rows),
        cell.source_line,
    )
