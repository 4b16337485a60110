"""Between two tables that share a tree: credits printed twice, FTE and persons, lines of one."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from budget.reconciliation.cells import (
    ALL_STATUTES,
    STATUTES,
    Cell,
    Check,
    Finding,
    Sheet,
    Table,
    Unit,
    Verdict,
    judged,
    slack,
    total,
)
from budget.reconciliation.sums import added

# Tables of which each tells what the other does, for the same budget or day.
PAIRS: Final = ((Table.GLOBAL, Table.MISSIONS), (Table.FTE, Table.HEADCOUNT))
_SEPARATOR: Final = " · "


def only_in(own: Sheet, other: Sheet) -> Iterator[str]:
    """Give the lines of a table that the other one has no place for.

    It prints neither the line nor one below it, nor does it give a line above it undivided.
    """
    for line in own.lines:
        if line in other.lines or any(low in other.lines for low in own.tree.below(line)):
            continue
        above = next((high for high in own.tree.above(line) if high in other.lines), None)
        if above is None or any(low in other.lines for low in own.tree.below(above)):
            yield line


def alone(own: Sheet, other: Sheet) -> Iterator[Finding]:
    """Give a finding for each line that stands in one table only: its row, nothing recomputed."""
    for line in only_in(own, other):
        row = own.row(line)
        yield Finding(
            Check.ALONE,
            Verdict.ONLY_IN_ONE,
            own.table,
            own.name,
            line,
            "",
            own.unit,
            _SEPARATOR.join(cell.printed for cell in row),
            None,
            None,
            row,
            row[0].source_line,
        )


def twice(whole: Sheet, detail: Sheet) -> Iterator[Finding]:
    """Give what came of each figure that both tables print, or that one of them adds up to.

    The same line printed twice is one amount rounded once: no rounding explains a difference. A
    line that the other table does not print is compared with the nearest lines below it there, if
    these hold all that it holds.
    """
    for own, other in ((whole, detail), (detail, whole)):
        missing = set(only_in(own, other))
        for (line, column), cell in _in_order(own):
            same = other.cells.get((line, column))
            if same is not None:
                if own is whole:
                    yield _printed_twice(cell, same, own)
                continue
            rows = other.nearest(line, column)
            if rows and not missing.intersection(own.tree.below(line)):
                yield added(Check.TWICE, cell, rows, own)


def _in_order(sheet: Sheet) -> Iterator[tuple[tuple[str, str], Cell]]:
    for line in sheet.lines:
        for cell in sheet.row(line):
            yield (line, cell.column), cell


def _printed_twice(cell: Cell, same: Cell, sheet: Sheet) -> Finding:
    return Finding(
        Check.TWICE,
        Verdict.AGREES if cell.value == same.value else Verdict.MISMATCH,
        cell.table,
        cell.sheet,
        cell.line,
        cell.column,
        sheet.unit,
        cell.printed,
        cell.value,
        same.value,
        (cell, same),
        cell.source_line,
    )


def people(fte: Sheet, heads: Sheet) -> Iterator[Finding]:
    """Give what came of each line that both tables of people print.

    Nobody works more than full time, so FTE stand for at least as many persons; persons without
    any FTE, and a line whose persons are mostly of another statute than its FTE, do not fit.
    """
    for line in fte.lines:
        if line not in heads.lines:
            continue
        for column in (*STATUTES, ALL_STATUTES):
            own, other = fte.people(line, column), heads.people(line, column)
            if own and other and not _is_one_statute(column, (*own, *other)):
                yield _above(column, own, other)
                if column != ALL_STATUTES:
                    yield _without_fte(own[0], other[0])
        opposite = _opposite(line, fte, heads)
        if opposite is not None:
            yield opposite


def _is_one_statute(column: str, cells: tuple[Cell, ...]) -> bool:
    """Tell whether all statutes together are one of them, which was compared by itself."""
    columns = {cell.column for cell in cells}
    return column == ALL_STATUTES and len(columns) == 1 and column not in columns


def _above(column: str, own: tuple[Cell, ...], other: tuple[Cell, ...]) -> Finding:
    excess = total(own) - total(other)
    return Finding(
        Check.FTE_ABOVE,
        judged(max(excess, 0), step=0, spread=slack(own)),
        own[0].table,
        own[0].sheet,
        own[0].line,
        column,
        Unit.FTE,
        own[0].printed if len(own) == 1 else "",
        total(own),
        total(other),
        (*own, *other),
        own[0].source_line,
    )


def _without_fte(own: Cell, other: Cell) -> Finding:
    fits = own.value != 0 or other.value <= 0
    return Finding(
        Check.NO_FTE,
        Verdict.AGREES if fits else Verdict.MISMATCH,
        own.table,
        own.sheet,
        own.line,
        own.column,
        Unit.FTE,
        own.printed,
        own.value,
        other.value,
        (own, other),
        own.source_line,
    )


def _opposite(line: str, fte: Sheet, heads: Sheet) -> Finding | None:
    """Return what came of the statutes of a line; None where a table has no statute for most."""
    own, other = _by_statute(fte, line), _by_statute(heads, line)
    most_fte, most_heads = _most(own), _most(other)
    if most_fte is None or most_heads is None or most_heads not in own:
        return None
    cell = other[most_heads]
    return Finding(
        Check.OPPOSITE,
        Verdict.AGREES if most_fte == most_heads else Verdict.MISMATCH,
        cell.table,
        cell.sheet,
        line,
        most_heads,
        Unit.PERSONS,
        cell.printed,
        cell.value,
        own[most_heads].value,
        (*other.values(), *own.values()),
        cell.source_line,
    )


def _by_statute(sheet: Sheet, line: str) -> dict[str, Cell]:
    return {cell.column: cell for cell in sheet.row(line) if cell.column in STATUTES}


def _most(cells: Mapping[str, Cell]) -> str | None:
    """Return the statute of more than half of them."""
    half = Fraction(sum(cell.value for cell in cells.values()), 2)
    return next((column for column, cell in cells.items() if cell.value > half), None)
