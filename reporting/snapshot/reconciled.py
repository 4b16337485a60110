"""The part of a snapshot that tells where the printed means of the units concerned disagree.

    {"counts": {"mismatch" | "rounding" | "only_in_one": fact},
     "lines": [{"class", "check", "table", "sheet", "code", "title", "column", "sourceLine",
                "printed": fact | None, "recomputed": fact | None, "difference": fact | None}]}

A line is told when the check looked at a figure of one of the units, or of what their minister's
units share. What stands in one table only has no figures here: they stand with its line.
"""

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from budget.reconciliation import PARTS, Check, Finding, Table, Unit
from budget.reconciliation_texts import decimals_of
from budget.selectors.reconciliation import (
    VERDICTS,
    Printed,
    ReconciledLine,
    reconciliation_of,
)
from ibzplan.core.localised import LocalisedText
from reporting.snapshot.facts import FactBook

KEUR: Final = LocalisedText({"nl": "kEUR", "fr": "kEUR", "en": "kEUR", "de": "TEUR"})
FTE: Final = LocalisedText({"nl": "VTE", "fr": "ETP", "en": "FTE", "de": "VZÄ"})
PERSONS: Final = LocalisedText(
    {"nl": "personen", "fr": "personnes", "en": "persons", "de": "Personen"}
)
PERCENT: Final = LocalisedText({"nl": "%", "fr": "%", "en": "%", "de": "%"})
_UNITS: Final[Mapping[Unit, LocalisedText]] = {
    Unit.KEUR: KEUR,
    Unit.FTE: FTE,
    Unit.PERSONS: PERSONS,
    Unit.PERCENT: PERCENT,
}


def reconciliation_part(
    book: FactBook,
    printed: Printed,
    day: date,
    *,
    units: Collection[int],
    ministers: Collection[int],
) -> dict[str, Any] | None:
    """Return the differences that touch units or ministers (by key), of rows as known then.

    None when there are none.
    """
    concerned = _concerned(printed, units, ministers)
    found = reconciliation_of(printed, day)
    lines = [line for line in found.lines if _touches(line.finding, concerned)]
    if not lines:
        return None
    counts = {
        verdict.value: sum(line.finding.verdict == verdict for line in lines)
        for verdict in VERDICTS
    }
    return {
        "counts": {
            name: book.count(f"f:reconciled:{name}", number) for name, number in counts.items()
        },
        "lines": [_line(book, line) for line in lines],
    }


def _concerned(
    printed: Printed, units: Collection[int], ministers: Collection[int]
) -> Mapping[bool, frozenset[str]]:
    """Return the codes of the lines of staffing (True) and of credits (False)."""
    return {
        True: frozenset(row.code for row in printed.staffing_lines if row.unit_id in units),
        False: frozenset(
            row.code
            for row in printed.credit_lines
            if row.unit_id in units or (row.unit_id is None and row.minister_id in ministers)
        ),
    }


def _touches(finding: Finding, concerned: Mapping[bool, frozenset[str]]) -> bool:
    return any(
        cell.line in concerned[cell.table in (Table.FTE, Table.HEADCOUNT)] for cell in finding.cells
    )


def _line(book: FactBook, line: ReconciledLine) -> dict[str, Any]:
    finding = line.finding
    figures = (
        ("printed", finding.value, finding.unit),
        ("recomputed", finding.recomputed, finding.recomputed_unit),
        ("difference", finding.difference, finding.unit),
    )
    return {
        "class": finding.verdict.value,
        "check": finding.check.value,
        "table": finding.table.value,
        "sheet": finding.sheet,
        "code": finding.line,
        "title": line.title.as_json(),
        "column": finding.column,
        "sourceLine": finding.source_line,
        **{name: _fact(book, finding, name, value, unit) for name, value, unit in figures},
    }


def _fact(book: FactBook, finding: Finding, name: str, value: int | None, unit: Unit) -> str | None:
    if value is None or finding.check == Check.ALONE:
        return None
    place = (finding.check, finding.table, finding.sheet, finding.line, finding.column, name)
    return book.quantity(
        f"f:reconciled:{':'.join(place)}",
        Fraction(value, PARTS[unit]),
        decimals=decimals_of(unit, value),
        unit=_UNITS[unit],
    )
