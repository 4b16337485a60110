"""The part of a snapshot that tells the credits and the staffing of the units concerned.

    {"year": 2025 | None,                   the last budget year up to the plan year that has any
     "envelopes": [Line],                   what the source gives the minister's units together
     "units": [{"unit", "title", "credits": {"lines": [Line]} | None,
                "staffing": {"rows": [Row]} | None}],
     "reconciliation": see `reporting.snapshot.reconciled` | None}
    Line: {"code", "title", "remark", "year", "table", "budget", "commitment": fact,
           "payment": fact, "sourceLine"}; its year is the last one that the line itself has
    Row: {"measure", "kind", "on", "mandate"|"statutory"|"contractual"|"all": fact | None,
          "remark", "sourceLines": [...]}

Each figure stands as the source prints it or as it was entered, with all its decimals: nothing is
added up, divided or rounded.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeVar

from budget.choices import BudgetVersion, CreditTable
from budget.models import CENTS_PER_KEUR, CreditAmount, CreditLine, StatedFigure
from budget.reconciliation import Unit
from budget.reconciliation_texts import decimals_of
from budget.selectors import latest_year
from budget.selectors.reconciliation import Printed
from personnel.choices import StaffKind, StaffMeasure, Statute
from personnel.models import OrganisationUnit, StaffingFigure, StaffingLine
from personnel.staffing import figures_on
from personnel.structure import all_units
from reporting.snapshot.facts import FactBook
from reporting.snapshot.plan_read import PlanRead
from reporting.snapshot.question import ReportQuestion
from reporting.snapshot.reconciled import FTE, KEUR, reconciliation_part
from reporting.snapshot.then import stood

if TYPE_CHECKING:
    from ibzplan.core.models import Record

MILLI: Final = 1000

Row = TypeVar("Row", CreditAmount, StaffingFigure)
Line = TypeVar("Line", CreditLine, StaffingLine)

# In which order the rows of a line stand.
_TABLES: Final = (CreditTable.GLOBAL, CreditTable.MISSIONS, CreditTable.ENTERED)
_BUDGETS: Final = tuple(BudgetVersion)
_MEASURES: Final = tuple(StaffMeasure)
_KINDS: Final = tuple(StaffKind)


@dataclass(frozen=True, slots=True)
class _Tables:
    """Both tables as known then, by line; `year` is the last one of the credits.

    Each line has the amounts of its own last year: what is entered of one line hides no other.
    """

    year: int | None
    credit_lines: Sequence[CreditLine]
    amounts: Mapping[int, Sequence[CreditAmount]]
    staffing_lines: Sequence[StaffingLine]
    figures: Mapping[int, Sequence[StaffingFigure]]


def means_part(book: FactBook, found: PlanRead, question: ReportQuestion) -> dict[str, Any]:
    """Return the means of the minister's units, as known then: seven queries.

    They are of the last year and day that the tables have, up to those of the report.
    """
    known = _known(question)
    tables = _tables(known, found, question)
    ministers = found.access.minister_ids
    shared = [
        row for row in tables.credit_lines if row.minister_id in ministers and row.unit_id is None
    ]
    then = [found.then.of(unit) for unit in all_units()]
    own = [unit for unit in then if unit.pk in found.access.minister_unit_ids]
    units = [_unit(book, unit, tables) for unit in own]
    return {
        "year": tables.year,
        "envelopes": _lines(book, shared, tables),
        "units": [row for row in units if row["credits"] or row["staffing"]],
        "reconciliation": reconciliation_part(
            book,
            _printed(known),
            question.reference_date,
            units=found.access.minister_unit_ids,
            ministers=ministers,
        ),
    }


def _known(question: ReportQuestion) -> "list[Record]":
    rows: list[Record] = [
        *CreditLine.objects.all(),
        *CreditAmount.objects.all(),
        *StaffingLine.objects.all(),
        *StaffingFigure.objects.all(),
        *StatedFigure.objects.all(),
    ]
    return stood(rows, question.known_at).there(rows)


def _printed(known: "Iterable[Record]") -> Printed:
    """Return what the tables and the texts print, whatever was entered beside it."""
    rows = list(known)
    return Printed(
        [row for row in rows if isinstance(row, CreditLine)],
        [
            row
            for row in rows
            if isinstance(row, CreditAmount) and row.printed_commitment is not None
        ],
        [row for row in rows if isinstance(row, StaffingLine)],
        [row for row in rows if isinstance(row, StaffingFigure) and row.printed],
        [row for row in rows if isinstance(row, StatedFigure)],
    )


def _tables(known: "Sequence[Record]", found: PlanRead, question: ReportQuestion) -> _Tables:
    amounts = _by_line(
        row for row in known if isinstance(row, CreditAmount) and row.withdrawn_at is None
    )
    years = {key: latest_year(rows, found.plan.year) for key, rows in amounts.items()}
    figures = [row for row in known if isinstance(row, StaffingFigure)]
    return _Tables(
        max((year for year in years.values() if year is not None), default=None),
        [row for row in known if isinstance(row, CreditLine)],
        {key: [row for row in rows if row.year == years[key]] for key, rows in amounts.items()},
        [row for row in known if isinstance(row, StaffingLine)],
        _by_line(figures_on(figures, question.reference_date)),
    )


def _by_line(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.line_id].append(row)
    return found


def _unit(book: FactBook, unit: OrganisationUnit, tables: _Tables) -> dict[str, Any]:
    lines = _lines(book, [row for row in tables.credit_lines if row.unit_id == unit.pk], tables)
    rows = [
        row
        for line in _ordered(one for one in tables.staffing_lines if one.unit_id == unit.pk)
        for row in _staffing(book, line, tables.figures.get(line.pk, ()))
    ]
    return {
        "unit": unit.code,
        "title": unit.title.as_json(),
        "credits": {"lines": lines} if lines else None,
        "staffing": {"rows": rows} if rows else None,
    }


def _lines(book: FactBook, lines: Iterable[CreditLine], tables: _Tables) -> list[dict[str, Any]]:
    return [
        _credit(book, line, amount)
        for line in _ordered(lines)
        for amount in sorted(tables.amounts.get(line.pk, ()), key=_amount_place)
    ]


def _credit(book: FactBook, line: CreditLine, amount: CreditAmount) -> dict[str, Any]:
    return {
        "code": line.code,
        "title": line.title.as_json(),
        "remark": line.remark.as_json(),
        "year": amount.year,
        "table": amount.table,
        "budget": amount.budget,
        "commitment": _keur(book, amount, "commitment", amount.commitment_cents),
        "payment": _keur(book, amount, "payment", amount.payment_cents),
        "sourceLine": amount.source_first_line,
    }


def _keur(book: FactBook, amount: CreditAmount, name: str, cents: int) -> str | None:
    value = Fraction(cents, CENTS_PER_KEUR)
    key = f"f:credit:{amount.uuid}:{name}"
    return book.quantity(key, value, decimals=decimals_of(Unit.KEUR, cents), unit=KEUR)


def _staffing(
    book: FactBook, line: StaffingLine, figures: Iterable[StaffingFigure]
) -> list[dict[str, Any]]:
    """Return a row a measure and kind, with the statutes as its columns."""
    rows: dict[tuple[str, str], list[StaffingFigure]] = defaultdict(list)
    for figure in figures:
        rows[figure.measure, figure.kind].append(figure)
    ordered = sorted(rows, key=lambda row: (_MEASURES.index(row[0]), _KINDS.index(row[1])))
    return [_staffing_row(book, line, rows[key]) for key in ordered]


def _staffing_row(
    book: FactBook, line: StaffingLine, figures: Sequence[StaffingFigure]
) -> dict[str, Any]:
    found = {row.statute: _people(book, row) for row in figures}
    places = {row.source_first_line for row in figures if row.source_first_line is not None}
    return {
        "measure": figures[0].measure,
        "kind": figures[0].kind,
        "on": figures[0].on.isoformat(),
        **{statute.value: found.get(statute) for statute in Statute},
        "remark": line.remark.as_json(),
        "sourceLines": sorted(places),
    }


def _people(book: FactBook, figure: StaffingFigure) -> str | None:
    key = f"f:staff:{figure.uuid}"
    if figure.measure == StaffMeasure.HEADCOUNT:
        return book.count(key, figure.amount)
    value = Fraction(figure.amount, MILLI)
    return book.quantity(key, value, decimals=decimals_of(Unit.FTE, figure.amount), unit=FTE)


def _ordered(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.order, line.code))


def _amount_place(row: CreditAmount) -> tuple[int, int]:
    return _BUDGETS.index(BudgetVersion(row.budget)), _TABLES.index(CreditTable(row.table))
