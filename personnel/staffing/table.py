"""One table: the figures of a measure and kind on a day, by line and statute, with their sums."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from personnel.choices import Statute
from personnel.models import StaffingFigure, StaffingLine
from personnel.staffing.read import StaffingRead
from personnel.staffing.standing import is_entered

PARTS: Final = (Statute.MANDATE, Statute.STATUTORY, Statute.CONTRACTUAL)


class Basis(StrEnum):
    """Where the number in a cell comes from."""

    ENTERED = "entered"
    PRINTED = "printed"
    SUM = "sum"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of people: thousandths of an FTE, or persons; None when there is no figure.

    `printed` is the figure as the plan prints it, where there is one. `below` is what the lines
    below add up to, None when they have no figures.
    """

    amount: int | None = None
    basis: Basis = Basis.NONE
    printed: StaffingFigure | None = None
    below: int | None = None

    @property
    def differs(self) -> bool:
        """Tell whether the lines below add up to something else than what stands here."""
        return self.below is not None and self.amount != self.below

    @property
    def replaces(self) -> StaffingFigure | None:
        """Return the printed figure that another number stands over, if any."""
        if self.printed is None or self.basis == Basis.PRINTED:
            return None
        return self.printed


EMPTY: Final = Cell()
Cells = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class StaffingTable:
    """The cells of one table by key of the line, then statute; an absent line has none.

    `partial` are the lines without a figure of this day that have one on others, and those that add
    up from such lines: what stands there is not the whole.
    """

    measure: str
    kind: str
    on: date | None
    rows: Mapping[int, Cells]
    partial: frozenset[int]

    def cell(self, line: StaffingLine, statute: str = Statute.ALL) -> Cell:
        """Return one cell; an empty one where there is no figure."""
        return self.rows.get(line.pk, {}).get(statute, EMPTY)


def staffing_table(read: StaffingRead, measure: str, kind: str, on: date | None) -> StaffingTable:
    """Return the table of a day: only figures of that very day, and sums of those.

    A line's own figure stands, the entered one over the printed one; without any, the sum of the
    lines below it. A printed subtotal or total gives way to the sum once a figure below it was
    entered. The total of the statutes is the line's own, or their sum. No query.
    """
    own = _own(read.counting, measure, kind, on)
    printed = _own((row for row in read.figures if row.printed), measure, kind, on)
    rows: dict[int, dict[str, Cell]] = {}
    touched: set[int] = set()
    for line, _depth in reversed(read.lines):
        below = [child.pk for child in read.children.get(line.pk, ())]
        if any(child in touched for child in below) or any(
            is_entered(row) for row in own[line.pk].values()
        ):
            touched.add(line.pk)
        sums = {statute.value: _sum(rows, below, statute) for statute in Statute}
        rows[line.pk] = _cells(
            own[line.pk], printed[line.pk], sums, yields=any(child in touched for child in below)
        )
    return StaffingTable(measure, kind, on, rows, _partial(read, measure, kind, rows))


def _partial(
    read: StaffingRead, measure: str, kind: str, rows: Mapping[int, Cells]
) -> frozenset[int]:
    known = {row.line_id for row in read.counting if (row.measure, row.kind) == (measure, kind)}
    found: set[int] = set()
    for line, _depth in reversed(read.lines):
        below = read.children.get(line.pk, ())
        is_missing = any(child.pk in found for child in below) if below else line.pk in known
        if is_missing and not any(_is_own(cell) for cell in rows[line.pk].values()):
            found.add(line.pk)
    return frozenset(found)


def _is_own(cell: Cell) -> bool:
    return cell.basis in (Basis.ENTERED, Basis.PRINTED)


def _own(
    figures: Iterable[StaffingFigure], measure: str, kind: str, on: date | None
) -> "defaultdict[int, dict[str, StaffingFigure]]":
    found: defaultdict[int, dict[str, StaffingFigure]] = defaultdict(dict)
    for row in figures:
        if (row.measure, row.kind, row.on) == (measure, kind, on):
            found[row.line_id][row.statute] = row
    return found


def _sum(rows: Mapping[int, Cells], lines: Iterable[int], statute: str) -> int | None:
    amounts = [rows[line][statute].amount for line in lines]
    return _added(amounts)


def _added(amounts: Iterable[int | None]) -> int | None:
    """Return the sum of the figures there are; None without any."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _cells(
    own: Mapping[str, StaffingFigure],
    printed: Mapping[str, StaffingFigure],
    sums: Mapping[str, int | None],
    *,
    yields: bool,
) -> dict[str, Cell]:
    cells = {
        part.value: _cell(own.get(part), printed.get(part), sums[part], yields=yields)
        for part in PARTS
    }
    whole = _cell(own.get(Statute.ALL), printed.get(Statute.ALL), sums[Statute.ALL], yields=yields)
    parts = [cells[part] for part in PARTS]
    if whole.basis in (Basis.SUM, Basis.NONE) and any(
        part.basis in (Basis.ENTERED, Basis.PRINTED) for part in parts
    ):
        amount = _added(part.amount for part in parts)
        whole = Cell(amount, Basis.SUM, whole.printed, whole.below)
    cells[Statute.ALL.value] = whole
    return cells


def _cell(
    own: StaffingFigure | None, printed: StaffingFigure | None, below: int | None, *, yields: bool
) -> Cell:
    if own is not None and is_entered(own):
        return Cell(own.amount, Basis.ENTERED, printed, below)
    if own is not None and not (yields and below is not None):
        return Cell(own.amount, Basis.PRINTED, printed, below)
    return Cell(below, Basis.NONE if below is None else Basis.SUM, printed, below)
