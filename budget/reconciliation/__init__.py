"""Printed and recomputed (design.md 4.11): every figure that the sources give more than once.

Pure: cells and trees in, findings out. All sums are of integers. A difference is `rounding` when
it is at most half a rounding step for each row that was added and half a step for the total itself,
and `mismatch` when it is more; persons are counted one by one, so that nothing there is rounding.
"""

from collections.abc import Iterable, Iterator, Sequence

from budget.reconciliation.cells import (
    ALL_STATUTES,
    COLUMNS,
    PARTS,
    STATUTES,
    Cell,
    Check,
    Finding,
    Sheet,
    Table,
    Tree,
    Unit,
    Verdict,
)
from budget.reconciliation.pairs import PAIRS, alone, people, twice
from budget.reconciliation.stated import Stated, stated_findings
from budget.reconciliation.sums import sums

__all__ = [
    "ALL_STATUTES",
    "COLUMNS",
    "PARTS",
    "STATUTES",
    "Cell",
    "Check",
    "Finding",
    "Sheet",
    "Stated",
    "Table",
    "Tree",
    "Unit",
    "Verdict",
    "findings_of",
]


def findings_of(sheets: Sequence[Sheet], figures: Iterable[Stated]) -> list[Finding]:
    """Return what came of every check: within each table, between tables, text against table."""
    by_name = {(sheet.table, sheet.name): sheet for sheet in sheets}
    found = [finding for sheet in sheets for finding in sums(sheet)]
    for first, second in PAIRS:
        for sheet in sheets:
            other = by_name.get((second, sheet.name))
            if sheet.table == first and other is not None:
                found.extend(_between(sheet, other))
    return [*found, *stated_findings(figures, by_name)]


def _between(own: Sheet, other: Sheet) -> Iterator[Finding]:
    yield from people(own, other) if own.table == Table.FTE else twice(own, other)
    yield from alone(own, other)
    yield from alone(other, own)
