"""Text against table: sums and percentages that the text names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from budget.reconciliation.cells import (
    PARTS,
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

_HUNDRED: Final = 100
_ONE: Final = Fraction(1)


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure that the text names.

    It is the sum of the cells of `parts` in each of `columns`, or with `of` their share of those in
    percent. `value` and `step` are in the parts of `unit`. Without `parts` no table gives it.
    """

    code: str
    printed: str
    value: int
    step: int
    unit: Unit
    table: Table | None
    sheet: str
    columns: Sequence[str]
    parts: Sequence[str]
    of: Sequence[str]
    source_line: int | None


def stated_findings(
    figures: Iterable[Stated], sheets: Mapping[tuple[Table, str], Sheet]
) -> Iterator[Finding]:
    """Give what came of each figure; one about a budget or day that is not there gives nothing."""
    for figure in figures:
        if figure.table is None:
            yield _unbacked(figure)
        elif sheet := sheets.get((figure.table, figure.sheet)):
            for column in figure.columns:
                yield _compared(figure, sheet, column)


def _compared(figure: Stated, sheet: Sheet, column: str) -> Finding:
    parts = _cells(sheet, figure.parts, column)
    whole = _cells(sheet, figure.of, column)
    if parts is None or whole is None or (figure.of and total(whole) <= 0):
        return _unbacked(figure)
    found, spread = Fraction(total(parts)), slack(parts)
    if whole:
        found, spread = _share(parts, whole, figure.value)
    return Finding(
        Check.STATED,
        judged(abs(figure.value - found), step=figure.step, spread=spread),
        Table.TEXT,
        sheet.name,
        figure.code,
        column,
        figure.unit,
        figure.printed,
        figure.value,
        round(found),
        (*parts, *whole),
        figure.source_line,
    )


def _cells(sheet: Sheet, lines: Sequence[str], column: str) -> tuple[Cell, ...] | None:
    """Return the cells of the lines; None when one is not printed."""
    found = [sheet.cells.get((line, column)) for line in lines]
    cells = tuple(cell for cell in found if cell is not None)
    return cells if len(cells) == len(found) else None


def _share(parts: Sequence[Cell], whole: Sequence[Cell], stated: int) -> tuple[Fraction, Fraction]:
    """Return a share in thousandths of a percent, and how far rounding can have moved it.

    It is the way towards the stated share that counts.
    """
    scale = _HUNDRED * PARTS[Unit.PERCENT]
    share = Fraction(total(parts) * scale, total(whole))
    if stated <= share:
        low = (total(parts) - slack(parts)) * scale / (total(whole) + slack(whole))
        return share, share - low
    high = (total(parts) + slack(parts)) * scale / max(total(whole) - slack(whole), _ONE)
    return share, high - share


def _unbacked(figure: Stated) -> Finding:
    return Finding(
        Check.UNBACKED,
        Verdict.ONLY_IN_ONE,
        Table.TEXT,
        figure.sheet,
        figure.code,
        "",
        figure.unit,
        figure.printed,
        figure.value,
        None,
        (),
        figure.source_line,
    )
