"""The staffing of a day as one table: to download, to fill in, to hand in."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ibzplan.core.errors import DomainError
from ibzplan.core.table_files import (
    CellError,
    FileColumn,
    FileRow,
    FileTable,
    Problem,
    TemplateColumn,
    read_table,
)
from personnel.choices import StaffMeasure, Statute
from personnel.services.staffing import amount_of
from personnel.staffing import StaffingRead, staffing_table
from personnel.staffing.amounts import people
from personnel.staffing.table import PARTS, Basis

CODE: Final = "code"
_CODE_LABEL: Final = gettext_lazy("Line code")
STATUTES: Final = tuple(statute.value for statute in Statute)
_STOOD: Final = {
    statute.value: format_lazy("{}: {}", statute.label, gettext_lazy("at the download"))
    for statute in Statute
}
_STOOD_KEYS: Final = {statute: f"{statute}_stood" for statute in STATUTES}

# By which heads the columns are found, whatever the language of the interface.
COLUMNS: Final = (
    FileColumn(CODE, _CODE_LABEL, names=("code", "lijn", "lijncode", "ligne", "code de ligne")),
    FileColumn(
        Statute.MANDATE.value,
        Statute.MANDATE.label,
        names=("m", "mandaten", "mandats", "mandates"),
        is_required=False,
    ),
    FileColumn(
        Statute.STATUTORY.value,
        Statute.STATUTORY.label,
        names=("s", "statutairen", "statutaires"),
        is_required=False,
    ),
    FileColumn(
        Statute.CONTRACTUAL.value,
        Statute.CONTRACTUAL.label,
        names=("c", "contractuelen", "contractuels"),
        is_required=False,
    ),
    FileColumn(
        Statute.ALL.value,
        Statute.ALL.label,
        names=("totaal", "total"),
        is_required=False,
    ),
    *(FileColumn(_STOOD_KEYS[name], _STOOD[name], is_required=False) for name in STATUTES),
)


@dataclass(frozen=True, slots=True)
class PeopleRow:
    """What one row of the file says, by statute: thousandths of an FTE, or persons.

    `stood` are the numbers that the file was downloaded with, of the statutes where it has them:
    None for nothing.
    """

    code: str
    number: int
    amounts: Mapping[str, int]
    stood: Mapping[str, int | None] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the form in which a preview carries it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "PeopleRow":
        """Read that form back."""
        return cls(**data)


@dataclass(slots=True)
class PeopleFile:
    """All rows with numbers, and what could not be read; `empty` counts rows without numbers."""

    table: FileTable
    rows: list[PeopleRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    empty: int = 0

    @property
    def columns(self) -> dict[str, tuple[str, str]]:
        """Return the letter and the header of the columns of codes and statutes."""
        return {key: self.table.column(key) for key in (CODE, *STATUTES)}


def staffing_file_read(content: bytes, measure: str, *, decimal: str = "") -> PeopleFile:
    """Return what a file says. Raises UnreadableFile for one without a column of line codes."""
    table = read_table(content, COLUMNS, decimal=decimal)
    found = PeopleFile(table, problems=list(table.problems))
    if not any(table.has(statute) for statute in STATUTES):
        message = _("The table has no column of a statute: name one “%(name)s”, for instance.")
        said = message % {"name": Statute.STATUTORY.label}
        found.problems.append(Problem("no_statute", said, table.sheet))
    if found.problems:
        return found
    first: dict[str, int] = {}
    for row in table.rows:
        code = row.text_in(CODE)
        if not code:
            message = _("This row has no code of a line. Fill it in, or empty the row.")
            found.problems.append(table.problem("no_code", message, row=row, key=CODE))
        elif code in first:
            message = _("Line %(code)s stands in row %(row)s already. Keep one of the two.")
            said = message % {"code": code, "row": first[code]}
            found.problems.append(table.problem("twice", said, row=row, key=CODE))
        else:
            first[code] = row.number
            _read_row(found, row, code, measure)
    return found


def _read_row(found: PeopleFile, row: FileRow, code: str, measure: str) -> None:
    """Add what a row says, or what is wrong with it."""
    amounts: dict[str, int | None] = {}
    problems: list[Problem] = []
    for key in (*STATUTES, *_STOOD_KEYS.values()):
        if not found.table.has(key):
            continue
        try:
            number = row.number_in(key)
            amounts[key] = None if number is None else amount_of(measure, number, key)
        except (CellError, DomainError) as error:
            problem = found.table.problem(error.code, error.message, row=row, key=key)
            problems.append(problem)
    found.problems.extend(problems)
    typed = {name: amount for name in STATUTES if (amount := amounts.get(name)) is not None}
    if not problems and typed:
        stood = {name: amounts[key] for name, key in _STOOD_KEYS.items() if key in amounts}
        found.rows.append(PeopleRow(code, row.number, typed, stood))
    elif not problems:
        found.empty += 1


def template_columns(measure: str) -> list[TemplateColumn]:
    """Return the columns of the table; the total is for lines of which the parts are not known."""
    number = "#,##0.0##" if measure == StaffMeasure.FTE else "#,##0"
    return [
        TemplateColumn(_CODE_LABEL, 14),
        TemplateColumn(_("Line"), 40),
        *(
            TemplateColumn(statute.label, 16, number, is_open=True)
            for statute in (*PARTS, Statute.ALL)
        ),
        *(TemplateColumn(_STOOD[statute], 16, number) for statute in (*PARTS, Statute.ALL)),
    ]


def template_rows(
    read: StaffingRead, measure: str, kind: str, on: Any
) -> list[Sequence[str | Decimal | None]]:
    """Return a row a line, in tree order, with its own figures of that day where it has them."""
    table = staffing_table(read, measure, kind, on)
    rows: list[Sequence[str | Decimal | None]] = []
    for line, depth in read.lines:
        cells = [table.cell(line, statute) for statute in (*PARTS, Statute.ALL)]
        numbers = [
            people(measure, cell.amount)
            if cell.amount is not None and cell.basis in (Basis.ENTERED, Basis.PRINTED)
            else None
            for cell in cells
        ]
        stood = [*numbers]
        if None not in numbers[:-1]:
            numbers[-1] = None  # the three make the total
        rows.append([line.code, f"{'   ' * depth}{line.title}", *numbers, *stood])
    return rows
